// Webhooks: who may have them, what they are told, how they know that it is us, and what becomes of what cannot be told.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { type IncomingHttpHeaders, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { type Answer, send } from '../support/http.ts';
import { eventually } from '../support/process.ts';
import { type Row, checkRows } from '../support/rows.ts';
import type { Spectacles } from '../support/spectacles.ts';
import { Caller, startWorld } from '../support/world.ts';

interface Delivered {
  path: string;
  headers: IncomingHttpHeaders;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever was sent
  json: any;
}

// Keeps what it is told, and answers as it is told to.
class Receiver {
  readonly delivered: Delivered[] = [];
  status = 204;
  url = '';

  static async start(): Promise<Receiver> {
    const receiver = new Receiver();
    const server = createServer((request, response) => {
      let text = '';
      request.setEncoding('utf8').on('data', (part: string) => (text += part));
      request.on('end', () => {
        receiver.delivered.push({ path: request.url ?? '', headers: request.headers, text, json: JSON.parse(text) });
        response.writeHead(receiver.status, { location: '/elsewhere' }).end('nobody shall see this');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    server.unref();
    receiver.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return receiver;
  }

  of(path: string): Delivered[] {
    return this.delivered.filter((one) => one.path === path);
  }
}

const digest = `sha256:${'a'.repeat(64)}`;
let server: Spectacles;
let admin: Caller;
let alice: Caller;
let auditor: Caller;
let receiver: Receiver;
let secretOfRegistry: string;
let registry: number;
let team: number;
let told = 0;

before(async () => {
  receiver = await Receiver.start();
  server = await startWorld({ SPECTACLES_BACKGROUND: 'inside', SPECTACLES_BACKGROUND_UPDATE: '86400' });
  [admin, alice, auditor] = await Promise.all(['admin', 'alice', 'auditor'].map((name) => Caller.signIn(server.url, name)));
  team = await alice.namespaceId('team');
  registry = (await admin.list('/registries?q=main'))[0].id;
  secretOfRegistry = (await admin.must('GET', `/registries/${registry}/settings`)).json.notifications.secret;
});
after(() => server.stop());

// A registry tells of something.
async function tell(action: string, tag: string | undefined, more: object = {}): Promise<void> {
  const event = {
    id: `event-${told++}`,
    timestamp: new Date().toISOString(),
    action,
    target: { mediaType: 'application/vnd.oci.image.manifest.v1+json', digest, repository: 'team/app', ...(tag ? { tag } : {}) },
    request: { method: action === 'pull' ? 'GET' : 'PUT', addr: '192.0.2.7:1', useragent: 'a client' },
    actor: { name: 'carol' },
    ...more,
  };
  const headers = { authorization: `Bearer ${secretOfRegistry}`, 'content-type': 'application/json' };
  const answer = await send(server.url, { method: 'POST', path: `/api/v1/registries/${registry}/notifications`, headers, body: JSON.stringify({ events: [event] }) });
  assert.equal(answer.status, 204, answer.text);
}

let made = 0;
async function create(body: object = {}): Promise<Answer> {
  const name = `hook ${made++}`;
  return await alice.must('POST', `/namespaces/${team}/webhooks`, { name, url: `${receiver.url}/${made}`, ...body });
}

describe('what is told', () => {
  test('a push and a deletion, signed, once; pulls only if asked for', async () => {
    const hook = (await create({ url: `${receiver.url}/standard` })).json;
    await create({ url: `${receiver.url}/pulls`, events: ['pull'] });
    assert.deepEqual(hook.events, ['push', 'delete']);
    await tell('push', 'one');
    await tell('pull', 'one');
    await tell('delete', undefined);
    await eventually(30, async () => receiver.of('/standard').length >= 2 && receiver.of('/pulls').length >= 1);
    assert.deepEqual(receiver.of('/standard').map(({ json }) => json.event), ['push', 'delete']);
    assert.deepEqual(receiver.of('/pulls').map(({ json }) => json.event), ['pull']);

    const [{ headers, text, json }] = receiver.of('/standard');
    const timestamp = headers['x-spectacles-timestamp'];
    assert.ok(Math.abs(Number(timestamp) - Date.now() / 1000) < 60);
    assert.equal(headers['x-spectacles-signature'], `sha256=${createHmac('sha256', hook.secret).update(`${timestamp}.${text}`).digest('hex')}`);
    assert.equal(headers['x-spectacles-delivery'], json.id);
    assert.equal(headers['x-spectacles-event'], 'push');
    assert.equal(headers['content-type'], 'application/json');
    const { id, at, ...rest } = json;
    assert.match(id, /^[\w-]{43}$/);
    assert.match(at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    const host = 'registry.example.org:5000';
    assert.deepEqual(rest, { event: 'push', registry: { name: 'main', host }, namespace: 'team', repository: 'team/app', tag: 'one', digest, actor: 'carol' });
  });

  test('a test, whatever events are asked for, and another secret at once', async () => {
    const hook = (await create({ url: `${receiver.url}/tested`, events: ['pull'] })).json;
    await alice.must('POST', `/webhooks/${hook.id}/test`);
    await eventually(30, async () => receiver.of('/tested').length === 1);
    const rotated = (await alice.must('POST', `/webhooks/${hook.id}/rotate-secret`)).json;
    assert.notEqual(rotated.secret, hook.secret);
    await alice.must('POST', `/webhooks/${hook.id}/test`);
    await eventually(30, async () => receiver.of('/tested').length === 2);
    const signatures = receiver.of('/tested').map(({ headers, text, json }) => {
      assert.equal(json.event, 'test');
      const sign = (secret: string): string => `sha256=${createHmac('sha256', secret).update(`${headers['x-spectacles-timestamp']}.${text}`).digest('hex')}`;
      return [sign(hook.secret), sign(rotated.secret)].indexOf(`${headers['x-spectacles-signature']}`);
    });
    assert.deepEqual(signatures, [0, 1]);
  });

  test('nothing while it is disabled, and nobody after the webhook is gone', async () => {
    const hook = (await create({ url: `${receiver.url}/off`, enabled: false })).json;
    assert.equal((await alice.ask('POST', `/webhooks/${hook.id}/test`)).status, 409);
    await tell('push', 'off');
    await alice.must('PATCH', `/webhooks/${hook.id}`, { enabled: true });
    await tell('push', 'on');
    await eventually(30, async () => receiver.of('/off').length > 0);
    assert.deepEqual(receiver.of('/off').map(({ json }) => json.tag), ['on']);
    await alice.must('DELETE', `/webhooks/${hook.id}`);
    assert.equal((await alice.get(`/webhooks/${hook.id}/deliveries`)).status, 404);
  });
});

describe('what cannot be delivered', () => {
  test('is tried again, and its status shows, but not what was answered', async () => {
    const failing = await Receiver.start();
    failing.status = 307;
    const hook = (await create({ url: `${failing.url}/failing` })).json;
    await alice.must('POST', `/webhooks/${hook.id}/test`);
    const delivery = await eventually(30, async () => {
      const [one] = await alice.list(`/webhooks/${hook.id}/deliveries`);
      return one.attempts > 0 && one;
    });
    assert.equal(delivery.state, 'waiting');
    assert.equal(delivery.status, 307);
    assert.ok(delivery.next_at && !delivery.finished_at);
    assert.doesNotMatch(JSON.stringify(delivery), /nobody shall see/);
    assert.equal(failing.delivered.length, 1, 'the redirect was not followed');
    assert.ok((await alice.get(`/webhooks/${hook.id}`)).json.paused_until);
    failing.status = 200;
    const done = await eventually(30, async () => (await alice.list(`/webhooks/${hook.id}/deliveries`)).find((one) => one.state === 'delivered'));
    assert.equal(done.attempts, 2);
    assert.equal(done.status, 200);
    assert.equal(done.problem, null);
    assert.equal(failing.delivered[0].json.id, failing.delivered[1].json.id);
  });
});

describe('the API', () => {
  test('refuses what is wrong by its name', async () => {
    const body = { name: 'x', url: `${receiver.url}/` };
    const row = (name: string, sent: object, field: string, status = 400): Row => ({
      name,
      request: { method: 'POST', path: `/namespaces/${team}/webhooks`, headers: { 'content-type': 'application/json' }, body: JSON.stringify(sent) },
      status,
      has: [`"field":"${field}"`],
    });
    const { name } = (await create()).json;
    await checkRows(
      [
        row('no address', { name: 'x' }, 'url'),
        row('no name', { url: body.url }, 'name'),
        row('a name with a line break', { ...body, name: 'a\nb' }, 'name'),
        row('a name that is taken', { ...body, name }, 'name', 409),
        row('another scheme', { ...body, url: 'ftp://example.org/' }, 'url'),
        row('a user in the address', { ...body, url: 'https://a:b@example.org/' }, 'url'),
        row('the metadata service', { ...body, url: 'http://169.254.169.254/' }, 'url'),
        row('no event', { ...body, events: [] }, 'events'),
        row('an event that there is not', { ...body, events: ['push', 'merge'] }, 'events[1]'),
        row('a member that there is not', { ...body, secret: 'mine' }, 'secret'),
      ],
      (request) => alice.send(request),
    );
  });

  test('tells address and secret to who manages it alone', async () => {
    const { id, secret } = (await create({ url: `${receiver.url}/a/secret?path` })).json;
    assert.equal((await alice.get(`/webhooks/${id}`)).json.secret, secret);
    const seen = await auditor.must('GET', `/webhooks/${id}`);
    assert.equal(seen.json.url, receiver.url);
    assert.equal(seen.headers.etag, undefined);
    const listed = [await auditor.must('GET', `/namespaces/${team}/webhooks`), await admin.must('GET', '/activity?limit=500')];
    for (const { text } of [seen, ...listed]) assert.doesNotMatch(text, /a\/secret/);
    for (const { text } of [seen, ...listed, await alice.must('GET', `/namespaces/${team}/webhooks`)]) assert.ok(!text.includes(secret));
    assert.doesNotMatch(server.log, /a\/secret/);
  });

  test('keeps two people from changing it at once', async () => {
    const created = await create();
    const path = `/webhooks/${created.json.id}`;
    const seen = { 'if-match': created.headers.etag };
    const changed = await alice.ask('PATCH', path, { name: 'renamed' }, seen);
    assert.equal(changed.status, 200);
    assert.equal((await admin.ask('PATCH', path, { events: ['pull'] }, seen)).status, 412);
    assert.equal((await alice.ask('PATCH', path, { name: 'renamed' }, seen)).status, 200, 'made already');
    assert.equal((await alice.ask('DELETE', path, undefined, seen)).status, 412);
    assert.equal((await alice.ask('DELETE', path, undefined, { 'if-match': changed.headers.etag })).status, 204);
  });

  test('records who changed what', async () => {
    const { id } = (await create({ name: 'recorded' })).json;
    await alice.must('PATCH', `/webhooks/${id}`, { events: ['pull'] });
    await alice.must('POST', `/webhooks/${id}/rotate-secret`);
    await alice.must('DELETE', `/webhooks/${id}`);
    const events = await admin.list(`/activity?kind=webhook&namespace=${team}&q=recorded&sort=at`);
    assert.deepEqual(events.map((one) => one.action), ['webhook.created', 'webhook.changed', 'webhook.secret_rotated', 'webhook.deleted']);
    assert.ok(events.every((one) => one.actor === 'alice' && one.subject === 'main: team, recorded'));
  });

  test('pages deliveries, newest first', async () => {
    const { id } = (await create()).json;
    for (let i = 0; i < 5; i++) await alice.must('POST', `/webhooks/${id}/test`);
    const whole = (await alice.list(`/webhooks/${id}/deliveries`)).map((one) => one.id);
    assert.equal(new Set(whole).size, 5);
    assert.deepEqual((await alice.list(`/webhooks/${id}/deliveries`, 2)).map((one) => one.id), whole);
    assert.equal((await alice.get(`/webhooks/${id}/deliveries?cursor=x`)).status, 400);
  });
});
