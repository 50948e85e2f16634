// The live stream: who is told what, going on where it was cut off, and that it ends when it has to.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { basic, send } from '../support/http.ts';
import { Listener, type Message } from '../support/listener.ts';
import { eventually } from '../support/process.ts';
import type { Spectacles } from '../support/spectacles.ts';
import { Caller, passwords, startWorld } from '../support/world.ts';

let server: Spectacles;
let admin: Caller;
let alice: Caller;
let dave: Caller;
const open: Listener[] = [];
before(async () => {
  server = await startWorld();
  admin = await Caller.signIn(server.url, 'admin');
  alice = await Caller.signIn(server.url, 'alice');
  dave = await Caller.signIn(server.url, 'dave');
});
after(() => server.stop());
afterEach(() => {
  for (const one of open.splice(0)) one.close();
});

async function listen(caller: Caller, headers: Record<string, string> = {}, query = ''): Promise<Listener> {
  const listener = new Listener(server.url, caller, headers, query);
  open.push(listener);
  await listener.seen('hello');
  return listener;
}
const isGroup = (name: string) => (data: Message['data']): boolean => data.action === 'group.created' && data.subject === name;
const askToken = (user: string, repository: string): Promise<unknown> =>
  send(server.url, { path: `/token_auth?service=Docker+registry&scope=repository:${repository}:push`, headers: basic(user, passwords[user]) });

test('readers are told everything, others what is their own', async () => {
  const [ofAdmin, ofAlice, ofDave] = [await listen(admin), await listen(alice), await listen(dave)];
  await admin.must('POST', '/groups', { name: 'first' });
  await askToken('dave', 'team/app'); // of alice
  await askToken('dave', 'nowhere/app'); // of nobody
  const isIn = (repository: string) => (data: Message['data']): boolean => data.user === 'dave' && data.repository === repository;
  await ofAdmin.seen('activity', isGroup('first'));
  await ofAdmin.seen('refusal', isIn('nowhere/app'));
  await ofAlice.seen('refusal', isIn('team/app'));
  await ofDave.seen('refusal', isIn('nowhere/app'));
  assert.equal(ofAlice.find('refusal', isIn('nowhere/app')), undefined);
  for (const other of [ofAlice, ofDave]) assert.equal(other.find('activity'), undefined);
  await Caller.signIn(server.url, 'alice');
  assert.equal((await ofAlice.seen('activity')).data.action, 'session.created');
  assert.equal(ofDave.find('activity'), undefined);
});

test('it does not matter which process did it', async () => {
  const listener = await listen(admin);
  await server.apply('groups:\n  - {name: by-command}\n');
  assert.equal((await listener.seen('activity', isGroup('by-command'))).data.actor, '(command line)');
});

test('what a registry tells of is told', async () => {
  const registry = await admin.pathOf('/registries', 'main');
  const settings = (await admin.must('GET', `${registry}/settings`)).json;
  const secret = /Bearer ([\w.~+/=-]+)/.exec(JSON.stringify(settings))?.[1] ?? assert.fail('no secret');
  const [ofAlice, ofDave] = [await listen(alice), await listen(dave)];
  const digest = `sha256:${'a'.repeat(64)}`;
  const event = (id: string, action: string): object => ({
    id, action, timestamp: new Date().toISOString(),
    target: { mediaType: 'application/vnd.oci.image.manifest.v1+json', digest, repository: 'team/app', tag: 'v1' },
    request: { method: action === 'pull' ? 'GET' : 'PUT', addr: '192.0.2.1:1', useragent: 'x' }, actor: { name: 'bob' },
  });
  const tell = async (...events: object[]): Promise<void> => {
    const answer = await send(server.url, { method: 'POST', path: `/api/v1${registry}/notifications`, headers: { 'content-type': 'application/json', authorization: `Bearer ${secret}` }, body: JSON.stringify({ events }) });
    assert.equal(answer.status, 204, answer.text);
  };
  await tell(event('p1', 'push'));
  assert.equal((await ofAlice.seen('activity', (data) => data.action === 'tag.pushed')).data.actor, 'bob');
  await tell(event('p2', 'pull'));
  const { at: _, ...pull } = (await ofAlice.seen('pull')).data;
  assert.deepEqual(pull, { registry: 'main', repository: 'team/app', tag: 'v1', digest, actor: 'bob', address: '192.0.2.1' });
  assert.deepEqual(ofDave.messages.map((one) => one.event), ['hello']);
});

test('goes on behind the last that is known, and no event is lost or told twice', async () => {
  const first = await listen(admin);
  await admin.must('POST', '/groups', { name: 'known' });
  const { id } = await first.seen('activity', isGroup('known'));
  first.close();
  await admin.must('POST', '/groups', { name: 'missed-1' });
  await admin.must('POST', '/groups', { name: 'missed-2' });
  const both = [await listen(admin, { 'last-event-id': id }), await listen(admin, {}, `?cursor=${id}`)];
  for (const again of both) await again.seen('activity', isGroup('missed-2'));
  await admin.must('POST', '/groups', { name: 'then' });
  for (const again of both) {
    await again.seen('activity', isGroup('then'));
    const told = again.messages.filter((one) => one.event === 'activity').map((one) => one.data.subject);
    assert.deepEqual(told, ['missed-1', 'missed-2', 'then']);
  }
  for (const wrong of ['x', '1', '1-2', '1-2-x', '-1-2-3', '1-2-3-4', '99999999999999999999-1-1']) {
    const answer = await admin.ask('GET', `/live?cursor=${wrong}`);
    assert.deepEqual([answer.status, answer.json.field], [400, 'cursor'], wrong);
  }
  const far = await listen(admin, {}, '?cursor=999999-999999-999999');
  await admin.must('POST', '/groups', { name: 'after-all' });
  await far.seen('activity', isGroup('after-all'));
});

test('too much at once is a gap that is told', async () => {
  const { id } = await (await listen(admin)).seen('hello');
  for (let i = 0; i < 260; ++i) {
    const group = (await admin.must('POST', '/groups', { name: `many-${i}` })).json.id;
    await admin.must('DELETE', `/groups/${group}`);
  }
  const behind = await listen(admin, { 'last-event-id': id });
  await behind.seen('gap');
  await admin.must('POST', '/groups', { name: 'after-the-gap' });
  await behind.seen('activity', isGroup('after-the-gap'));
});

test('ends with the session, the account and the role', async () => {
  const made = await admin.must('POST', '/users', { username: 'zoe', password: (passwords.zoe = 'the words of one who is new') });
  const zoe = `/users/${made.json.id}`;
  const steps: [string, () => Promise<unknown>][] = [
    ['signed out', async () => await latest.ask('DELETE', '/session')],
    ['another role', async () => await admin.must('PATCH', zoe, { role: 'auditor' })],
    ['another password', async () => await admin.must('PUT', `${zoe}/password`, { password: (passwords.zoe = 'other words of the same') })],
    ['disabled', async () => await admin.must('PATCH', zoe, { disabled: true })],
  ];
  let latest = admin;
  for (const [name, end] of steps) {
    latest = await Caller.signIn(server.url, 'zoe');
    const listener = await listen(latest);
    await end();
    await listener.seen('end');
    await eventually(30, async () => listener.ended);
    assert.equal(listener.messages.at(-1)?.event, 'end', name);
  }
});

test('an account has eight of them, and closing one makes room', async () => {
  const many = await Promise.all(Array.from({ length: 8 }, () => listen(dave)));
  assert.equal((await dave.ask('GET', '/live')).status, 429);
  await listen(alice);
  many[0].close();
  const again = await eventually(30, async () => {
    const listener = new Listener(server.url, dave);
    open.push(listener);
    await eventually(30, async () => listener.status !== 0);
    return listener.status === 200 ? listener : undefined;
  });
  await again.seen('hello');
  // Nobody else waits for them.
  assert.equal((await alice.get('/session')).status, 200);
});

test('the server stops at once', async () => {
  const listener = await listen(admin);
  const begin = Date.now();
  await server.stop();
  assert.ok(Date.now() - begin < 8000, 'less than it waits for requests');
  await eventually(30, async () => listener.ended);
});
