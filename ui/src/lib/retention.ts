// A rule of retention while it is typed: numbers are text, and may be missing.
import { type Rule, patternsOf } from './words/removal.ts';

export interface DraftRule {
  key: number; // tells rules apart that hold the same
  repositories: string;
  tags: string;
  newest: string;
  older: string;
  unpulled: string;
  keep: string;
}

let last = 0;
const text = (number: number | null | undefined) => (number == null ? '' : String(number));

export const draftOf = (rule: Rule): DraftRule => ({
  key: ++last,
  repositories: rule.repositories ?? '*',
  tags: rule.tags ?? '*',
  newest: text(rule.keep_newest),
  older: text(rule.older_than_days),
  unpulled: text(rule.not_pulled_days),
  keep: (rule.keep ?? []).join(' '),
});

export const newRule = (): DraftRule => draftOf({ keep_newest: 10 });

const number = (typed: string | number | null) => {
  const trimmed = String(typed ?? '').trim();
  return trimmed === '' ? null : Number(trimmed);
};

// What the server is sent; what is left empty is no limit.
export const rulesOf = (drafts: readonly DraftRule[]): Required<Rule>[] =>
  drafts.map((draft) => ({
    repositories: draft.repositories.trim() || '*',
    tags: draft.tags.trim() || '*',
    keep_newest: number(draft.newest),
    older_than_days: number(draft.older),
    not_pulled_days: number(draft.unpulled),
    keep: patternsOf(draft.keep),
  }));
