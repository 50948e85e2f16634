// Who may do what over the API: every kind of caller at every kind of object.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Spectacles } from '../support/spectacles.ts';
import { Caller, startWorld } from '../support/world.ts';

// team belongs to alice; carol is a member with WRITE, bob holds a claim, dave's group holds NONE. open belongs to bob.
const names = ['anonymous', 'dave', 'carol', 'bob', 'alice', 'auditor', 'admin'] as const;
const callers = {} as Record<(typeof names)[number], Caller>;
let server: Spectacles;
let ids: { team: number; open: number };
const place = (path: string): string => path.replace('TEAM', `${ids.team}`).replace('OPEN', `${ids.open}`);
before(async () => {
  server = await startWorld();
  for (const name of names) callers[name] = name === 'anonymous' ? new Caller(server.url) : await Caller.signIn(server.url, name);
  ids = { team: await callers.admin.namespaceId('team'), open: await callers.admin.namespaceId('open') };
});
after(() => server.stop());

const group = (name: string) => ({ name });
let made = 0;

// method, path, body, and the status for each of `names`
const rows: [string, string, (() => unknown) | undefined, number[]][] = [
  ['GET', '/session', undefined, [401, 200, 200, 200, 200, 200, 200]],
  ['GET', '/summary', undefined, [401, 200, 200, 200, 200, 200, 200]],
  ['GET', '/activity', undefined, [401, 200, 200, 200, 200, 200, 200]],
  ['GET', '/repositories', undefined, [401, 200, 200, 200, 200, 200, 200]],
  ['GET', '/repositories/99', undefined, [401, 404, 404, 404, 404, 404, 404]],
  ['GET', '/repositories/99/tags', undefined, [401, 404, 404, 404, 404, 404, 404]],
  ['GET', '/users', undefined, [401, 403, 403, 200, 200, 200, 200]],
  ['GET', '/users/1', undefined, [401, 404, 404, 404, 404, 200, 200]],
  ['GET', '/users/99', undefined, [401, 404, 404, 404, 404, 404, 404]],
  ['GET', '/users/0', undefined, [401, 404, 404, 404, 404, 404, 404]],
  ['GET', '/users/x', undefined, [401, 404, 404, 404, 404, 404, 404]],
  ['GET', '/users/99999999999999999999', undefined, [401, 404, 404, 404, 404, 404, 404]],
  ['POST', '/users', () => ({ username: `made${made++}`, password: 'long enough' }), [401, 403, 403, 403, 403, 403, 201]],
  ['GET', '/groups', undefined, [401, 403, 403, 200, 200, 200, 200]],
  ['GET', '/groups/1', undefined, [401, 404, 404, 404, 404, 200, 200]],
  ['GET', '/groups/99', undefined, [401, 404, 404, 404, 404, 404, 404]],
  ['POST', '/groups', () => group(`made${made++}`), [401, 403, 403, 403, 403, 403, 201]],
  ['GET', '/registries', undefined, [401, 200, 200, 200, 200, 200, 200]],
  ['GET', '/registries/1', undefined, [401, 200, 200, 200, 200, 200, 200]],
  ['GET', '/registries/99', undefined, [401, 404, 404, 404, 404, 404, 404]],
  ['POST', '/registries', () => ({ name: 'x', url: 'http://127.0.0.1:1' }), [401, 403, 403, 403, 403, 403, 400]],
  ['POST', '/registries/test', () => ({ url: 'http://127.0.0.1:1' }), [401, 403, 403, 403, 403, 403, 200]],
  ['PATCH', '/registries/1', () => ({}), [401, 403, 403, 403, 403, 403, 200]],
  ['DELETE', '/registries/99', undefined, [401, 403, 403, 403, 403, 403, 404]],
  ['GET', '/registry-settings', undefined, [401, 403, 403, 403, 403, 403, 200]],
  ['GET', '/namespaces', undefined, [401, 200, 200, 200, 200, 200, 200]],
  ['GET', '/namespaces/TEAM', undefined, [401, 404, 200, 200, 200, 200, 200]],
  ['GET', '/namespaces/OPEN', undefined, [401, 200, 200, 200, 200, 200, 200]],
  ['GET', '/namespaces/99', undefined, [401, 404, 404, 404, 404, 404, 404]],
  ['PATCH', '/namespaces/TEAM', () => ({ description: 'new' }), [401, 404, 403, 403, 200, 403, 200]],
  ['PATCH', '/namespaces/OPEN', () => ({ description: 'new' }), [401, 403, 403, 200, 403, 403, 200]],
  ['PATCH', '/namespaces/99', () => ({ description: 'new' }), [401, 404, 404, 404, 404, 404, 404]],
  ['DELETE', '/namespaces/99', undefined, [401, 404, 404, 404, 404, 404, 404]],
  ['POST', '/namespaces', () => ({ registry: 'main', name: `top${made++}` }), [401, 403, 403, 403, 403, 403, 201]],
  ['POST', '/namespaces', () => ({ registry: 'main', name: `team/sub${made++}` }), [401, 403, 403, 403, 201, 403, 201]],
  ['GET', '/access/explain?registry=main&user=dave&repository=team/a&action=pull', undefined, [401, 200, 404, 404, 200, 200, 200]],
  ['GET', '/access/explain?registry=main&repository=open/a&action=pull', undefined, [401, 404, 404, 200, 404, 200, 200]],
  ['GET', '/nothing/here', undefined, [404, 404, 404, 404, 404, 404, 404]],
  ['PUT', '/users', () => ({}), [405, 405, 405, 405, 405, 405, 405]],
];

test('every caller at every object', async () => {
  const faults: string[] = [];
  for (const [method, path, body, expected] of rows) {
    const found = [];
    for (const name of names) found.push((await callers[name].ask(method, place(path), body?.())).status);
    if (found.join() !== expected.join()) faults.push(`${method} ${path}: ${found} instead of ${expected}`);
  }
  assert.deepEqual(faults, []);
});

test('what one may not see is told in the words of what is missing', async () => {
  for (const [hidden, missing] of [['/namespaces/TEAM', '/namespaces/99'], ['/users/1', '/users/99'], ['/groups/1', '/groups/99']]) {
    const [one, other] = [await callers.dave.ask('GET', place(hidden)), await callers.dave.ask('GET', missing)];
    assert.equal(one.json.detail, other.json.detail);
  }
  const [one, other] = [await callers.dave.ask('DELETE', place('/namespaces/TEAM')), await callers.dave.ask('DELETE', '/namespaces/99')];
  assert.deepEqual([one.status, one.json.detail], [other.status, other.json.detail]);
});

test('who sees a namespace without managing it does not see its rights', async () => {
  const shown = async (name: (typeof names)[number]): Promise<boolean> => 'claims' in (await callers[name].ask('GET', place('/namespaces/TEAM'))).json;
  assert.deepEqual(await Promise.all((['bob', 'alice', 'auditor', 'admin'] as const).map(shown)), [false, true, true, true]);
});

test('what is not an administrator or auditor sees of others is a name', async () => {
  const [admin, alice] = [await callers.admin.ask('GET', '/users?q=alice'), await callers.bob.ask('GET', '/users?q=alice')];
  assert.equal(admin.json[0].email, 'alice@example.org');
  assert.deepEqual(Object.keys(alice.json[0]).sort(), ['id', 'username']);
  assert.deepEqual(Object.keys((await callers.bob.ask('GET', '/groups?q=crew')).json[0]).sort(), ['id', 'name']);
  assert.deepEqual(Object.keys((await callers.bob.ask('GET', '/registries/1')).json).sort(), ['id', 'name', 'paused', 'public', 'service']);
  for (const name of names) {
    for (const path of ['/users', '/users/1', '/groups', '/activity', '/registries']) {
      assert.doesNotMatch((await callers[name].ask('GET', path)).text, /argon2|password_hash|PRIVATE KEY/);
    }
  }
});

test('a namespace is made, changed, given away and deleted', async () => {
  const { admin, alice, bob } = callers;
  const made = await admin.ask('POST', '/namespaces', { registry: 'main', name: 'life', owner: 'alice', members: ['carol'] });
  assert.equal(made.status, 201);
  assert.deepEqual(made.json.members, ['carol']);
  const path = made.headers.location.replace('/api/v1', '');
  const again = await admin.ask('POST', '/namespaces', { registry: 'main', name: 'life' });
  assert.deepEqual([again.status, again.json.field], [409, 'name']);

  const claims = [{ user: 'bob', repository: 'x*', access: 'READ' }, { group: 'crew', repository: '*', access: 'FULL' }];
  const changed = await alice.ask('PATCH', path, { claims, groups: ['crew'], group_access: 'READ', other_access: 'READ' });
  assert.equal(changed.status, 200);
  assert.deepEqual(changed.json.claims, claims);
  assert.deepEqual(changed.json.members, ['carol'], 'what is left out stays');
  assert.deepEqual((await alice.ask('PATCH', path, { claims: [], members: [] })).json.claims, []);

  assert.equal((await alice.ask('PATCH', path, { owner: 'bob' })).json.owner, 'bob');
  assert.equal((await alice.ask('DELETE', path)).status, 403, 'she sees it, and it is hers no more');
  assert.equal((await bob.ask('DELETE', path)).status, 204);
  assert.equal((await bob.ask('GET', path)).status, 404);
  assert.equal((await bob.ask('DELETE', path)).status, 404);
});

test('what happened is on record, without secrets', async () => {
  const answer = await callers.admin.ask('GET', '/activity?limit=500');
  const actions = new Set(answer.json.map((event: { action: string }) => event.action));
  for (const action of ['namespace.created', 'namespace.changed', 'namespace.deleted']) assert.ok(actions.has(action), `${[...actions]}`);
  assert.doesNotMatch(answer.text, /argon2|long enough/);
  const own: { actor: string }[] = (await callers.alice.ask('GET', '/activity?limit=500')).json;
  assert.deepEqual([...new Set(own.map((event) => event.actor))], ['alice']);
});
