// What registries tell of: a real registry, configured as the server prints it, in both forms; a server that is away for a
// while; and whatever else could come to the same address.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Skopeo } from '../support/containers.ts';
import { type Answer, basic, send } from '../support/http.ts';
import { helloWorldImage } from '../support/image.ts';
import { eventually, freePort, temporaryFolder } from '../support/process.ts';
import { Registry } from '../support/registry.ts';
import { Spectacles } from '../support/spectacles.ts';
import { Caller, passwords, world } from '../support/world.ts';

let server: Spectacles;
let admin: Caller;
let registry: Registry;
let fromFile: Registry; // the same kind, by config.yml
let image: string;
const ids: Record<string, number> = {};

// biome-ignore lint/suspicious/noExplicitAny: tests look into whatever the server sent
type Row = any;

before(async () => {
  image = `dir:${await helloWorldImage()}`;
  // Without a background nothing but notifications says what is in the registries.
  server = await Spectacles.create({ SPECTACLES_BACKGROUND: 'off' });
  const [port, otherPort] = [await freePort(), await freePort()];
  await server.apply(world);
  await server.apply(`
registries:
  - {name: main, url: "http://localhost:${port}", public: "localhost:${port}"}
  - {name: file, url: "http://localhost:${otherPort}", service: "by file"}
namespaces:
  - {registry: file, name: team, owner: alice}
`);
  await server.start();
  admin = await Caller.signIn(server.url, 'admin');
  for (const { name, id } of await admin.list('/registries')) ids[name] = id;
  const token = { realm: server.realm, rootcertbundle: server.certificate };
  const line = (await settingsOf('main')).environment.split('\n').find((one: string) => one.startsWith('REGISTRY_NOTIFICATIONS_ENDPOINTS='));
  const [name, ...value] = line.split('=');
  registry = await Registry.start(token, port, { environment: { [name]: value.join('=') } });
  fromFile = await Registry.start({ ...token, service: 'by file' }, otherPort, { config: (await settingsOf('file')).config_yml });
});
after(() => Promise.all([registry?.stop(), fromFile?.stop(), server?.stop()]));

const settingsOf = async (name: string): Promise<Row> => (await admin.must('GET', `/registries/${ids[name]}/settings`)).json;

async function client(of: Registry): Promise<Skopeo> {
  const skopeo = new Skopeo();
  const login = await skopeo.login(of.host, 'alice', passwords.alice);
  assert.equal(login.code, 0, login.text);
  return skopeo;
}
async function push(of: Registry, name: string): Promise<void> {
  const copy = await (await client(of)).copy(image, `docker://${of.host}/${name}`);
  assert.equal(copy.code, 0, copy.text);
}

// The tags of a repository, as the API has them.
async function tags(repository: string, of = 'main'): Promise<Row[]> {
  const [found] = (await admin.list(`/repositories?registry=${of}&q=${repository}`)).filter((one) => one.name === repository);
  return found ? await admin.list(`/repositories/${found.id}/tags`) : [];
}
const named = async (repository: string, tag: string): Promise<Row> => (await tags(repository)).find((one) => one.name === tag);

function rows(sql: string, ...values: string[]): Row[] {
  const database = new DatabaseSync(join(server.folder, 'db', 'spectacles.db'), { readOnly: true });
  try {
    return database.prepare(sql).all(...values);
  } finally {
    database.close();
  }
}
const activity = async (action: string, about: string): Promise<Row[]> => await admin.list(`/activity?action=${action}&q=${encodeURIComponent(about)}&sort=at`);

// Notifications that no registry has sent --------------------------------------------------------------------------------

const digest = (digit: string): string => `sha256:${digit.repeat(64)}`;
const type = 'application/vnd.docker.distribution.events.v1+json';
const event = (action: string, target: object, more: object = {}): Row => ({
  id: randomUUID(),
  timestamp: new Date().toISOString(),
  action,
  target: { mediaType: 'application/vnd.oci.image.manifest.v1+json', repository: 'team/made', ...target },
  request: { method: 'GET', addr: '192.0.2.7:41234', useragent: 'a client' },
  actor: { name: 'carol' },
  ...more,
});
async function post(body: unknown, headers: Record<string, string> = {}, id: number | string = ids.main): Promise<Answer> {
  const { secret } = (await settingsOf('main')).notifications;
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return await send(server.url, {
    method: 'POST',
    path: `/api/v1/registries/${id}/notifications`,
    headers: { 'content-type': type, authorization: `Bearer ${secret}`, ...headers },
    body: text,
  });
}
async function tell(...events: Row[]): Promise<void> {
  const answer = await post({ events });
  assert.equal(answer.status, 204, answer.text);
}
const isApplied = (): Promise<boolean> => eventually(30, async () => rows('SELECT count(*) AS waiting FROM notification WHERE processed_at IS NULL')[0].waiting === 0);

describe('a real registry', () => {
  test('a push is on the page at once, with who did it', async () => {
    await push(registry, 'team/app:latest');
    const tag = await eventually(30, async () => await named('team/app', 'latest'));
    assert.match(tag.digest, /^sha256:[0-9a-f]{64}$/);
    const [pushed] = await activity('tag.pushed', 'team/app:latest');
    assert.equal(pushed.actor, 'alice');
    assert.equal(pushed.subject, 'main: team/app:latest');
    assert.deepEqual(pushed.after, { digest: tag.digest });
    // Owners see what happens in their namespace.
    const alice = await Caller.signIn(server.url, 'alice');
    const team = (await alice.list('/namespaces?registry=main&q=team')).find((one) => one.name === 'team');
    const seen = await alice.list(`/activity?namespace=${team.id}&action=tag.pushed`);
    assert.ok(seen.some((one) => one.id === pushed.id));
  });

  test('what was pushed is read without a pass', async () => {
    await push(registry, 'team/read:latest');
    const of = "SELECT m.kind, m.layers, t.size FROM tag t JOIN manifest m ON m.id = t.manifest_id JOIN repository r ON r.id = t.repository_id WHERE r.name = 'team/read' AND m.state = 'read'";
    const [row] = await eventually(30, async () => rows(of).length === 1 && rows(of));
    assert.equal(row.kind, 'image');
    assert.ok(row.layers > 0 && row.size > 1000, JSON.stringify(row));
  });

  test('pulls are counted', async () => {
    await push(registry, 'team/pulled:latest');
    for (let i = 0; i < 2; i++) {
      const copy = await (await client(registry)).copy(`docker://${registry.host}/team/pulled:latest`, `dir:${temporaryFolder('pulled')}`);
      assert.equal(copy.code, 0, copy.text);
    }
    const pulls = "SELECT t.pulls, t.pulled_at, r.pulls AS of_repository FROM tag t JOIN repository r ON r.id = t.repository_id WHERE r.name = 'team/pulled'";
    const [row] = await eventually(30, async () => rows(pulls)[0]?.pulls >= 2 && rows(pulls));
    assert.equal(row.pulls, 2);
    assert.equal(row.of_repository, 2);
    assert.ok(Math.abs(row.pulled_at - Date.now()) < 60_000);
  });

  test('a deletion takes the tags of its digest at once', async () => {
    await push(registry, 'team/deleted:one');
    await push(registry, 'team/deleted:two');
    await eventually(30, async () => (await tags('team/deleted')).length === 2);
    const deleted = await (await client(registry)).delete(`${registry.host}/team/deleted:one`);
    assert.equal(deleted.code, 0, deleted.text);
    await eventually(30, async () => (await tags('team/deleted')).length === 0);
    assert.deepEqual((await activity('tag.deleted', 'team/deleted')).map((one) => [one.actor, one.subject]), [['alice', 'main: team/deleted:one'], ['alice', 'main: team/deleted:two']]);
  });

  test('configured by config.yml', async () => {
    await push(fromFile, 'team/app:latest');
    await eventually(30, async () => (await tags('team/app', 'file')).length === 1);
  });

  test('what happens while the server is away arrives when it is back, once each and in order', async () => {
    await push(registry, 'team/away:first');
    await eventually(30, async () => await named('team/away', 'first'));
    const query = new URLSearchParams({ service: 'Docker registry', scope: 'repository:team/away:pull,push' });
    const { token } = (await send(server.url, { path: `/token_auth?${query}`, headers: basic('alice', passwords.alice) })).json;
    const manifest = `${registry.url}/v2/team/away/manifests`;
    const headers = { authorization: `Bearer ${token}`, accept: 'application/vnd.docker.distribution.manifest.v2+json, application/vnd.oci.image.manifest.v1+json' };
    const got = await fetch(`${manifest}/first`, { headers });
    const [body, contentType] = [await got.text(), got.headers.get('content-type') ?? ''];
    await server.stop();
    for (const tag of ['second', 'third', 'second']) {
      const put = await fetch(`${manifest}/${tag}`, { method: 'PUT', headers: { ...headers, 'content-type': contentType }, body });
      assert.equal(put.status, 201);
    }
    await sleep(1000); // so that the registry has tried in vain
    await server.start();
    const pushed = await eventually(30, async () => {
      const all = await activity('tag.pushed', 'team/away');
      return all.length >= 4 && all;
    });
    assert.deepEqual(pushed.map((one: Row) => one.subject.split(':').at(-1)), ['first', 'second', 'third', 'second']);
    assert.deepEqual((await tags('team/away')).map((one) => one.name), ['first', 'second', 'third']);
  });
});

describe('made up ones', () => {
  test('without the secret of that very registry nothing is taken, and nothing told', async () => {
    const { secret } = (await settingsOf('file')).notifications;
    const before = rows('SELECT count(*) AS kept FROM notification')[0].kept;
    const body = { events: [event('push', { digest: digest('1'), tag: 'forged' })] };
    const answers = [
      await post(body, { authorization: '' }),
      await post(body, { authorization: 'Bearer ' }),
      await post(body, { authorization: 'Bearer wrong' }),
      await post(body, { authorization: `Bearer ${secret}` }), // that of another one
      await post(body, basic('admin', passwords.admin)),
      await post(body, { authorization: '', cookie: admin.cookie }),
      await post(body, {}, '4711'),
      await post(body, {}, 'x'),
      await post('{', { authorization: 'Bearer wrong' }),
    ];
    for (const { status, text } of answers) {
      assert.equal(status, 401);
      assert.equal(text.replace(/"request_id":"[^"]*"/, ''), answers[0].text.replace(/"request_id":"[^"]*"/, ''));
    }
    assert.equal(rows('SELECT count(*) AS kept FROM notification')[0].kept, before);
    assert.ok(!server.log.includes(secret));
  });

  test('both envelopes and other JSON are read; what is none is refused by name', async () => {
    for (const [i, contentType] of [type, 'application/vnd.docker.distribution.events.v2+json', 'application/json; charset=utf-8', 'application/cloudevents+json'].entries()) {
      const events = [event('push', { digest: digest('2'), tag: `envelope-${i}` })];
      assert.equal((await post({ events }, { 'content-type': contentType })).status, 204, contentType);
    }
    await eventually(30, async () => (await tags('team/made')).filter((one) => one.name.startsWith('envelope-')).length === 4);
    for (const [body, status, has] of [
      ['', 400, 'JSON'],
      ['{', 400, 'JSON'],
      ['[]', 400, 'JSON'],
      [{}, 400, '"field":"events"'],
      [{ events: {} }, 400, '"field":"events"'],
      [{ events: Array(1001).fill({}) }, 413, '"field":"events"'],
      [`{"events":["${'x'.repeat(1 << 20)}"]}`, 413, ''],
    ] as [unknown, number, string][]) {
      const answer = await post(body);
      assert.equal(answer.status, status, answer.text);
      assert.ok(answer.text.includes(has), answer.text);
    }
    assert.equal((await post({ events: [] }, { 'content-type': 'text/plain' })).status, 415);
  });

  test('what is no event is passed over, so that a registry never waits for it', async () => {
    const names = ['../etc', 'Team/App', '', 'team/app/', 'a'.repeat(300), 'team/x\u0000'];
    const nonsense: Row[] = [null, 7, 'push', [], {}, ...names.map((repository) => event('push', { digest: digest('3'), tag: 'x', repository }))];
    const odd = [event('push', { digest: 'sha256:3', tag: 'x' }), event('push', { digest: digest('3'), tag: 'x', mediaType: 'application/octet-stream' }), event('mount', { digest: digest('3') })];
    const before = rows('SELECT count(*) AS kept FROM notification')[0].kept;
    await tell(...nonsense, ...odd, event('push', { digest: digest('3'), tag: 'the-good-one' }));
    await eventually(30, async () => await named('team/made', 'the-good-one'));
    assert.equal(rows('SELECT count(*) AS kept FROM notification')[0].kept, before + 1);
  });

  test('one that comes twice counts once, also side by side', async () => {
    const pushed = event('push', { digest: digest('4'), tag: 'doubled' });
    await Promise.all(Array.from({ length: 8 }, () => tell(pushed, pushed)));
    await isApplied();
    assert.equal((await activity('tag.pushed', 'team/made:doubled')).length, 1);
  });

  test('in any order: the newest push stands, and nothing deleted comes back', async () => {
    const at = (seconds: number): object => ({ timestamp: new Date(Date.now() - 60_000 + seconds * 1000).toISOString() });
    await tell(event('push', { digest: digest('5'), tag: 'order' }, at(2)));
    await tell(event('push', { digest: digest('6'), tag: 'order' }, at(1)));
    await tell(event('push', { digest: digest('7'), tag: 'gone' }, at(1)), event('delete', { digest: digest('7'), mediaType: undefined }, at(3)));
    await isApplied();
    await tell(event('push', { digest: digest('7'), tag: 'gone' }, at(2)));
    await isApplied();
    assert.equal((await named('team/made', 'order')).digest, digest('5'));
    assert.equal(await named('team/made', 'gone'), undefined);
  });

  test('a deletion by tag, as newer registries tell it, takes that tag alone', async () => {
    await tell(event('push', { digest: digest('8'), tag: 'stays' }), event('push', { digest: digest('8'), tag: 'goes' }));
    await tell(event('delete', { tag: 'goes', digest: undefined, mediaType: undefined }));
    await isApplied();
    assert.ok(await named('team/made', 'stays'));
    assert.equal(await named('team/made', 'goes'), undefined);
  });

  test('a look by HEAD is no pull, and neither is the own work of this server', async () => {
    await tell(event('push', { digest: digest('9'), tag: 'looked-at' }));
    const target = { digest: digest('9'), tag: 'looked-at' };
    const request = { method: 'GET', addr: '127.0.0.1:1', useragent: 'spectacles' };
    await tell(event('pull', target, { request: { ...request, method: 'HEAD' } }), event('pull', target, { request, actor: { name: '(background)' } }), event('pull', target));
    await isApplied();
    assert.equal(rows("SELECT pulls FROM tag WHERE name = 'looked-at'")[0].pulls, 1);
  });
});

test('another secret makes the old one worth nothing at once', async () => {
  const old = (await settingsOf('main')).notifications.secret;
  const rotated = (await admin.must('POST', `/registries/${ids.main}/notification-secret`)).json;
  assert.notEqual(rotated.notifications.secret, old);
  assert.ok(rotated.config_yml.includes(rotated.notifications.secret) && rotated.environment.includes(rotated.notifications.secret));
  assert.equal((await post({ events: [] }, { authorization: `Bearer ${old}` })).status, 401);
  assert.equal((await post({ events: [] })).status, 204);
  const [recorded] = await admin.list('/activity?action=registry.notification_secret_rotated');
  assert.equal(recorded.subject, 'main');
  assert.ok(!JSON.stringify(await admin.list('/activity')).includes(rotated.notifications.secret));
});
