// Who may do this, what may he do, what would change: over the API and at the command line, against real tokens.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Spectacles } from '../support/spectacles.ts';
import { Caller, granted, startWorld } from '../support/world.ts';

const more = `
namespaces:
  - registry: main
    name: team/tools
    owner: carol
    groups: [crew]
    group_access: WRITE
    other_access: READ
    claims:
      - {group: crew, repository: "secret-*", access: NONE}
      - {user: bob, repository: "*x*", access: FULL}
      - {user: bob, repository: "xy?", access: WRITE}
`;
const users = ['admin', 'auditor', 'alice', 'bob', 'carol', 'dave'];
const repositories = ['team/app', 'team/shared/x', 'team/tools/a', 'team/tools/secret-1', 'team/tools/xyz', 'open/app', 'nowhere/x', 'single'];
const actions = ['pull', 'push', 'delete', 'pull,push', 'pull,delete', 'push,delete', '*'];
const all = 'delete,pull,push';

let server: Spectacles;
const callers: Record<string, Caller> = {};
before(async () => {
  server = await startWorld({}, more);
  for (const name of users) callers[name] = await Caller.signIn(server.url, name);
});
after(() => server.stop());

const query = (parameters: Record<string, string>): string => `${new URLSearchParams({ registry: 'main', ...parameters })}`;

test('real tokens, explain and who agree', async () => {
  const faults: string[] = [];
  for (const [i, repository] of repositories.entries()) {
    for (const action of [actions[i % actions.length], actions[(i + 3) % actions.length]]) {
      const rows = await callers.admin.list(`/access/who?${query({ repository, action })}`, 2);
      for (const user of users) {
        const requested = action === '*' ? all : action;
        const token = await granted(server, user, repository, requested);
        const explained = (await callers.admin.must('GET', `/access/explain?${query({ user, repository, action })}`)).json;
        const listed = rows.find((row) => row.user === user);
        const what = `${user} ${action} ${repository}`;
        if (explained.granted_actions.slice().sort().join() !== token) faults.push(`${what}: explained ${explained.granted_actions}, token ${token}`);
        if ((listed !== undefined) !== explained.granted) faults.push(`${what}: listed ${JSON.stringify(listed)}, explained ${explained.granted}`);
        if (listed && listed.rule !== explained.rule) faults.push(`${what}: by ${listed.rule} and ${explained.rule}`);
      }
    }
  }
  assert.deepEqual(faults, []);
});

describe('who', () => {
  test('names the group behind a right, and nobody signed in', async () => {
    const rows = await callers.admin.list(`/access/who?${query({ repository: 'team/tools/a', action: 'push' })}`);
    assert.deepEqual(rows.map((row) => [row.user, row.rule, row.via]), [['admin', 'admin', []], ['carol', 'owner', []], ['dave', 'group', ['crew']]]);
    const open = await callers.admin.list(`/access/who?${query({ repository: 'open/app', action: 'pull' })}`);
    assert.deepEqual([open[0].user, open[0].rule], [null, 'anonymous']);
    assert.ok(!open.some((row) => row.user === 'eve'), 'who is disabled may nothing');
  });
  test('is for owners and readers', async () => {
    const path = `/access/who?${query({ repository: 'team/tools/a', action: 'pull' })}`;
    assert.equal((await callers.carol.get(path)).status, 200);
    for (const name of ['alice', 'bob', 'dave']) assert.equal((await callers[name].get(path)).status, 404, name);
    assert.equal((await callers.dave.get(`/access/who?${query({ repository: '*', action: 'pull' })}`)).status, 404);
    const none = await callers.carol.get(`/access/who?${query({ repository: 'private*', action: 'pull' })}`);
    assert.deepEqual([none.status, none.json, none.headers['x-repositories-asked']], [200, [], '0']);
  });
  test('refuses what is no question', async () => {
    const rows: [Record<string, string>, string][] = [
      [{ repository: 'A', action: 'pull' }, 'repository'],
      [{ repository: 'a/..*', action: 'fly' }, 'action'],
      [{ repository: `${'x'.repeat(300)}*`, action: 'pull' }, 'repository'],
      [{ repository: "'; drop table account; --*", action: 'pull' }, 'repository'],
      [{ repository: '', action: 'pull' }, 'repository'],
      [{ repository: 'a\u0000/b', action: 'pull' }, 'repository'],
      [{ repository: 'team/app', action: 'pull', registry: 'none' }, 'registry'],
      [{ repository: 'team/app', action: 'pull', limit: '0' }, 'limit'],
      [{ repository: 'team/app' }, 'action'],
      [{ action: 'pull' }, 'repository'],
    ];
    for (const [parameters, field] of rows) {
      const answer = await callers.admin.get(`/access/who?${query(parameters)}`);
      assert.deepEqual([answer.status, answer.json.field], [400, field], `${JSON.stringify(parameters)}: ${answer.text}`);
    }
  });
});

describe('reach', () => {
  test('tells what a namespace gives, and where custom rights say otherwise', async () => {
    const rows = await callers.bob.list('/access/reach?user=bob');
    const told = rows.map((row) => [row.registry, row.namespace, row.access, row.rule, row.exceptions.map((one: { pattern: string; access: string }) => `${one.pattern} ${one.access}`)]);
    assert.deepEqual(told, [
      ['main', 'open', 'FULL', 'owner', []],
      ['main', 'team', 'NONE', 'other', ['shared/* READ']],
      ['main', 'team/tools', 'READ', 'other', ['*x* FULL', 'xy? WRITE']],
      ['third', 'other', 'FULL', 'owner', []],
    ]);
  });
  test('is about oneself, and of others what one owns', async () => {
    assert.equal((await callers.dave.get('/access/reach?user=alice')).status, 404);
    assert.equal((await callers.dave.get('/access/reach')).status, 404);
    assert.deepEqual((await callers.dave.get('/access/reach?user=alice')).json.detail, (await callers.dave.get('/access/reach?user=nobody')).json.detail);
    assert.deepEqual((await callers.carol.list('/access/reach?user=dave')).map((row) => row.namespace), ['team/tools']);
    assert.equal((await callers.carol.get('/access/reach?user=nobody')).status, 400);
    assert.deepEqual((await callers.auditor.list('/access/reach?user=eve')), [], 'who is disabled reaches nothing');
    const rows = await callers.admin.list('/access/reach?user=admin&registry=third');
    assert.deepEqual(rows.map((row) => [row.namespace, row.rule]), [[null, 'admin'], ['other', 'admin']]);
    assert.equal((await callers.admin.get('/access/reach?user=admin&expand=all')).json.field, 'expand');
  });
});

describe('simulate', () => {
  const simulate = (caller: Caller, ...changes: object[]) => caller.ask('POST', '/access/simulate', { changes });
  const tools = { registry: 'main', name: 'team/tools' };

  test('tells what the change then does', async () => {
    const before = await granted(server, 'dave', 'team/tools/a', all);
    const { json } = await simulate(callers.carol, { namespace: { ...tools, group_access: 'READ' } });
    assert.equal(await granted(server, 'dave', 'team/tools/a', all), before, 'nothing is changed');
    assert.deepEqual(json.rows.map((row: { user: string; gains: string[]; loses: string[]; other_names: boolean }) => [row.user, row.gains, row.loses, row.other_names]), [['dave', ['pull'], ['push'], true]]);
    assert.deepEqual([json.totals.losing_users, json.totals.gaining_users, json.days], [1, 1, 7]);
    const id = await callers.carol.namespaceId('team/tools');
    assert.deepEqual((await simulate(callers.carol, { namespace: { id, group_access: 'READ' } })).json, json);
  });
  test('is refused where the change is', async () => {
    const rows: [string, object, number, string | undefined][] = [
      ['dave', { namespace: { ...tools, group_access: 'READ' } }, 403, 'changes[0]'],
      ['dave', { namespace: { registry: 'main', name: 'nothing' } }, 404, 'changes[0]'],
      ['dave', { namespace: { registry: 'third', name: 'nothing' } }, 404, 'changes[0]'],
      ['carol', { user: { username: 'bob', disabled: true } }, 403, 'changes[0]'],
      ['carol', { remove_group: { name: 'crew' } }, 403, 'changes[0]'],
      ['carol', { create_namespace: { registry: 'main', name: 'top' } }, 403, 'changes[0]'],
      ['admin', { create_namespace: { registry: 'main', name: 'team' } }, 409, 'changes[0].create_namespace.name'],
      ['admin', { namespace: { ...tools, members: ['carol', 'nobody'] } }, 400, 'changes[0].namespace.members[1]'],
      ['admin', { namespace: { ...tools, claims: [{ user: 'bob', repository: 'A', access: 'READ' }] } }, 400, 'changes[0].namespace.claims[0].repository'],
      ['admin', { namespace: { ...tools, id: 1 } }, 400, 'changes[0].namespace.id'],
      ['admin', { namespace: { ...tools, more: 1 } }, 400, 'changes[0].namespace.more'],
      ['admin', { namespace: [] }, 400, 'changes[0].namespace'],
      ['admin', { user: { username: 'admin', role: 'user' } }, 409, 'changes[0]'],
      ['admin', { user: { username: 'bob', groups: ['none'] } }, 400, 'changes[0].user.groups[0]'],
      ['admin', { remove_user: { username: 'alice' } }, 409, 'changes[0].remove_user.transfer_to'],
      ['admin', { group: { name: 'crew' } }, 400, 'changes[0].group.members'],
      ['admin', { fly: {} }, 400, 'changes[0].fly'],
      ['admin', {}, 400, 'changes[0]'],
      ['admin', { remove_group: { name: 'crew' }, remove_user: { username: 'bob' } }, 400, 'changes[0]'],
    ];
    for (const [who, change, status, field] of rows) {
      const answer = await simulate(callers[who], change);
      assert.deepEqual([answer.status, answer.json.field], [status, field], `${who} ${JSON.stringify(change)}: ${answer.text}`);
    }
    for (const [body, field] of [[{}, 'changes'], [{ changes: [] }, 'changes'], [{ changes: {} }, 'changes'], [{ changes: [{}], days: 0 }, 'days'], [{ changes: [{}], limit: 501 }, 'limit']] as const) {
      const answer = await callers.admin.ask('POST', '/access/simulate', body);
      assert.deepEqual([answer.status, answer.json.field], [400, field], answer.text);
    }
  });
  test('auditors may try what administrators may do, and nothing is recorded', async () => {
    const events = async (): Promise<string> => (await callers.admin.get('/activity?limit=1')).headers['x-total-count'];
    const before = await events();
    const answer = await simulate(callers.auditor, { remove_user: { username: 'bob', transfer_to: 'alice' } }, { create_group: { name: 'new', members: ['dave'] } });
    assert.equal(answer.status, 200, answer.text);
    assert.ok(answer.json.rows.some((row: { user: string; loses: string[] }) => row.user === 'bob' && row.loses.length === 3));
    assert.equal(await events(), before);
  });
});

test('the command line says the same', async () => {
  const who = await server.run(['who', '--registry', 'main', 'team/tools/a', 'push', '--output', 'json']);
  assert.deepEqual(JSON.parse(who.stdout), await callers.admin.list(`/access/who?${query({ repository: 'team/tools/a', action: 'push' })}`), who.text);
  const reach = await server.run(['reach', 'bob', '--output', 'json']);
  assert.deepEqual(JSON.parse(reach.stdout), await callers.admin.list('/access/reach?user=bob'), reach.text);
  assert.match((await server.run(['who', '--registry', 'main', 'team/tools/a', 'push'])).stdout, /^dave +group +by crew$/m);
  assert.match((await server.run(['reach', '-'])).stdout, /open +READ +anonymous/);
  for (const args of [['who', '--registry', 'main', 'A*', 'pull'], ['who', 'team/app', 'pull'], ['who', '--registry', 'main', 'team/app', 'fly'], ['reach', 'nobody'], ['reach', 'a b']]) {
    const output = await server.run(args);
    assert.equal(output.code, 2, `${args}: ${output.text}`);
  }
});
