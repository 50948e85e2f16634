// Where a user is signed in: what he sees of it, and how it ends.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Spectacles } from '../support/spectacles.ts';
import { Caller, passwords, startWorld } from '../support/world.ts';

let server: Spectacles;
let admin: Caller;
let alice: string; // the path of the user
before(async () => {
  server = await startWorld({ SPECTACLES_TRUSTED_PROXIES: '127.0.0.0/8' });
  admin = await Caller.signIn(server.url, 'admin');
  alice = await admin.pathOf('/users', 'alice');
});
after(() => server.stop());

async function signInFrom(username: string, headers: Record<string, string>): Promise<Caller> {
  const answer = await new Caller(server.url).ask('POST', '/session', { username, password: passwords[username] }, headers);
  assert.equal(answer.status, 200, answer.text);
  return new Caller(server.url, answer.headers['set-cookie'].split(';')[0]);
}
const isSignedIn = async (caller: Caller): Promise<boolean> => (await caller.get('/session')).status === 200;
const currentOf = async (caller: Caller, path: string): Promise<number> => (await caller.list(`${path}/sessions`)).find((one) => one.current).id;

test('each shows address and browser, the one that asks is marked, and nothing of the cookie is in it', async () => {
  const phone = await signInFrom('alice', { 'user-agent': 'a phone <script>', 'x-forwarded-for': '192.0.2.7' });
  const laptop = await signInFrom('alice', { 'user-agent': 'a laptop', 'x-forwarded-for': '2001:db8::7' });
  const plain = await signInFrom('alice', {});
  const answer = await laptop.get(`${alice}/sessions`);
  assert.equal(answer.headers['x-total-count'], '3');
  const shown: Record<string, unknown>[] = answer.json;
  const row = (agent: string) => shown.find((one) => one.user_agent === agent) ?? assert.fail(`no ${agent} in ${answer.text}`);
  assert.deepEqual([row('a phone <script>').address, row('a phone <script>').current], ['192.0.2.7', false]);
  assert.deepEqual([row('a laptop').address, row('a laptop').current], ['2001:db8::7', true]);
  assert.deepEqual([row('').current, shown.filter((one) => one.current).length], [false, 1]);
  for (const one of shown) {
    assert.deepEqual(Object.keys(one).sort(), ['address', 'created_at', 'current', 'expires_at', 'id', 'seen_at', 'user_agent']);
    const times = [one.created_at, one.seen_at, one.expires_at].map((time) => Date.parse(String(time)));
    assert.ok(times[0] <= times[1] && times[1] < times[2], JSON.stringify(one));
  }
  for (const caller of [phone, laptop, plain]) assert.ok(!answer.text.includes(caller.cookie.split('=')[1]), 'a cookie that could be used');
  assert.doesNotMatch(answer.text, /hash|token/i);

  const asSeenByAdmin = await admin.list(`${alice}/sessions`, 1);
  assert.deepEqual(asSeenByAdmin.map((one) => one.id), shown.map((one) => one.id), 'in pages of one');
  assert.ok(asSeenByAdmin.every((one) => one.current === false));
  const auditor = await Caller.signIn(server.url, 'auditor');
  assert.equal((await auditor.list(`${alice}/sessions`)).length, 3);
});

test('one is ended, and only that one', async () => {
  const [here, there] = [await Caller.signIn(server.url, 'bob'), await Caller.signIn(server.url, 'bob')];
  const bob = await admin.pathOf('/users', 'bob');
  const other = await currentOf(there, bob);
  assert.equal((await here.ask('DELETE', `${bob}/sessions/${other}`)).status, 204);
  assert.deepEqual([await isSignedIn(here), await isSignedIn(there)], [true, false]);
  assert.deepEqual((await here.list(`${bob}/sessions`)).map((one) => one.current), [true]);
  assert.equal((await here.ask('DELETE', `${bob}/sessions/${other}`)).status, 404, 'it is not there any more');
  assert.equal((await here.ask('DELETE', `${bob}/sessions/${await currentOf(here, bob)}`)).status, 204, 'his own one too');
  assert.equal(await isSignedIn(here), false);
});

test('all are ended but the one that asks', async () => {
  const callers = [await Caller.signIn(server.url, 'carol'), await Caller.signIn(server.url, 'carol'), await Caller.signIn(server.url, 'carol')];
  const carol = await admin.pathOf('/users', 'carol');
  const dave = await Caller.signIn(server.url, 'dave');
  assert.equal((await callers[1].ask('DELETE', `${carol}/sessions`)).status, 204);
  assert.deepEqual(await Promise.all(callers.map(isSignedIn)), [false, true, false]);
  assert.equal(await isSignedIn(dave), true, 'those of others stay');
  assert.equal((await callers[1].ask('DELETE', `${carol}/sessions`)).status, 204, 'twice does no harm');

  const again = await Caller.signIn(server.url, 'carol');
  assert.equal((await admin.ask('DELETE', `${carol}/sessions`)).status, 204);
  assert.deepEqual([await isSignedIn(again), await isSignedIn(callers[1]), await isSignedIn(admin)], [false, false, true], 'by an administrator: all of them');
  assert.deepEqual(await admin.list(`${carol}/sessions`), []);
});

test('a session of somebody else is no session of his', async () => {
  const [mine, victim] = [await Caller.signIn(server.url, 'dave'), await Caller.signIn(server.url, 'colon')];
  const [dave, colon] = [await admin.pathOf('/users', 'dave'), await admin.pathOf('/users', 'colon')];
  const [own, foreign] = [await currentOf(mine, dave), await currentOf(victim, colon)];
  const rows: [Caller, string, number][] = [
    [mine, `${dave}/sessions/${foreign}`, 404], // a foreign session below his own name
    [mine, `${colon}/sessions/${foreign}`, 404],
    [mine, `${colon}/sessions/${own}`, 404],
    [mine, `${colon}/sessions`, 404],
    [admin, `${dave}/sessions/${foreign}`, 404],
    [admin, `${colon}/sessions/${foreign}`, 204],
  ];
  for (const [caller, path, status] of rows) {
    assert.equal(await isSignedIn(victim), true, path);
    assert.equal((await caller.ask('DELETE', path)).status, status, path);
  }
  assert.deepEqual([await isSignedIn(mine), await isSignedIn(victim)], [true, false]);
});

test('signing out ends the session in the list too', async () => {
  const [here, there] = [await Caller.signIn(server.url, 'auditor'), await Caller.signIn(server.url, 'auditor')];
  const auditor = await admin.pathOf('/users', 'auditor');
  const id = await currentOf(there, auditor);
  await there.must('DELETE', '/session');
  assert.ok(!(await here.list(`${auditor}/sessions`)).some((one) => one.id === id));
});
