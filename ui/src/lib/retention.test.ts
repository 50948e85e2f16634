import assert from 'node:assert/strict';
import { test } from 'node:test';
import { draftOf, newRule, rulesOf } from './retention.ts';

test('what is not changed is sent as it came', () => {
  const rule = { repositories: 'ci/*', tags: 'pr-*', keep_newest: 0, older_than_days: null, not_pulled_days: 30, keep: ['a', 'b*'] };
  assert.deepEqual(rulesOf([draftOf(rule)]), [rule]);
});

test('what is left empty is no limit, and every name', () => {
  assert.deepEqual(rulesOf([{ ...newRule(), repositories: ' ', tags: '', newest: '', older: ' 7 ', keep: ' ' }]), [
    { repositories: '*', tags: '*', keep_newest: null, older_than_days: 7, not_pulled_days: null, keep: [] },
  ]);
});

test('rules that hold the same are told apart', () => {
  assert.notEqual(newRule().key, newRule().key);
});
