// Registration, sessions and their cookie, and requests that pages of other sites send.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { send } from '../support/http.ts';
import { type Row, checkRows } from '../support/rows.ts';
import { Spectacles } from '../support/spectacles.ts';
import { Caller, passwords, startWorld } from '../support/world.ts';

const json = { 'content-type': 'application/json' };

describe('the first account', () => {
  let server: Spectacles;
  before(async () => {
    server = await Spectacles.create({ SPECTACLES_BACKGROUND: 'off' });
    await server.start();
  });
  after(() => server.stop());

  test('of fifty that register at once, exactly one becomes administrator', async () => {
    const anybody = new Caller(server.url);
    assert.equal((await anybody.ask('GET', '/instance')).json.registration, 'first');
    const all = await Promise.all(
      Array.from({ length: 50 }, (_, i) => anybody.ask('POST', '/registration', { username: `user${i}`, password: 'long enough' })),
    );
    const made = all.filter((answer) => answer.status === 201);
    assert.equal(made.length, 1);
    assert.equal(made[0].json.user.role, 'admin');
    assert.deepEqual([...new Set(all.map((answer) => answer.status))].sort(), [201, 403]);
    assert.equal((await anybody.ask('GET', '/instance')).json.registration, 'closed');
    const admin = new Caller(server.url, made[0].headers['set-cookie'].split(';')[0]);
    assert.equal((await admin.ask('GET', '/users')).headers['x-total-count'], '1');
  });
});

test('registration that is open makes ordinary users', async () => {
  const server = await startWorld({ REGISTER_ENABLED: 'True' });
  const anybody = new Caller(server.url);
  assert.equal((await anybody.ask('GET', '/instance')).json.registration, 'open');
  const registration = { username: 'Newcomer', password: 'long enough', email: 'new@example.org' };
  const rows: Row[] = [
    { name: 'new', request: { path: '' }, status: 201, has: ['"username":"newcomer"', '"role":"user"'], hasNot: ['long enough', 'argon2'] },
    { name: 'taken', request: { path: '' }, status: 409, has: ['"field":"username"'] },
  ];
  await checkRows(rows, () => anybody.ask('POST', '/registration', registration));
  const wrong: [object, string][] = [
    [{ ...registration, role: 'admin' }, 'role'],
    [{ username: 'x', password: 'short' }, 'password'],
    [{ username: 'no spaces here', password: 'long enough' }, 'username'],
    [{ username: '', password: 'long enough' }, 'username'],
    [{ password: 'long enough' }, 'username'],
    [{ username: 'y', password: 'long enough', email: 'nonsense' }, 'email'],
  ];
  for (const [body, field] of wrong) {
    const answer = await anybody.ask('POST', '/registration', body);
    assert.deepEqual([answer.status, answer.json.field], [400, field], JSON.stringify(body));
  }
  await server.stop();
});

describe('sessions', () => {
  let server: Spectacles;
  before(async () => (server = await startWorld()));
  after(() => server.stop());

  test('the cookie is out of reach of scripts and other sites', async () => {
    const answer = await new Caller(server.url).ask('POST', '/session', { username: 'ALICE', password: passwords.alice });
    assert.equal(answer.status, 200);
    assert.equal(answer.json.user.username, 'alice');
    const [cookie, ...flags] = answer.headers['set-cookie'].split('; ');
    assert.match(cookie, /^spectacles_session=[A-Za-z0-9_-]{32,}$/);
    for (const flag of ['HttpOnly', 'SameSite=Lax', 'Path=/']) assert.ok(flags.includes(flag), `${flags}`);
    assert.ok(!flags.includes('Secure'), 'this is plain HTTP');
    assert.equal(answer.headers['cache-control'], 'no-store');
  });

  test('nobody is let in without the right password, and all refusals are alike', async () => {
    const anybody = new Caller(server.url);
    const attempts = [['alice', 'wrong'], ['nobody', 'wrong'], ['eve', passwords.eve], ['eve', 'wrong'], ['\u00e9 !', 'x']];
    const answers = await Promise.all(attempts.map(([username, password]) => anybody.ask('POST', '/session', { username, password })));
    assert.deepEqual(answers.map((answer) => answer.status), attempts.map(() => 401));
    assert.equal(new Set(answers.map((answer) => answer.json.detail)).size, 1);
    for (const answer of answers) assert.equal(answer.headers['set-cookie'], undefined);
  });

  test('a session survives a restart of the server, and ends with signing out', async () => {
    const alice = await Caller.signIn(server.url, 'alice');
    await server.stop();
    await server.start();
    assert.equal((await alice.ask('GET', '/session')).json.user.username, 'alice');
    const other = await Caller.signIn(server.url, 'alice');
    const out = await alice.ask('DELETE', '/session');
    assert.equal(out.status, 204);
    assert.match(out.headers['set-cookie'], /^spectacles_session=; .*Max-Age=0/);
    assert.equal((await alice.ask('GET', '/session')).status, 401);
    assert.equal((await alice.ask('GET', '/registries')).status, 401);
    assert.equal((await other.ask('GET', '/session')).status, 200, 'the other one stays');
    assert.equal((await alice.ask('DELETE', '/session')).status, 204, 'twice does no harm');
  });

  test('a disabled account loses its session at once', async () => {
    const dave = await Caller.signIn(server.url, 'dave');
    await server.apply('users:\n  - {username: dave, disabled: true}\n');
    assert.equal((await dave.ask('GET', '/session')).status, 401);
    await server.apply('users:\n  - {username: dave, disabled: false}\n');
  });

  test('cookies that nobody was given open nothing', async () => {
    for (const value of ['', 'x', 'A'.repeat(43), '../../etc', '"', 'é', 'A'.repeat(4000)]) {
      const answer = await send(server.url, { path: '/api/v1/session', headers: { cookie: Buffer.from(`spectacles_session=${value}`).toString('latin1') } });
      assert.ok([400, 401].includes(answer.status), `${value}: ${answer.status}`);
    }
  });

  test('a request that changes something must not come from another site', async () => {
    const bob = await Caller.signIn(server.url, 'bob');
    const path = `/namespaces/${await bob.namespaceId('open')}`;
    const from = (name: string, headers: Record<string, string>, status: number): Row => ({
      name,
      request: { method: 'PATCH', path, headers: { ...json, ...headers }, body: '{"description":"changed"}' },
      status,
      hasNot: status === 403 ? ['changed'] : [],
    });
    await checkRows(
      [
        from('neither header', {}, 200),
        from('the same origin', { 'sec-fetch-site': 'same-origin', origin: server.url }, 200),
        from('typed by the user', { 'sec-fetch-site': 'none' }, 200),
        from('the origin alone', { origin: server.url }, 200),
        from('another site', { 'sec-fetch-site': 'cross-site' }, 403),
        from('a sibling', { 'sec-fetch-site': 'same-site' }, 403),
        from('a foreign origin', { origin: 'https://evil.example.org' }, 403),
        from('another port', { origin: 'http://localhost:1' }, 403),
        from('no origin', { origin: 'null' }, 403),
      ],
      (request) => bob.send(request),
    );
    const reading = await bob.send({ path, headers: { 'sec-fetch-site': 'cross-site' } });
    assert.equal(reading.status, 200, 'reading changes nothing');
  });
});
