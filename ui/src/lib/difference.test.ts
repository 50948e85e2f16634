import assert from 'node:assert/strict';
import { test } from 'node:test';
import { differencesOf } from './difference.ts';

test('what changed comes first', () =>
  assert.deepEqual(differencesOf({ name: 'team', other_access: 'NONE', members: ['bob'] }, { name: 'team', other_access: 'READ', members: [] }), [
    { member: 'other access', before: 'NONE', after: 'READ', changed: true },
    { member: 'members', before: 'bob', after: 'none', changed: true },
    { member: 'name', before: 'team', after: 'team', changed: false },
  ]));

test('what was made or removed has one side', () => {
  assert.deepEqual(differencesOf(null, { disabled: false }), [{ member: 'disabled', before: undefined, after: 'no', changed: true }]);
  assert.deepEqual(differencesOf({ email: null }, undefined), [{ member: 'email', before: 'none', after: undefined, changed: true }]);
  assert.deepEqual(differencesOf(null, null), []);
});

test('members of members are told in a line each', () =>
  assert.equal(differencesOf(null, { claims: [{ user: 'bob', access: 'FULL' }, { group: 'crew', access: 'READ' }] })[0]?.after, 'user: bob, access: FULL\ngroup: crew, access: READ'));
