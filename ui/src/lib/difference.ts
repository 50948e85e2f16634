// What an entry of the activity changed, member by member.
export interface Difference {
  member: string;
  before: string | undefined; // undefined: it was not there
  after: string | undefined;
  changed: boolean;
}

function inWords(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (value === null || value === '') return 'none';
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value)) return value.map((each) => inWords(each)).join('\n') || 'none';
  if (typeof value === 'object') {
    return Object.entries(value)
      .map(([member, of]) => `${member}: ${inWords(of)}`)
      .join(', ');
  }
  return String(value);
}

const membersOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : value === undefined || value === null ? {} : { value };

// Those that changed come first.
export function differencesOf(before: unknown, after: unknown): Difference[] {
  const [was, is] = [membersOf(before), membersOf(after)];
  return [...new Set([...Object.keys(was), ...Object.keys(is)])]
    .map((member) => {
      const [old, now] = [inWords(was[member]), inWords(is[member])];
      return { member: member.replaceAll('_', ' '), before: old, after: now, changed: old !== now };
    })
    .sort((a, b) => Number(b.changed) - Number(a.changed));
}
