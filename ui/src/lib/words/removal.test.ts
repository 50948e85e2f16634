import assert from 'node:assert/strict';
import { test } from 'node:test';
import { namesInWords, outcomeOf, patternsOf, ruleInWords } from './removal.ts';

test('names are listed, and many of them counted', () => {
  assert.equal(namesInWords([]), '');
  assert.equal(namesInWords(['a']), 'a');
  assert.equal(namesInWords(['a', 'b', 'c']), 'a, b and c');
  assert.equal(namesInWords(['a', 'b', 'c'], 2), 'a, b and c');
  assert.equal(namesInWords(['a', 'b', 'c', 'd'], 2), 'a, b and 2 more');
});

test('what could not be deleted is told by its reason', () => {
  const outcome = (tag: string, outcome: 'deleted' | 'missing' | 'refused', reason: string | null = null) => ({ tag, outcome, reason });
  assert.deepEqual(outcomeOf([outcome('a', 'deleted'), outcome('b', 'missing')]), { deleted: 2 });
  assert.deepEqual(outcomeOf([outcome('a', 'deleted'), outcome('b', 'refused', 'paused'), outcome('c', 'refused', 'paused')]), {
    deleted: 1,
    trouble: '1 of 3 tags are deleted. b and c: paused.',
  });
});

test('a rule is a sentence', () => {
  assert.equal(ruleInWords({ keep_newest: 10 }), 'Tags of every repository go when they are not among the newest 10.');
  assert.equal(
    ruleInWords({ repositories: 'ci/*', tags: 'pr-*', older_than_days: 1, not_pulled_days: 30, keep: ['pr-1', 'pr-2'] }),
    'Tags pr-* of ci/* go when they were pushed more than 1 day ago and were not pulled for 30 days, but never pr-1 and pr-2.',
  );
});

test('patterns are separated by spaces or commas', () => {
  assert.deepEqual(patternsOf(' v*, latest\n,stable '), ['v*', 'latest', 'stable']);
});
