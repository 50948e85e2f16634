// Several processes on one database: a server and its command line, two servers, a server and the background.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { basic, send } from '../support/http.ts';
import { readToken } from '../support/jwt.ts';
import { Service, eventually } from '../support/process.ts';
import { type Spectacles, program } from '../support/spectacles.ts';
import { Caller, passwords, startWorld } from '../support/world.ts';

let server: Spectacles;
before(async () => (server = await startWorld()));
after(() => server.stop());

async function pulls(user: string): Promise<boolean> {
  const path = '/token_auth?service=Docker%20registry&scope=repository:team/app:pull';
  const answer = await send(server.url, { path, headers: basic(user, passwords[user]) });
  return readToken(answer.json.token).claims.access.length > 0;
}

test('a running server sees an apply at once', async () => {
  const dave = await Caller.signIn(server.url, 'dave');
  const grant = (level: string): Promise<unknown> =>
    server.apply(`namespaces:\n  - {registry: main, name: team, owner: alice, group_access: ${level}}\n`);
  assert.equal(await pulls('dave'), false);
  await grant('READ');
  assert.equal(await pulls('dave'), true);
  assert.equal((await dave.ask('GET', '/namespaces?q=team')).json.length, 1);
  await grant('NONE');
  assert.equal(await pulls('dave'), false);
  assert.equal((await dave.ask('GET', '/namespaces?q=team')).json.length, 0);
});

test('a new password counts at once, and the old one no more', async () => {
  await server.apply('users:\n  - {username: bob, password: "another for bob"}\n');
  const path = '/token_auth?service=Docker%20registry';
  assert.equal((await send(server.url, { path, headers: basic('bob', passwords.bob) })).status, 401);
  assert.equal((await send(server.url, { path, headers: basic('bob', 'another for bob') })).status, 200);
});

test('a second server on the same port says so and ends', async () => {
  const second = await server.run(['runserver'], { timeout: 20_000 });
  assert.equal(second.code, 1, second.text);
  assert.match(second.stderr, new RegExp(`^spectacles: .*${server.port}.*in use`, 'mi'));
  assert.equal((await new Caller(server.url).ask('GET', '/instance')).status, 200);
});

test('the background runs beside the server on one database', async () => {
  const background = new Service('runbackground', program, ['runbackground'], {
    SPECTACLES_DATA_DIR: server.folder,
    SPECTACLES_BACKGROUND_UPDATE: '1',
  }, server.folder);
  const admin = await Caller.signIn(server.url, 'admin');
  const seen = await eventually(30, async () => (await admin.ask('GET', '/summary')).json.background.seen_at ?? undefined);
  assert.ok(Date.parse(seen) > Date.now() - 60_000);
  const made = await Promise.all(Array.from({ length: 20 }, (_, i) => admin.ask('POST', '/groups', { name: `beside-${i}` })));
  assert.deepEqual(made.map((answer) => answer.status), made.map(() => 201));
  const registries: { sync: { outcome: string } }[] = (await admin.ask('GET', '/registries')).json;
  for (const registry of registries) assert.match(registry.sync.outcome, /failed|running/, 'nothing listens there');
  assert.equal(await background.stop(), 0);
});

test('SIGTERM lets a request that is under way end', async () => {
  const socket = connect(server.port, '127.0.0.1');
  let answer = '';
  socket.setEncoding('utf8').on('data', (text: string) => (answer += text)).on('error', () => {});
  const body = JSON.stringify({ username: 'alice', password: passwords.alice });
  const head = `POST /api/v1/session HTTP/1.1\r\nHost: localhost:${server.port}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;
  socket.write(head + body.slice(0, 10));
  await sleep(300);
  const stopped = server.stop();
  await sleep(300);
  await assert.rejects(send(server.url, { path: '/api/v1/instance' }), 'nobody new is let in');
  socket.write(body.slice(10));
  assert.equal(await stopped, 0);
  assert.match(answer, /^HTTP\/1\.1 200 /);
  assert.match(answer, /connection: close/i);
  await server.start();
});
