// The life of a namespace: who may create which, what it takes over and leaves behind, giving it away, its end.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { FakeRegistry } from '../support/fake_registry.ts';
import { eventually } from '../support/process.ts';
import { type Row, checkRows } from '../support/rows.ts';
import type { Spectacles } from '../support/spectacles.ts';
import { Caller, granted, placeOf, startWorld } from '../support/world.ts';

const names = ['solo', 'another', 'team', 'team/app', 'team/sub/one', 'team/sub/two', 'team/sub/deep/er', 'team/subway', 'teams/app', 'open/app', 'nowhere/app'];
const callers = {} as Record<'alice' | 'bob' | 'carol' | 'dave' | 'auditor' | 'admin', Caller>;
let server: Spectacles;
before(async () => {
  const registry = await FakeRegistry.start('Docker registry', '', Object.fromEntries(names.map((name) => [name, ['latest']])));
  server = await startWorld({ SPECTACLES_BACKGROUND: 'inside', SPECTACLES_BACKGROUND_UPDATE: '86400' }, `registries:\n  - {name: main, url: "${registry.url}"}\n`);
  for (const name of ['alice', 'bob', 'carol', 'dave', 'auditor', 'admin'] as const) callers[name] = await Caller.signIn(server.url, name);
  await eventually(30, async () => (await callers.admin.list('/repositories')).length === names.length);
});
after(() => server.stop());

interface Move {
  repository: string;
  from: string | null;
  to: string | null;
}
const preview = async (name: string, who = callers.admin): Promise<Move[]> => (await who.must('GET', `/namespaces/moves?registry=main&name=${encodeURIComponent(name)}`)).json;
const previewEnd = async (path: string, who = callers.admin): Promise<Move[]> => (await who.must('GET', `${path}/moves`)).json;
// Which namespace decides on each repository now.
const covering = async (): Promise<Record<string, string | null>> =>
  Object.fromEntries((await callers.admin.list('/repositories')).map((one) => [one.name, one.namespace?.name ?? null]));
const byName = (moves: Move[]): Move[] => moves.toSorted((left, right) => (left.repository < right.repository ? -1 : 1));

test('who may create which', async () => {
  const { admin } = callers;
  const sub = placeOf(await admin.must('POST', '/namespaces', { registry: 'main', name: 'team/hers', owner: 'bob' }));
  // name; who may create it, and with it see what it would take over
  const rows: [string, (keyof typeof callers)[]][] = [
    ['top', ['admin']],
    ['/', ['admin']],
    ['team/x', ['alice', 'admin']],
    ['team/x/y', ['alice', 'admin']],
    ['team/hers/x', ['bob', 'admin']], // the nearest one that encloses it is bob's
    ['teams', ['admin']],
    ['teamx/y', ['admin']],
    ['open/x', ['bob', 'admin']],
  ];
  for (const [name, allowed] of rows) {
    for (const who of Object.keys(callers) as (keyof typeof callers)[]) {
      const isAllowed = allowed.includes(who);
      const moves = await callers[who].get(`/namespaces/moves?registry=main&name=${encodeURIComponent(name)}`);
      assert.equal(moves.status, isAllowed ? 200 : 403, `${who} asks what ${name} would take over: ${moves.text}`);
      const made = await callers[who].ask('POST', '/namespaces', { registry: 'main', name });
      assert.equal(made.status, isAllowed ? 201 : 403, `${who} creates ${name}: ${made.text}`);
      if (!isAllowed) continue;
      assert.equal(made.json.owner, who, 'whose it is unless he says otherwise');
      await admin.must('DELETE', placeOf(made));
    }
  }
  // In another registry the names mean nothing.
  assert.equal((await callers.alice.ask('POST', '/namespaces', { registry: 'third', name: 'team/x' })).status, 403);
  await admin.must('DELETE', sub);
});

test('what is wrong is refused by its name', async () => {
  const { admin } = callers;
  const row = (name: string, body: object, status: number, field: string): Row => ({
    name,
    request: { method: 'POST', path: '/namespaces', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ registry: 'main', name: 'wrong', ...body }) },
    status,
    has: [`"field":"${field}"`],
  });
  const strange = ['', 'Team', 'team/', '/team', 'team//x', 'a..b', '-a', 'a-', 'a_-b', 'a___b', '..', 'a/../b', 'a b', 'é', 'x'.repeat(256), 'a\u0000', '*', '//'];
  const rows: Row[] = [
    ...strange.map((name) => row(JSON.stringify(name).slice(0, 40), { name }, 400, 'name')),
    row('taken', { name: 'team' }, 409, 'name'),
    row('an unknown registry', { registry: 'nowhere' }, 400, 'registry'),
    row('an unknown owner', { owner: 'nobody' }, 400, 'owner'),
    row('an unknown member', { members: ['nobody'] }, 400, 'members[0]'),
    row('an unknown group', { groups: ['none'] }, 400, 'groups[0]'),
    row('an unknown member of the body', { parent: 'team' }, 400, 'parent'),
    row('an id', { id: 5 }, 400, 'id'),
  ];
  await checkRows(rows, (request) => admin.send(request));
  const queries: [string, number, string][] = [
    ['', 400, 'registry'], ['name=x', 400, 'registry'], ['registry=main', 400, 'name'], ['registry=nowhere&name=x', 400, 'registry'], ['registry=main&name=No', 400, 'name'], ['registry=main&name=', 400, 'name'],
  ];
  for (const [query, status, field] of queries) {
    const answer = await admin.ask('GET', `/namespaces/moves?${query}`);
    assert.deepEqual([answer.status, answer.json.field], [status, field], `${query}: ${answer.text}`);
  }
  assert.equal((await admin.list('/namespaces?q=wrong')).length, 0);
});

test('what it would take over is what it takes over, and gives back at its end', async () => {
  const { admin } = callers;
  // name; what decides on these repositories before
  const rows: [string, Record<string, string | null>][] = [
    ['team/sub', { 'team/sub/deep/er': 'team', 'team/sub/one': 'team', 'team/sub/two': 'team' }],
    ['team/sub/deep', { 'team/sub/deep/er': 'team' }],
    ['/', { another: null, solo: null, team: null }],
    ['nowhere', { 'nowhere/app': null }],
    ['nowhere/app', {}], // it covers what is below it, not itself
    ['sub', {}],
  ];
  for (const [name, moving] of rows) {
    const before = await covering();
    const wanted = Object.entries(moving).map(([repository, from]) => ({ repository, from, to: name }));
    assert.deepEqual(byName(await preview(name)), wanted, name);
    const asked = await admin.get(`/namespaces/moves?registry=main&name=${encodeURIComponent(name)}`);
    assert.equal(asked.headers['x-total-count'], `${wanted.length}`, name);
    assert.deepEqual(await covering(), before, 'a preview changes nothing');

    const made = await admin.must('POST', '/namespaces', { registry: 'main', name });
    assert.deepEqual(made.json.moved.toSorted(), Object.keys(moving), name);
    const during = await covering();
    assert.deepEqual(during, { ...before, ...Object.fromEntries(Object.keys(moving).map((repository) => [repository, name])) }, name);

    const back = wanted.map(({ repository, from, to }) => ({ repository, from: to, to: from }));
    const path = placeOf(made);
    assert.deepEqual(byName(await previewEnd(path)), back, `${name}: its end`);
    assert.equal((await admin.get(`${path}/moves`)).headers['x-total-count'], `${back.length}`, name);
    assert.deepEqual(await covering(), during, 'a preview changes nothing');
    await admin.must('DELETE', path);
    assert.deepEqual(await covering(), before, `${name} is gone`);
  }
  // Only what is its own now moves: not what a namespace inside it has.
  const inner = placeOf(await admin.must('POST', '/namespaces', { registry: 'main', name: 'team/sub/deep' }));
  assert.deepEqual(byName(await preview('team/sub')).map((move) => move.repository), ['team/sub/one', 'team/sub/two']);
  assert.deepEqual(await previewEnd(inner, callers.admin), [{ repository: 'team/sub/deep/er', from: 'team/sub/deep', to: 'team' }]);
  const team = await admin.pathOf('/namespaces', 'team');
  assert.deepEqual(byName(await previewEnd(team, callers.alice)).map((move) => [move.repository, move.to]), [['team/app', null], ['team/sub/one', null], ['team/sub/two', null], ['team/subway', null]]);
  await admin.must('DELETE', inner);
});

test('rights change hands with it at once', async () => {
  const { admin, alice } = callers;
  const rights = async (): Promise<string[]> => [await granted(server, 'alice', 'team/sub/one'), await granted(server, 'bob', 'team/sub/one'), await granted(server, 'carol', 'team/sub/one')];
  const before = ['delete,pull,push', '', 'pull,push'];
  assert.deepEqual(await rights(), before);
  const path = placeOf(await alice.must('POST', '/namespaces', { registry: 'main', name: 'team/sub', owner: 'bob', other_access: 'READ' }));
  assert.deepEqual(await rights(), ['pull', 'delete,pull,push', 'pull'], 'nothing is inherited');
  await admin.must('DELETE', path);
  assert.deepEqual(await rights(), before);
});

test('who gives it away has it no more, at once', async () => {
  const { admin, alice, bob } = callers;
  const path = placeOf(await admin.must('POST', '/namespaces', { registry: 'main', name: 'gift', owner: 'alice', members: ['carol'], member_access: 'READ' }));
  const rights = async (): Promise<string[]> => [await granted(server, 'alice', 'gift/app'), await granted(server, 'bob', 'gift/app'), await granted(server, 'carol', 'gift/app')];
  assert.deepEqual(await rights(), ['delete,pull,push', '', 'pull']);
  for (const [owner, status] of [['nobody', 400], ['No Name', 400], [null, 400], ['', 400]] as const) {
    const answer = await alice.ask('PATCH', path, { owner });
    assert.deepEqual([answer.status, answer.json.field], [status, 'owner'], `${owner}`);
  }
  assert.equal((await bob.ask('PATCH', path, { owner: 'bob' })).status, 404, 'nobody takes it');
  assert.equal((await callers.carol.ask('PATCH', path, { owner: 'carol' })).status, 403, 'a member neither');

  const given = await alice.ask('PATCH', path, { owner: 'Bob' });
  assert.deepEqual([given.status, given.json.owner, given.json.manageable], [200, 'bob', false]);
  assert.deepEqual(await rights(), ['', 'delete,pull,push', 'pull']);
  for (const [method, body] of [['GET', undefined], ['PATCH', { owner: 'alice' }], ['DELETE', undefined]] as const) {
    assert.equal((await alice.ask(method, path, body)).status, 404, method);
  }
  assert.equal((await alice.get(`${path}/moves`)).status, 404);
  assert.equal((await bob.must('GET', path)).json.manageable, true);
  assert.deepEqual((await bob.must('GET', path)).json.members, ['carol'], 'the rest stays');
  await bob.must('DELETE', path);
});

test('what is deleted and made again by somebody else is another', async () => {
  const { admin, bob } = callers;
  const claims = [{ user: 'dave', repository: '*', access: 'FULL' }];
  const path = placeOf(await admin.must('POST', '/namespaces', { registry: 'main', name: 'reborn', owner: 'alice', members: ['carol'], member_access: 'FULL', groups: ['crew'], group_access: 'READ', anonymous_access: 'READ', claims }));
  const rights = async (): Promise<string[]> => Promise.all(['alice', 'bob', 'carol', 'dave'].map((user) => granted(server, user, 'reborn/app')));
  assert.deepEqual(await rights(), ['delete,pull,push', 'pull', 'delete,pull,push', 'delete,pull,push']);
  await callers.alice.must('DELETE', path);
  assert.deepEqual(await rights(), ['', '', '', '']);
  for (const method of ['GET', 'DELETE']) assert.equal((await admin.ask(method, path)).status, 404, method);
  assert.equal((await admin.ask('PATCH', path, {})).status, 404);
  assert.equal((await admin.get(`${path}/moves`)).status, 404);

  const again = await admin.must('POST', '/namespaces', { registry: 'main', name: 'reborn', owner: 'bob' });
  assert.notEqual(placeOf(again), path);
  assert.deepEqual([again.json.members, again.json.groups, again.json.claims, again.json.member_access, again.json.anonymous_access], [[], [], [], 'NONE', 'NONE']);
  assert.deepEqual(await rights(), ['', 'delete,pull,push', '', '']);
  await bob.must('DELETE', placeOf(again));
});

test('of those who create the same one at the same moment one does', async () => {
  const answers = await Promise.all(Array.from({ length: 20 }, () => callers.admin.ask('POST', '/namespaces', { registry: 'main', name: 'race' })));
  assert.deepEqual(answers.map((answer) => answer.status).sort(), [201, ...Array.from({ length: 19 }, () => 409)]);
  assert.equal((await callers.admin.list('/namespaces?q=race')).length, 1);
});

test('nothing of all this was a fault of the server', () => assert.doesNotMatch(server.log, /request failed/));
