// Spans of time that lists and charts are asked for.
export interface Span {
  since?: string; // ISO 8601
  until?: string;
}

export const periods = [
  { value: 'hour', label: 'Last hour', seconds: 3600 },
  { value: 'day', label: 'Last 24 hours', seconds: 86_400 },
  { value: 'week', label: 'Last 7 days', seconds: 7 * 86_400 },
  { value: 'month', label: 'Last 30 days', seconds: 30 * 86_400 },
  { value: 'all', label: 'All time', seconds: undefined },
] as const;

// Without milliseconds, which nobody asks for.
export const isoTime = (milliseconds: number) => new Date(milliseconds).toISOString().replace(/\.\d{3}Z$/, 'Z');

// What an address asks for: a span, or a period up to now, or `usual`.
export function spanOf({ period, since, until }: { period?: string } & Span, now: number, usual: string): Span {
  if (since || until) return { since, until };
  const seconds = (periods.find((each) => each.value === period) ?? periods.find((each) => each.value === usual))?.seconds;
  return seconds === undefined ? {} : { since: isoTime(now - seconds * 1000) };
}

export interface Bucket {
  at: string;
  done: number;
  refused: number;
}
export type Interval = 'hour' | 'day';

// The time that the buckets from one to another (in any order) stand for.
export function spanOfBuckets(buckets: readonly Bucket[], one: number, other: number, interval: Interval): Required<Span> | undefined {
  const from = buckets[Math.max(0, Math.min(one, other))];
  const to = buckets[Math.min(buckets.length - 1, Math.max(one, other))];
  if (!from || !to) return undefined;
  return { since: isoTime(Date.parse(from.at)), until: isoTime(Date.parse(to.at) + (interval === 'hour' ? 3_600_000 : 86_400_000)) };
}

// The number of the bucket at a place from 0 to 1 along the chart.
export const bucketAt = (place: number, count: number) => Math.max(0, Math.min(count - 1, Math.floor(place * count)));
