// What is wrong between a registry that was added and this server: the checks that show it a token, and the doctor.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { readToken } from '../support/jwt.ts';
import { Registry } from '../support/registry.ts';
import { Spectacles } from '../support/spectacles.ts';
import { Caller, startWorld } from '../support/world.ts';

interface Check {
  name: string;
  outcome: string;
  detail: string;
  advice: string | null;
}
interface Found {
  ok: boolean;
  checks: Check[];
}

let server: Spectacles;
let admin: Caller;
const started: Registry[] = [];
before(async () => {
  server = await startWorld();
  admin = await Caller.signIn(server.url, 'admin');
});
after(async () => {
  await Promise.all(started.map((one) => one.stop()));
  await server.stop();
});

async function add(name: string, settings: Partial<Parameters<typeof Registry.start>[0]> = {}, environment: Record<string, string> = {}): Promise<string> {
  const registry = await Registry.start({ realm: server.realm, rootcertbundle: server.certificate, service: name, ...settings }, undefined, { environment });
  started.push(registry);
  return (await admin.must('POST', '/registries', { name, url: registry.url })).headers.location.replace('/api/v1', '');
}
const check = async (path: string): Promise<Found> => (await admin.must('POST', `${path}/check`)).json;
const outcomes = ({ checks }: Found): Record<string, string> => Object.fromEntries(checks.map((one) => [one.name, one.outcome]));

test('a registry that is set up as it should be', async () => {
  const found = await check(await add('good'));
  assert.equal(found.ok, true, JSON.stringify(found));
  const { address, dns, tcp, challenge, realm, service, clock, token, deletes } = outcomes(found);
  assert.deepEqual(new Set([address, dns, tcp, challenge, realm, service, clock, token, deletes]), new Set(['passed']));
});

test('one that does not delete, and one that knows another issuer', async () => {
  const keeps = await check(await add('keeps', {}, { REGISTRY_STORAGE_DELETE_ENABLED: 'false' }));
  assert.equal(keeps.ok, true);
  assert.equal(outcomes(keeps).deletes, 'warning');
  assert.match(keeps.checks.at(-1)?.advice ?? '', /DELETE_ENABLED/);

  const foreign = await check(await add('foreign', { issuer: 'Another service' }));
  assert.equal(foreign.ok, false);
  assert.deepEqual([outcomes(foreign).token, outcomes(foreign).deletes], ['failed', 'skipped']);
  assert.match(foreign.checks.find((one) => one.name === 'token')?.advice ?? '', /quotes/);
});

test('who takes the place of a registry learns nothing of use', async () => {
  const shown: string[] = [];
  let service = 'spoofed';
  const spy = createServer((request, response) => {
    const token = /^Bearer (.*)/.exec(request.headers.authorization ?? '')?.[1];
    if (token) shown.push(token);
    const challenge = { 'www-authenticate': `Bearer realm="${server.realm}",service="${service}"` };
    if (!token) return response.writeHead(401, challenge).end();
    return response.writeHead(request.method === 'DELETE' ? 404 : 200).end();
  });
  await new Promise<void>((resolve) => spy.listen(0, '127.0.0.1', resolve));
  spy.unref();
  const url = `http://127.0.0.1:${(spy.address() as AddressInfo).port}`;
  await admin.must('POST', '/registries/test', { url });
  const path = (await admin.must('POST', '/registries', { name: 'spoofed', url })).headers.location.replace('/api/v1', '');
  assert.deepEqual(shown, [], 'a test and adding show nothing');

  assert.equal((await check(path)).ok, true);
  const claims = shown.map((token) => readToken(token).claims);
  assert.deepEqual(claims[0].access, []);
  assert.equal(claims[1].access.length, 1);
  assert.deepEqual(claims[1].access[0].actions, ['delete']);
  assert.match(claims[1].access[0].name, /^spectacles-check\/[0-9a-f]{32}$/);
  assert.deepEqual(claims.map((one) => one.aud), ['spoofed', 'spoofed']);

  shown.length = 0;
  service = 'good'; // of another one, where a token could be replayed
  const found = await check(path);
  assert.deepEqual([found.ok, outcomes(found).service, outcomes(found).token], [false, 'failed', 'skipped']);
  assert.deepEqual(shown, []);
  await admin.must('DELETE', path);
});

test('the doctor says the same of all of them', async () => {
  const sick = await server.run(['doctor']);
  assert.equal(sick.code, 1, sick.stderr);
  assert.match(sick.stdout, /good \(http:\/\/localhost:\d+\)/);
  assert.match(sick.stdout, /failed +token/);
  const good = await server.run(['doctor', '--registry', 'good', '--output', 'json']);
  assert.equal(good.code, 0, good.stderr);
  assert.deepEqual(JSON.parse(good.stdout).map((one: { registry: string; test: Found }) => [one.registry, one.test.ok]), [['good', true]]);
  const unknown = await server.run(['doctor', '--registry', 'nowhere']);
  assert.equal(unknown.code, 2);
  assert.match(unknown.stderr, /nowhere/);

  const empty = await Spectacles.create();
  const nothing = await empty.run(['doctor']);
  assert.equal(nothing.code, 0, nothing.stderr);
  assert.match(nothing.stdout, /no registry yet/);
});
