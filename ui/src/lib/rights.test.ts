import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Draft, changesOf, inWords, merged } from './rights.ts';

const base: Draft = {
  description: '',
  member_access: 'READ',
  group_access: 'NONE',
  other_access: 'NONE',
  anonymous_access: 'NONE',
  members: ['bob', 'carol'],
  groups: ['crew'],
  claims: [
    { user: 'dora', repository: 'tools/*', access: 'FULL' },
    { group: 'crew', repository: '*', access: 'READ' },
  ],
};
const mine: Draft = {
  ...base,
  member_access: 'WRITE',
  members: ['bob', 'dora'],
  claims: [
    { group: 'crew', repository: '*', access: 'NONE' },
    { user: 'bob', repository: '*', access: 'FULL' },
  ],
};

const told = (from: Draft, to: Draft) => changesOf(from, to).map((change) => `${change.what}: ${inWords(change)}`);

test('what is the same is no change', () => assert.deepEqual(told(base, structuredClone(base)), []));

test('each change is said by itself', () =>
  assert.deepEqual(told(base, mine), [
    'Members: Write instead of Read',
    'Member dora: added',
    'Member carol: removed',
    'User dora on tools/*: removed',
    'Group crew on *: None instead of Read',
    'User bob on *: added, Full',
  ]));

test('a change that is taken back leaves the others', () => {
  const all = changesOf(base, mine);
  for (const change of all) {
    const rest = changesOf(base, change.undo(mine)).map(({ id }) => id);
    assert.deepEqual(rest.toSorted(), all.map(({ id }) => id).filter((id) => id !== change.id).toSorted());
  }
  assert.deepEqual(told(base, all.reduce((draft, change) => change.undo(draft), mine)), []);
});

test('two who change different things both keep what they did', () => {
  const theirs: Draft = { ...base, other_access: 'READ', members: ['carol', 'erin'], claims: [...base.claims, { user: 'erin', repository: 'x', access: 'READ' }] };
  const both = merged(base, mine, theirs);
  assert.equal(both.other_access, 'READ');
  assert.equal(both.member_access, 'WRITE');
  assert.deepEqual(both.members.toSorted(), ['dora', 'erin']);
  assert.deepEqual(told(theirs, both).toSorted(), told(base, mine).toSorted());
});

test('where both changed the same, the later one is as it was typed', () => {
  const theirs: Draft = { ...base, member_access: 'FULL', members: [...base.members, 'dora'] };
  const both = merged(base, mine, theirs);
  assert.equal(both.member_access, 'WRITE');
  assert.deepEqual(both.members, ['bob', 'dora']);
});
