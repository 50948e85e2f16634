import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bucketAt, spanOf, spanOfBuckets } from './timespan.ts';

const now = Date.parse('2024-05-02T12:00:00Z');

test('a span comes before a period, and a period before what is usual', () => {
  assert.deepEqual(spanOf({ since: 'a', period: 'hour' }, now, 'day'), { since: 'a', until: undefined });
  assert.deepEqual(spanOf({ period: 'hour' }, now, 'day'), { since: '2024-05-02T11:00:00Z' });
  assert.deepEqual(spanOf({ period: 'nonsense' }, now, 'day'), { since: '2024-05-01T12:00:00Z' });
  assert.deepEqual(spanOf({ period: 'all' }, now, 'day'), {});
});

const buckets = ['10', '11', '12'].map((hour) => ({ at: `2024-05-02T${hour}:00:00Z`, done: 0, refused: 0 }));

test('buckets are chosen in either direction, the last one whole', () => {
  const expected = { since: '2024-05-02T11:00:00Z', until: '2024-05-02T13:00:00Z' };
  assert.deepEqual(spanOfBuckets(buckets, 1, 2, 'hour'), expected);
  assert.deepEqual(spanOfBuckets(buckets, 9, 1, 'hour'), expected);
  assert.deepEqual(spanOfBuckets(buckets, 0, 0, 'day'), { since: '2024-05-02T10:00:00Z', until: '2024-05-03T10:00:00Z' });
  assert.equal(spanOfBuckets([], 0, 0, 'hour'), undefined);
});

test('a place beside the chart is its end', () => {
  assert.deepEqual([-0.5, 0, 0.34, 0.99, 1, 7].map((place) => bucketAt(place, 3)), [0, 0, 1, 2, 2, 2]);
});
