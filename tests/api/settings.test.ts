// Personal namespaces: the setting, who gets one, and who may create his own.
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { FakeRegistry } from '../support/fake_registry.ts';
import type { Answer } from '../support/http.ts';
import { eventually } from '../support/process.ts';
import { type Row, checkRows } from '../support/rows.ts';
import type { Spectacles } from '../support/spectacles.ts';
import { Caller, granted, passwords, placeOf, startWorld } from '../support/world.ts';

let server: Spectacles;
let admin: Caller;
let anybody: Caller;
before(async () => {
  const registry = await FakeRegistry.start('Docker registry', '', { 'squatter/app': ['latest'] });
  server = await startWorld({ REGISTER_ENABLED: 'True', SPECTACLES_BACKGROUND: 'inside', SPECTACLES_BACKGROUND_UPDATE: '86400' }, `registries:\n  - {name: main, url: "${registry.url}"}\n`);
  admin = await Caller.signIn(server.url, 'admin');
  anybody = new Caller(server.url);
  await eventually(30, async () => (await admin.list('/repositories')).length === 1);
});
after(() => server.stop());
beforeEach(() => choose(null));

const choose = async (registry: string | null): Promise<void> => void (await admin.must('PATCH', '/settings', { personal_namespace_registry: registry }));
const chosen = async (): Promise<unknown> => (await admin.must('GET', '/settings')).json.personal_namespace_registry;
interface Found {
  id: number;
  registry: { name: string };
  name: string;
  owner: string;
}
const ofOwner = async (owner: string): Promise<string[]> => {
  const all: Found[] = await admin.list(`/namespaces?owner=${owner}`);
  return all.map((one) => `${one.registry.name}: ${one.name}`);
};
const credentials = (username: string): object => ({ username, password: (passwords[username] = `the words of one who is new`) });
const makers: [string, (username: string) => Promise<Answer>][] = [
  ['registered', (username) => anybody.ask('POST', '/registration', credentials(username))],
  ['made by an administrator', (username) => admin.ask('POST', '/users', credentials(username))],
];

test('how long the trash keeps is a number of days', async () => {
  const kept = async (): Promise<number> => (await admin.must('GET', '/settings')).json.trash_kept_days;
  assert.equal(await kept(), 30);
  await admin.must('PATCH', '/settings', { trash_kept_days: 7 });
  for (const wrong of [0, -1, 3651, 1.5, '7', null]) {
    const answer = await admin.ask('PATCH', '/settings', { trash_kept_days: wrong });
    assert.deepEqual([answer.status, answer.json.field], [400, 'trash_kept_days'], answer.text);
  }
  await choose('main');
  assert.equal(await kept(), 7, 'another setting leaves it alone');
  await admin.must('PATCH', '/settings', { trash_kept_days: 30 });
  assert.equal(await chosen(), 'main');
});

test('the public address is that of the request until one is chosen', async () => {
  const unset = await startWorld({ SPECTACLES_PUBLIC_URL: '' });
  const asAdmin = await Caller.signIn(unset.url, 'admin');
  const shown = async (): Promise<unknown[]> => {
    const settings = (await asAdmin.must('GET', '/settings')).json;
    return [settings.public_url, settings.fixed, (await asAdmin.must('GET', '/instance')).json.public_url, (await asAdmin.must('GET', '/registry-settings')).json.realm];
  };
  assert.deepEqual(await shown(), [null, [], unset.url, `${unset.url}/token_auth`]);
  await asAdmin.must('PATCH', '/settings', { public_url: 'https://hub.example.org/x/' });
  assert.deepEqual(await shown(), ['https://hub.example.org/x', [], 'https://hub.example.org/x', 'https://hub.example.org/x/token_auth']);
  for (const wrong of ['', 'hub.example.org', 'ftp://hub.example.org', 'https://user@hub.example.org', 'https://hub.example.org/?q', `https://${'a'.repeat(500)}.org`, 7]) {
    const answer = await asAdmin.ask('PATCH', '/settings', { public_url: wrong });
    assert.deepEqual([answer.status, answer.json.field], [400, 'public_url'], answer.text);
  }
  await asAdmin.must('PATCH', '/settings', { public_url: null });
  assert.equal((await shown())[0], null);
  await unset.stop();
});

test('the public address that the operator configured is fixed', async () => {
  const other = await startWorld({ SPECTACLES_PUBLIC_URL: 'https://fixed.example.org' });
  const asAdmin = await Caller.signIn(other.url, 'admin');
  const settings = (await asAdmin.must('GET', '/settings')).json;
  assert.deepEqual([settings.public_url, settings.fixed], ['https://fixed.example.org', ['public_url']]);
  const answer = await asAdmin.ask('PATCH', '/settings', { public_url: 'https://other.example.org' });
  assert.deepEqual([answer.status, answer.json.field], [409, 'public_url']);
  await asAdmin.must('PATCH', '/settings', { public_url: 'https://fixed.example.org' });
  await other.stop();
});

test('is a registry or nothing', async () => {
  const row = (name: string, body: unknown, status: number, field?: string): Row => ({
    name,
    request: { method: 'PATCH', path: '/settings', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
    status,
    has: field === undefined ? [] : [`"field":"${field}"`],
  });
  const setting = 'personal_namespace_registry';
  const steps: [Row, unknown][] = [
    [row('nothing', {}, 200), null],
    [row('a registry', { [setting]: 'main' }, 200), 'main'],
    [row('left out', {}, 200), 'main'],
    [row('unknown', { [setting]: 'nowhere' }, 400, setting), 'main'],
    [row('empty', { [setting]: '' }, 400, setting), 'main'],
    [row('in other case', { [setting]: 'MAIN' }, 400, setting), 'main'],
    [row('a number', { [setting]: 1 }, 400, setting), 'main'],
    [row('a list', { [setting]: ['third'] }, 400, setting), 'main'],
    [row('an unknown setting', { [setting]: 'third', colour: 'red' }, 400, 'colour'), 'main'],
    [row('another registry', { [setting]: 'third' }, 200), 'third'],
    [row('null', { [setting]: null }, 200), null],
  ];
  for (const [one, expected] of steps) {
    await checkRows([one], (request) => admin.send(request));
    assert.equal(await chosen(), expected, one.name);
  }
});

test('while it is off nobody gets one, and nobody may create one', async () => {
  for (const [how, makeUser] of makers) {
    const username = `off-${how.split(' ')[0]}`;
    assert.equal((await makeUser(username)).status, 201, how);
    assert.deepEqual(await ofOwner(username), [], how);
    const user = await Caller.signIn(server.url, username);
    assert.equal((await user.ask('POST', '/namespaces', { registry: 'main', name: username })).status, 403, how);
  }
});

test('each new user gets his, whoever made him', async () => {
  await choose('main');
  for (const [how, makeUser] of makers) {
    const username = `new-${how.split(' ')[0]}`;
    assert.equal((await makeUser(username.toUpperCase())).status, 201, how);
    assert.deepEqual(await ofOwner(username), [`main: ${username}`], how);
    passwords[username] = passwords[username.toUpperCase()];
    assert.equal(await granted(server, username, `${username}/app`), 'delete,pull,push', how);
    assert.equal(await granted(server, 'dave', `${username}/app`), '', `${how}: it is his alone`);
    const events: { subject: string }[] = await admin.list(`/activity?action=namespace.created&q=${username}`);
    assert.deepEqual(events.map((event) => event.subject), [`main: ${username}`], how);
  }
  assert.deepEqual(await ofOwner('dave'), [], 'who was there before has none');
});

test('names that are no namespace, and names that are taken, get none, and nothing fails', async () => {
  await choose('main');
  await admin.must('POST', '/namespaces', { registry: 'main', name: 'taken' });
  for (const [how, makeUser] of makers) {
    const more = how === 'registered' ? 'r' : 'a';
    for (const username of [`${more}..b`, `${more}-`, `${more}.`, `${more}_-b`, `${more}___b`]) {
      const answer = await makeUser(username);
      assert.equal(answer.status, 201, `${how}, ${username}: ${answer.text}`);
      assert.deepEqual(await ofOwner(username), [], username);
    }
  }
  const taken = await admin.ask('POST', '/users', credentials('taken'));
  assert.equal(taken.status, 201, taken.text);
  assert.deepEqual(await ofOwner('taken'), []);
  assert.deepEqual(await ofOwner('admin'), ['main: taken'], 'it stays with its owner');
  const itself = await Caller.signIn(server.url, 'taken');
  assert.equal((await itself.ask('POST', '/namespaces', { registry: 'main', name: 'taken' })).status, 409);
});

test('nobody gets by his name what is in the registry already', async () => {
  await choose('main');
  assert.equal((await anybody.ask('POST', '/registration', credentials('squatter'))).status, 201);
  assert.deepEqual(await ofOwner('squatter'), []);
  assert.equal(await granted(server, 'squatter', 'squatter/app'), '');
  const squatter = await Caller.signIn(server.url, 'squatter');
  assert.equal((await squatter.ask('POST', '/namespaces', { registry: 'main', name: 'squatter' })).status, 403);
  assert.equal((await squatter.get('/namespaces/moves?registry=main&name=squatter')).status, 403);
  await admin.must('POST', '/namespaces', { registry: 'main', name: 'squatter', owner: 'squatter' });
  assert.equal(await granted(server, 'squatter', 'squatter/app'), 'delete,pull,push', 'an administrator may give it to him');
});

test('of users who are made at the same moment each gets his', async () => {
  await choose('third');
  const names = Array.from({ length: 10 }, (_, i) => `at-once-${i}`);
  const answers = await Promise.all(names.map((name, i) => makers[i % 2][1](name)));
  assert.deepEqual(answers.map((answer) => answer.status), names.map(() => 201));
  for (const name of names) assert.deepEqual(await ofOwner(name), [`third: ${name}`]);
});

test('a user may create the one of his own name later, there, and no other', async () => {
  await choose('main');
  const dave = await Caller.signIn(server.url, 'dave');
  const row = (name: string, body: object, status: number | number[]): Row => ({
    name,
    request: { method: 'POST', path: '/namespaces', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ registry: 'main', name: 'dave', ...body }) },
    status,
  });
  const moves = async (name: string, registry = 'main'): Promise<number> => (await dave.get(`/namespaces/moves?registry=${registry}&name=${name}`)).status;
  assert.deepEqual([await moves('dave'), await moves('colon'), await moves('dave/x'), await moves('dave', 'third')], [200, 403, 403, 403]);
  const rows: Row[] = [
    row('of another', { name: 'colon' }, 403),
    row('below the name', { name: 'dave/x' }, 403),
    row('that begins with it', { name: 'dave2' }, 403),
    row('in capitals', { name: 'Dave' }, 400),
    row('the root', { name: '/' }, 403),
    row('in another registry', { registry: 'third' }, 403),
    row('his', {}, 201),
    row('again', {}, 409),
    row('below it, as the owner', { name: 'dave/x' }, 201),
  ];
  await checkRows(rows, (request) => dave.send(request));
  assert.deepEqual(await ofOwner('dave'), ['main: dave', 'main: dave/x']);
  assert.deepEqual(await ofOwner('colon'), []);

  await choose('third');
  await dave.must('POST', '/namespaces', { registry: 'third', name: 'dave' });
  await choose(null);
  assert.deepEqual(await ofOwner('dave'), ['main: dave', 'main: dave/x', 'third: dave'], 'switching it off takes nothing away');
});

test('an auditor gets his too, and what a user gave away he may not take back', async () => {
  await choose('main');
  await admin.must('POST', '/users', { ...credentials('looker'), role: 'auditor' });
  assert.deepEqual(await ofOwner('looker'), ['main: looker']);
  await admin.must('POST', '/users', credentials('giver'));
  const giver = await Caller.signIn(server.url, 'giver');
  await giver.must('PATCH', await giver.pathOf('/namespaces', 'giver'), { owner: 'bob' });
  assert.equal((await giver.ask('POST', '/namespaces', { registry: 'main', name: 'giver' })).status, 409);
  assert.equal(await granted(server, 'giver', 'giver/app'), '');
});

test('the registry that it names may be renamed, and removed', async () => {
  const registry = await FakeRegistry.start('for persons', server.realm);
  const path = placeOf(await admin.must('POST', '/registries', { name: 'persons', url: registry.url }));
  await choose('persons');
  await admin.must('PATCH', path, { name: 'people' });
  assert.equal(await chosen(), 'people', 'it is meant, not its name');
  await admin.must('POST', '/users', credentials('person'));
  assert.deepEqual(await ofOwner('person'), ['people: person']);

  assert.equal((await admin.ask('DELETE', path)).status, 409, 'it has namespaces');
  await admin.must('DELETE', await admin.pathOf('/namespaces', 'person'));
  assert.equal((await admin.ask('DELETE', path)).status, 204);
  assert.equal(await chosen(), null);
  assert.equal((await admin.ask('POST', '/users', credentials('later'))).status, 201, 'nothing fails without it');
  assert.deepEqual(await ofOwner('later'), []);
});

test('nothing of all this was a fault of the server', () => assert.doesNotMatch(server.log, /request failed/));
