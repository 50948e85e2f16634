// Registries over the API: testing a connection, and adding only what passed.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { after, before, test } from 'node:test';
import { freePort } from '../support/process.ts';
import { Registry } from '../support/registry.ts';
import type { Spectacles } from '../support/spectacles.ts';
import { Caller, startWorld } from '../support/world.ts';

let server: Spectacles;
let admin: Caller;
let registry: Registry;
before(async () => {
  server = await startWorld();
  admin = await Caller.signIn(server.url, 'admin');
  registry = await Registry.start({ realm: server.realm, rootcertbundle: server.certificate, service: 'a real one' });
});
after(async () => {
  await registry?.stop();
  await server.stop();
});

interface Check {
  name: string;
  outcome: string;
  detail: string;
  advice: string | null;
}
const failed = (checks: Check[]): Check | undefined => checks.find((check) => check.outcome === 'failed');

// Something that listens and is no registry; resolves to its address, and goes with the test process.
async function listen(server: ReturnType<typeof createServer> | ReturnType<typeof createTcpServer>): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  server.unref();
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
const challenging = (challenge: string, status = 401): Promise<string> =>
  listen(createServer((_, response) => response.writeHead(status, { 'www-authenticate': challenge }).end()));

test('a registry that is configured for this server passes, is added, changed and removed', async () => {
  const tested = await admin.ask('POST', '/registries/test', { url: registry.url });
  assert.equal(tested.json.ok, true, tested.text);
  assert.deepEqual([tested.json.service, tested.json.realm, tested.json.certificate], ['a real one', server.realm, null]);

  const wrong = await admin.ask('POST', '/registries', { name: 'real', url: registry.url, service: 'another' });
  assert.deepEqual([wrong.status, wrong.json.field], [400, 'service']);
  const added = await admin.ask('POST', '/registries', { name: 'real', url: registry.url });
  assert.equal(added.status, 201, added.text);
  assert.deepEqual([added.json.service, added.json.public, added.json.key_mode], ['a real one', registry.host, 'x5c']);
  const path = added.headers.location.replace('/api/v1', '');
  for (const [body, field] of [[{ name: 'real', url: registry.url, public: 'x.example.org' }, 'name'], [{ name: 'again', url: registry.url }, undefined]] as const) {
    const again = await admin.ask('POST', '/registries', body);
    assert.equal(again.status, 409, again.text);
    if (field) assert.equal(again.json.field, field);
  }

  assert.equal((await admin.ask('PATCH', path, { key_mode: 'jwks' })).json.key_mode, 'jwks');
  const dead = await admin.ask('PATCH', path, { url: `http://127.0.0.1:${await freePort()}` });
  assert.equal(dead.status, 400, 'a changed address is tested first');
  assert.equal(failed(dead.json.checks)?.name, 'tcp');
  assert.equal((await admin.ask('GET', path)).json.url, registry.url);
  assert.equal((await admin.ask('DELETE', path)).status, 204);
  assert.equal((await admin.ask('GET', path)).status, 404);
});

test('what is no registry is refused, and the check that failed says why', async () => {
  const realm = `realm="${server.realm}"`;
  const silent = createTcpServer((socket) => socket.on('error', () => {}).end('SSH-2.0-nothing\r\n'));
  const rows: [string, string, string][] = [
    ['a dead port', `http://127.0.0.1:${await freePort()}`, 'tcp'],
    ['no HTTP', await listen(silent), 'challenge'],
    ['HTTP where HTTPS is asked for', (await challenging(`Bearer ${realm},service="x"`)).replace('http:', 'https:'), 'tls'],
    ['unknown name', 'http://registry.invalid', 'dns'],
    ['link-local', 'http://169.254.169.254', 'address'],
    ['link-local as one number', 'http://2852039166', 'address'],
    ['link-local in IPv6', 'http://[::ffff:169.254.169.254]', 'address'],
    ['no challenge', await challenging('', 200), 'challenge'],
    ['a password file', await challenging('Basic realm="x"'), 'challenge'],
    ['a redirect', await listen(createServer((_, response) => response.writeHead(302, { location: 'http://169.254.169.254/' }).end())), 'challenge'],
    ['no service', await challenging(`Bearer ${realm}`), 'service'],
    ['quotes in the service', await challenging(`Bearer ${realm},service="\\"quoted\\""`), 'service'],
    ['no realm', await challenging('Bearer service="x"'), 'realm'],
    ['a strange realm', await challenging('Bearer realm="javascript:alert(1)",service="x"'), 'realm'],
  ];
  for (const [name, url, check] of rows) {
    const tested = await admin.ask('POST', '/registries/test', { url });
    assert.equal(tested.status, 200, `${name}: ${tested.text}`);
    assert.equal(tested.json.ok, false, name);
    assert.equal(failed(tested.json.checks)?.name, check, `${name}: ${tested.text}`);
    assert.ok(failed(tested.json.checks)?.detail, name);
    const added = await admin.ask('POST', '/registries', { name: 'wrong', url });
    assert.deepEqual([added.status, failed(added.json.checks)?.name], [400, check], name);
  }
  assert.equal((await admin.ask('GET', '/registries?q=wrong')).headers['x-total-count'], '0');
});

test('addresses that are none are refused by the field', async () => {
  for (const url of ['', 'x', 'ftp://x', 'http://', 'http://a b', 'http://user:pw@host', 'http://host/path', 'http://host:99999', 'file:///etc/passwd', 'http://host?x', 'http://h\r\nx']) {
    for (const path of ['/registries/test', '/registries']) {
      const answer = await admin.ask('POST', path, path === '/registries' ? { name: 'x', url } : { url });
      assert.deepEqual([answer.status, answer.json.field], [400, 'url'], `${url}: ${answer.text}`);
    }
  }
  for (const [field, value] of [['pin', 'zz'], ['ca', 'no PEM'], ['name', ' '], ['public', 'a/b'], ['key_mode', 'kid'], ['service', '"quoted"']]) {
    const answer = await admin.ask('POST', '/registries', { name: 'x', url: registry.url, [field]: value });
    assert.deepEqual([answer.status, answer.json.field], [400, field], answer.text);
  }
});

test('the settings to paste name this server and its certificate', async () => {
  const { json } = await admin.ask('GET', '/registry-settings?service=my%20registry');
  assert.equal(json.realm, server.realm);
  assert.equal(json.service, 'my registry');
  assert.match(json.certificate, /^-----BEGIN CERTIFICATE-----/);
  assert.doesNotMatch(JSON.stringify(json), /PRIVATE KEY/);
  for (const part of ['environment', 'config_yml', 'compose']) assert.match(json[part], /my registry/);
});

test('explain: the decision and its rule, by the words of the question', async () => {
  const rows: [string, number, object][] = [
    ['registry=main&user=alice&repository=team/a&action=pull', 200, { granted: true, rule: 'owner', namespace: 'team' }],
    ['registry=main&user=carol&repository=team/a&action=push,pull', 200, { granted: true, rule: 'member' }],
    ['registry=main&user=dave&repository=team/a&action=*', 200, { granted: false, user: 'dave', who_can_grant: ['alice', 'admin'] }],
    ['registry=main&user=&repository=open/a&action=pull', 200, { granted: true, rule: 'anonymous', user: null }],
    ['registry=main&user=eve&repository=open/a&action=pull', 200, { granted: false, rule: 'none' }],
    ['registry=main&user=admin&repository=nowhere/a&action=delete', 200, { granted: true, rule: 'admin', namespace: null }],
    ['registry=main&user=bob&repository=registry.example.org:5000/team/shared/x&action=pull', 200, { granted: true, rule: 'user_claim', repository: 'team/shared/x' }],
    ['user=bob&repository=open/a&action=pull', 400, { field: 'registry' }],
    ['registry=none&user=bob&repository=open/a&action=pull', 400, { field: 'registry' }],
    ['registry=main&user=bob&action=pull', 400, { field: 'repository' }],
    ['registry=main&user=bob&repository=A&action=pull', 400, { field: 'repository' }],
    ['registry=main&user=bob&repository=open/a', 400, { field: 'action' }],
    ['registry=main&user=bob&repository=open/a&action=fly', 400, { field: 'action' }],
    ['registry=main&user=a%20b&repository=open/a&action=pull', 400, { field: 'user' }],
  ];
  for (const [query, status, expected] of rows) {
    const answer = await admin.ask('GET', `/access/explain?${query}`);
    assert.equal(answer.status, status, `${query}: ${answer.text}`);
    const found = Object.fromEntries(Object.keys(expected).map((key) => [key, answer.json[key]]));
    assert.deepEqual(found, expected, `${query}: ${answer.text}`);
  }
});
