import assert from 'node:assert/strict';
import { test } from 'node:test';
import { enough, fixesFor, patternOf } from './fixes.ts';
import type { Draft } from './rights.ts';

const draft: Draft = {
  description: '',
  member_access: 'WRITE',
  group_access: 'READ',
  other_access: 'NONE',
  anonymous_access: 'NONE',
  members: [],
  groups: [],
  claims: [{ user: 'bob', repository: 'api', access: 'NONE' }],
};
const pull = { user: 'bob', repository: 'team/api', requested: ['pull'], namespace: 'team', groups: ['crew'] } as const;
const ids = (refusal: Parameters<typeof fixesFor>[0], of = draft) => fixesFor(refusal, of).map(({ id }) => id);

test('the least level that is enough comes first', () => {
  assert.deepEqual(enough(['pull']), ['READ', 'FULL']); // who may only push may not pull alone
  assert.deepEqual(enough(['pull', 'push']), ['WRITE', 'FULL']);
  assert.deepEqual(enough(['push']), ['WRITE', 'FULL']);
  assert.deepEqual(enough(['delete']), ['FULL']);
});

test('patterns are relative to the namespace', () => {
  assert.equal(patternOf('team', 'team/tools/lint'), 'tools/lint');
  assert.equal(patternOf('/', 'busybox'), 'busybox');
});

test('only what would grant it is offered', () => {
  assert.deepEqual(ids(pull), ['user bob api', 'user bob *', 'assign crew', 'group crew api']);
  assert.deepEqual(ids({ ...pull, requested: ['pull', 'push'] }), ['user bob api', 'user bob *', 'member', 'group crew api']);
  assert.deepEqual(ids({ ...pull, groups: undefined }, { ...draft, member_access: 'READ', members: ['bob'] }), ['user bob api', 'user bob *']);
});

test('nobody signed in is given nothing but to pull, and the catalog nobody', () => {
  assert.deepEqual(ids({ ...pull, user: null }), ['anonymous']);
  assert.deepEqual(ids({ ...pull, user: null, requested: ['pull', 'push'] }), []);
  assert.deepEqual(ids({ ...pull, requested: ['*'] }), []);
});

test('a custom right that was there is replaced', () => {
  const [first] = fixesFor(pull, draft);
  assert.deepEqual(first?.make(draft, 'READ').claims, [{ user: 'bob', repository: 'api', access: 'READ' }]);
});
