// Deletions, the trash and retention in the words of people.

// "a, b and 3 more": enough to know them by.
export function namesInWords(names: readonly string[], most = 8): string {
  const shown = names.slice(0, names.length === most + 1 ? most + 1 : most);
  const rest = names.length - shown.length;
  if (rest) return `${shown.join(', ')} and ${rest} more`;
  const last = shown.at(-1) ?? '';
  return shown.length > 1 ? `${shown.slice(0, -1).join(', ')} and ${last}` : last;
}

interface Outcome {
  tag: string;
  outcome: 'deleted' | 'missing' | 'refused';
  reason: string | null;
}

// How many tags went, and what went wrong with the others. That one was gone already is as it was asked for.
export function outcomeOf(outcomes: readonly Outcome[]): { deleted: number; trouble?: string } {
  const refused = outcomes.filter((each) => each.outcome === 'refused');
  const deleted = outcomes.length - refused.length;
  if (!refused.length) return { deleted };
  const reasons = Map.groupBy(refused, (each) => each.reason ?? 'no reason was given');
  const told = [...reasons].map(([reason, tags]) => `${namesInWords(tags.map((each) => each.tag))}: ${reason}`);
  return { deleted, trouble: `${deleted} of ${outcomes.length} tags are deleted. ${told.join('; ')}.` };
}

export const trashStates = {
  deleting: { label: 'Being deleted', tone: 'neutral', icon: 'clock' },
  kept: { label: 'Can come back', tone: 'good', icon: 'check' },
  unverified: { label: 'Perhaps', tone: 'warning', icon: 'warning' },
  gone: { label: 'Gone for good', tone: 'danger', icon: 'cross' },
  restored: { label: 'Brought back', tone: 'accent', icon: 'check' },
} as const;

export interface Rule {
  repositories?: string;
  tags?: string;
  keep_newest?: number | null;
  keep?: string[];
  older_than_days?: number | null;
  not_pulled_days?: number | null;
}

// A rule in a sentence, for who reads but does not change it.
export function ruleInWords({ repositories = '*', tags = '*', keep_newest, older_than_days, not_pulled_days, keep = [] }: Rule): string {
  const which = `${tags === '*' ? 'Tags' : `Tags ${tags}`} of ${repositories === '*' ? 'every repository' : repositories}`;
  const days = (count: number) => (count === 1 ? '1 day' : `${count} days`);
  const limits = [
    keep_newest != null && `are not among the newest ${keep_newest}`,
    older_than_days != null && `were pushed more than ${days(older_than_days)} ago`,
    not_pulled_days != null && `were not pulled for ${days(not_pulled_days)}`,
  ].filter(Boolean);
  return `${which} go when they ${limits.join(' and ')}${keep.length ? `, but never ${namesInWords(keep)}` : ''}.`;
}

// Patterns as they are typed: separated by spaces or commas.
export const patternsOf = (text: string): string[] => text.split(/[\s,]+/).filter(Boolean);
