// Groups: who is in them, and what they give at once and take away at once.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Row, checkRows } from '../support/rows.ts';
import type { Spectacles } from '../support/spectacles.ts';
import { Caller, granted, placeOf, startWorld } from '../support/world.ts';

let server: Spectacles;
let admin: Caller;
let team: string; // the path of the namespace
before(async () => {
  server = await startWorld();
  admin = await Caller.signIn(server.url, 'admin');
  team = await admin.pathOf('/namespaces', 'team');
});
after(() => server.stop());

const make = async (name: string, members: string[] = []): Promise<string> => placeOf(await admin.must('POST', '/groups', { name, members }));
const members = async (path: string): Promise<string[]> => (await admin.must('GET', path)).json.members;
const row = (name: string, path: string, body: unknown, status: number, field?: string, has: string[] = []): Row => ({
  name,
  request: { method: 'PATCH', path, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
  status,
  has: field === undefined ? has : [`"field":"${field}"`],
});

test('the whole list of members is changed, and what is left out stays', async () => {
  const path = await make('whole', ['dave', 'bob']);
  assert.deepEqual(await members(path), ['bob', 'dave']);
  const rows: Row[] = [
    row('nothing', path, {}, 200, undefined, ['"name":"whole"', '"members":["bob","dave"]']),
    row('another list', path, { members: ['carol', 'Bob'] }, 200, undefined, ['"members":["bob","carol"]']),
    row('twice the same', path, { members: ['carol', 'carol', 'CAROL'] }, 200, undefined, ['"members":["carol"]']),
    row('the name alone', path, { name: 'renamed' }, 200, undefined, ['"name":"renamed"', '"members":["carol"]']),
    row('who is disabled may be in it', path, { members: ['eve'] }, 200, undefined, ['"members":["eve"]']),
    row('nobody', path, { members: [] }, 200, undefined, ['"members":[]', '"name":"renamed"']),
  ];
  await checkRows(rows, (request) => admin.send(request));
});

test('what is wrong is refused by its name, and changes nothing', async () => {
  const path = await make('strict', ['bob']);
  const rows: Row[] = [
    row('nobody', path, { members: ['carol', 'nobody'] }, 400, 'members[1]'),
    row('no name', path, { members: ['no name'] }, 400, 'members[0]'),
    row('no text', path, { members: [5] }, 400, 'members[0]'),
    row('no list', path, { members: 'carol' }, 400, 'members'),
    row('null', path, { members: null }, 400, 'members'),
    row('an empty name', path, { name: '' }, 400, 'name'),
    row('a name of blanks', path, { name: ' x ' }, 400, 'name'),
    row('a name of null', path, { name: null }, 400, 'name'),
    row('a long name', path, { name: 'x'.repeat(129) }, 400, 'name'),
    row('a name with a line break', path, { name: 'a\nb' }, 400, 'name'),
    row('unknown', path, { members: [], description: 'x' }, 400, 'description'),
    row('an id', path, { id: 1 }, 400, 'id'),
    row('a name that is taken', path, { name: 'crew', members: ['carol'] }, 409, 'name'),
    row('a name that is taken, decomposed', path, { name: 'gro\u0075\u0308n' }, 409, 'name'),
  ];
  await make('gr\u006f\u00fcn');
  await checkRows(rows, (request) => admin.send(request));
  assert.deepEqual([(await admin.get(path)).json.name, await members(path)], ['strict', ['bob']]);
  assert.equal((await admin.ask('POST', '/groups', { name: 'crew' })).status, 409);
});

test('one member at a time, as often as one likes', async () => {
  const path = await make('single', ['bob']);
  const steps: [string, string, number, string[]][] = [
    ['PUT', 'dave', 204, ['bob', 'dave']],
    ['PUT', 'dave', 204, ['bob', 'dave']],
    ['PUT', 'DAVE', 204, ['bob', 'dave']],
    ['PUT', 'nobody', 404, ['bob', 'dave']],
    ['PUT', 'no%20name', 404, ['bob', 'dave']],
    ['DELETE', 'bob', 204, ['dave']],
    ['DELETE', 'bob', 204, ['dave']],
    ['DELETE', 'nobody', 404, ['dave']],
    ['DELETE', 'Dave', 204, []],
  ];
  for (const [method, username, status, expected] of steps) {
    assert.equal((await admin.ask(method, `${path}/members/${username}`)).status, status, `${method} ${username}`);
    assert.deepEqual(await members(path), expected, `${method} ${username}`);
  }
  const events = (await admin.list('/activity?action=group.changed&q=single')).length;
  assert.equal(events, 3, 'what changes nothing leaves no event');
});

test('twenty are put in at the same moment, and none is lost', async () => {
  const path = await make('crowd');
  const names = Array.from({ length: 20 }, (_, i) => `person-${`${i}`.padStart(2, '0')}`);
  const hash = /password_hash: *["']?(\$argon2id[^"'\s}]+)/.exec((await server.run(['export'])).stdout)?.[1];
  await server.apply(`users:\n${names.map((name) => `  - {username: ${name}, password_hash: "${hash}"}`).join('\n')}\n`);
  const put = await Promise.all(names.map((name) => admin.ask('PUT', `${path}/members/${name}`)));
  assert.deepEqual([...new Set(put.map((answer) => answer.status))], [204]);
  assert.deepEqual(await members(path), names);
  const taken = await Promise.all(names.slice(1).map((name) => admin.ask('DELETE', `${path}/members/${name}`)));
  assert.deepEqual([...new Set(taken.map((answer) => answer.status))], [204]);
  assert.deepEqual(await members(path), [names[0]]);
});

test('membership and deletion count at once, where tokens are given', async () => {
  const path = await make('builders');
  const pushes = (user = 'bob'): Promise<string> => granted(server, user, 'team/built/app');
  await admin.must('PATCH', team, { groups: ['builders', 'crew'], group_access: 'FULL' });
  assert.equal(await pushes(), '');
  await admin.must('PUT', `${path}/members/bob`);
  assert.equal(await pushes(), 'delete,pull,push');
  await admin.must('DELETE', `${path}/members/bob`);
  assert.equal(await pushes(), '');
  await admin.must('PATCH', path, { members: ['bob'] });
  assert.equal(await pushes(), 'delete,pull,push');
  await admin.must('PATCH', path, { name: 'makers' });
  assert.equal(await pushes(), 'delete,pull,push', 'a name is no right');
  await admin.must('DELETE', path);
  assert.equal(await pushes(), '');
  assert.equal((await admin.get(path)).status, 404);
  assert.equal((await admin.ask('DELETE', path)).status, 404);
  assert.deepEqual((await admin.get(team)).json.groups, ['crew']);

  assert.notEqual(await make('makers', ['bob']), path);
  assert.equal(await pushes(), '', 'a new group of the same name is not the old one');
});

test('custom rights go with their group', async () => {
  const path = await make('deleters', ['carol']);
  const claims = [{ user: 'bob', repository: 'shared/*', access: 'READ' }];
  await admin.must('PATCH', team, { members: [], claims: [...claims, { group: 'deleters', repository: 'old/*', access: 'FULL' }] });
  assert.equal(await granted(server, 'carol', 'team/old/app'), 'delete,pull,push');
  await admin.must('DELETE', path);
  assert.equal(await granted(server, 'carol', 'team/old/app'), '');
  assert.deepEqual((await admin.get(team)).json.claims, claims);
});

test('where a group counts', async () => {
  const path = await make('everywhere', ['dave']);
  const right = { group: 'everywhere', repository: 'x/*', access: 'READ' };
  await admin.must('PATCH', team, { groups: ['everywhere'], group_access: 'WRITE', claims: [right, { ...right, repository: 'a', access: 'FULL' }] });
  await admin.must('PATCH', await admin.pathOf('/namespaces', 'open'), { claims: [right] });
  await admin.must('PATCH', await admin.pathOf('/namespaces', 'other'), { groups: ['everywhere'], group_access: 'READ' });
  const found = await admin.list(`${path}/namespaces`);
  const shown = found.map(({ registry, name, assigned, group_access, claims }) => [registry.name, name, assigned, group_access, claims.map((one: { repository: string; access: string }) => `${one.repository} ${one.access}`).sort()]);
  assert.deepEqual(shown, [
    ['main', 'open', false, 'NONE', ['x/* READ']],
    ['main', 'team', true, 'WRITE', ['a FULL', 'x/* READ']],
    ['third', 'other', true, 'READ', []],
  ]);
  assert.deepEqual(await admin.list(`${path}/namespaces`, 1), found, 'in pages of one');
  assert.deepEqual(await admin.list(`${await make('nowhere')}/namespaces`), []);
});
