// What a token and the reply around it hold, and which accesses are granted for which scopes.
import assert from 'node:assert/strict';
import type { JsonWebKey } from 'node:crypto';
import { after, before, test } from 'node:test';
import { type Answer, basic, send } from '../support/http.ts';
import { type Access, type Token, isSignedBy, keyOfJwk, keyOfLeaf, libtrustId, readToken, thumbprint } from '../support/jwt.ts';
import type { Spectacles } from '../support/spectacles.ts';
import { passwords, startWorld } from '../support/world.ts';

let server: Spectacles;
before(async () => (server = await startWorld()));
after(() => server.stop());

async function get(scopes: string[], user?: string, service = 'Docker registry'): Promise<Answer> {
  const query = new URLSearchParams({ service });
  for (const scope of scopes) query.append('scope', scope);
  return await send(server.url, { path: `/token_auth?${query}`, headers: user ? basic(user, passwords[user]) : {} });
}
async function token(scopes: string[], user?: string, service?: string): Promise<Token> {
  const answer = await get(scopes, user, service);
  assert.equal(answer.status, 200, answer.text);
  return readToken(answer.json.token);
}

test('the reply has the members that every client reads', async () => {
  const { json, headers } = await get(['repository:open/app:pull']);
  assert.deepEqual(Object.keys(json).sort(), ['access_token', 'expires_in', 'issued_at', 'token']);
  assert.equal(json.token, json.access_token);
  assert.ok(Number.isInteger(json.expires_in) && json.expires_in >= 60);
  assert.match(json.issued_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/);
  const { claims } = readToken(json.token);
  assert.equal(Math.floor(Date.parse(json.issued_at) / 1000), claims.iat);
  assert.equal(claims.exp - claims.iat, json.expires_in);
  assert.match(headers['content-type'], /^application\/json/);
  assert.equal(headers['cache-control'], 'no-store');
});

test('the claims have the types that registries take', async () => {
  const { claims } = await token(['repository:team/app:pull'], 'alice');
  assert.equal(claims.iss, 'Auth service');
  assert.equal(claims.aud, 'Docker registry');
  assert.equal(claims.sub, 'alice');
  for (const date of [claims.exp, claims.nbf, claims.iat]) assert.ok(Number.isInteger(date));
  assert.ok(claims.iat - claims.nbf >= 10 && claims.iat - claims.nbf <= 30);
  assert.ok(Math.abs(claims.iat - Date.now() / 1000) < 10);
  assert.ok(claims.jti.length >= 16);
  assert.notEqual(claims.jti, (await token(['repository:team/app:push'], 'alice')).claims.jti);
  assert.equal((await token(['repository:open/app:pull'])).claims.sub, '');
});

test('x5c: the leaf signs, and the id is that of libtrust', async () => {
  const found = await token(['repository:open/app:pull']);
  const key = keyOfLeaf(found);
  assert.ok(isSignedBy(found, key));
  assert.equal(found.header.x5c?.length, 1);
  assert.equal(found.header.kid, libtrustId(key));
  found.signed = found.signed.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'));
  assert.ok(!isSignedBy(found, key), 'a changed token is not signed');
});

test('jwks: no certificate, and the published keys verify it under both ids', async () => {
  const found = await token(['repository:other/x:pull'], undefined, 'the third: one');
  assert.equal(found.header.x5c, undefined);
  assert.equal(found.claims.aud, 'the third: one');
  const jwks = await send(server.url, { path: '/.well-known/jwks.json' });
  assert.equal(jwks.status, 200);
  const keys: JsonWebKey[] = jwks.json.keys;
  const key = keyOfJwk(keys[0]);
  assert.deepEqual(keys.map((one) => one.kid).sort(), [libtrustId(key), thumbprint(key)].sort());
  assert.equal(found.header.kid, thumbprint(key));
  for (const one of keys) {
    assert.ok(isSignedBy(found, keyOfJwk(one)));
    assert.equal(one.d, undefined, 'nothing of the private key');
  }
});

const repository = (name: string, ...actions: string[]): Access => ({ type: 'repository', name, actions });
const host = 'registry.example.org:5000';

// user (empty: anonymous), scope parameters, what the token grants
const grants: [string, string[], Access[]][] = [
  ['', ['repository:open/app:pull'], [repository('open/app', 'pull')]],
  ['', ['repository:open/app:pull,push,delete'], [repository('open/app', 'pull')]],
  ['', ['repository:team/app:pull'], []],
  ['', ['repository:nowhere/app:pull'], []],
  ['', ['repository:other/x:pull'], []], // a namespace of another registry
  ['alice', ['repository:team/app:push,pull'], [repository('team/app', 'pull', 'push')]],
  ['alice', ['repository:team/app:pull,pull,push'], [repository('team/app', 'pull', 'push')]],
  ['alice', ['repository:team/a:pull repository:open/b:pull'], [repository('team/a', 'pull'), repository('open/b', 'pull')]],
  ['alice', ['repository:team/a:pull', 'repository:team/a:push'], [repository('team/a', 'pull', 'push')]],
  ['alice', ['repository:team/a:pull', '', ' repository:team/b:pull  '], [repository('team/a', 'pull'), repository('team/b', 'pull')]],
  ['alice', [`repository:${host}/team/a:pull`], [repository('team/a', 'pull')]],
  ['alice', [`repository:${host}/team/a:pull`, 'repository:team/a:push'], [repository('team/a', 'pull', 'push')]],
  ['alice', ['repository:elsewhere.example.org:5000/team/a:pull'], []],
  ['alice', ['repository(plugin):team/a:pull'], [repository('team/a', 'pull')]],
  ['alice', ['repository:team/a:PULL'], []],
  ['alice', ['repository:team/a:pull,fly,,'], [repository('team/a', 'pull')]],
  ['carol', ['repository:team/app:push'], [repository('team/app', 'push')]],
  ['carol', ['repository:team/app:pull'], []], // WRITE pulls only together with push
  ['carol', ['repository:team/app:push,pull'], [repository('team/app', 'pull', 'push')]],
  ['carol', ['repository:team/app:delete'], []],
  ['bob', ['repository:team/shared/x:pull,push'], [repository('team/shared/x', 'pull')]],
  ['bob', ['repository:team/own:pull'], []],
  ['dave', ['repository:team/app:pull'], []], // his group holds NONE
  ['dave', ['repository:open/app:pull,push'], [repository('open/app', 'pull')]],
  ['auditor', ['repository:team/app:pull,push'], []],
  ['alice', ['registry:catalog:*'], []],
  ['', ['registry:catalog:*'], []],
  ['auditor', ['registry:catalog:*'], []],
  ['admin', ['registry:catalog:*'], [{ type: 'registry', name: 'catalog', actions: ['*'] }]],
  ['admin', ['registry:catalog:pull'], []],
  ['admin', ['registry:other:*'], []],
  ['admin', ['repository:anything/at/all:pull,push,delete'], [repository('anything/at/all', 'pull', 'push', 'delete')]],
];

test('scopes grant what the rules say', async () => {
  for (const [user, scopes, expected] of grants) {
    const { claims } = await token(scopes, user || undefined);
    const found = claims.access.map((entry) => ({ ...entry, actions: [...entry.actions].sort() }));
    const wanted = expected.map((entry) => ({ ...entry, actions: [...entry.actions].sort() }));
    assert.deepEqual(found, wanted, `${user || 'anonymous'} asks ${scopes.join(' & ')}`);
  }
});

test('* is what the user holds, and literal only for who holds everything', async () => {
  const held = async (user: string, name: string): Promise<string[][]> =>
    (await token([`repository:${name}:*`], user)).claims.access.map((entry) => [...entry.actions].sort());
  assert.deepEqual(await held('bob', 'team/shared/x'), [['pull']]);
  assert.deepEqual(await held('dave', 'team/a'), []);
  assert.deepEqual(await held('carol', 'team/a'), [['pull', 'push']]);
  for (const actions of [await held('alice', 'team/a'), await held('admin', 'team/a')]) {
    assert.deepEqual(actions[0].filter((action) => action !== '*'), ['delete', 'pull', 'push']);
  }
});

const malformed = [
  ...['', ':', '::', ':::', 'repository', 'repository:', 'repository:team', 'repository:team/a', 'repository::pull'],
  ...['repository:team/a:', 'a:b:c', 'REPOSITORY:team/a:pull', 'repository(:team/a:pull', 'repository(a)(b):team/a:pull'],
  ...['a___b', 'a..b', 'a._b', '-a', 'a-', '/a', 'a/', 'a//b', 'a/../b', 'a%2fb', '_catalog', 'A', 'x'.repeat(300)].map(
    (name) => `repository:team/${name}:pull`,
  ),
  ...['repository:/team/a:pull', 'repository:team/é:pull', 'repository:team/a\n:pull', 'repository:team/a\t:pull'],
  ...['registry:catalog', 'registry::*', 'repository:team/a\u0000b:pull', `repository:${host}:pull`, `repository:${host}/:pull`],
];

test('a malformed scope grants nothing and breaks nothing', async () => {
  for (const scope of malformed) {
    const answer = await get([scope], 'alice');
    if (scope.includes('\u0000')) {
      assert.ok([200, 400].includes(answer.status), `${scope}: ${answer.status}`);
      if (answer.status === 400) continue;
    }
    assert.equal(answer.status, 200, `${scope}: ${answer.text}`);
    assert.deepEqual(readToken(answer.json.token).claims.access, [], scope);
  }
  const both = await token(['repository:team/A:pull', 'repository:team/a:pull'], 'alice');
  assert.deepEqual(both.claims.access, [repository('team/a', 'pull')], 'the good one beside a bad one');
});
