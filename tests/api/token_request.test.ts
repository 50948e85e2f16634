// Who gets a token, and what is refused: the parameters, methods and credentials of the token endpoint.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Answer, type Request, basic, send } from '../support/http.ts';
import { type Row, checkRows } from '../support/rows.ts';
import type { Spectacles } from '../support/spectacles.ts';
import { passwords, startWorld } from '../support/world.ts';

const service = 'service=Docker%20registry';
const open = 'scope=repository:open/app:pull';
const path = `/token_auth?${service}`;
const alice = basic('alice', passwords.alice);
const form = 'application/x-www-form-urlencoded';

let server: Spectacles;
before(async () => (server = await startWorld()));
after(() => server.stop());
const ask = (request: Request): Promise<Answer> => send(server.url, request);

const post = (body: string | string[], headers: Record<string, string> = {}): Request => ({
  method: 'POST',
  path: '/token_auth',
  headers: { 'content-type': form, ...headers },
  body,
});
const password = (name: string, more = ''): string =>
  `grant_type=password&${service}&client_id=test&username=${name}&password=${encodeURIComponent(passwords[name])}${more}`;

const refused = { has: ['"code":"UNAUTHORIZED"', '"detail":null', '"details":'], hasNot: ['token', 'Exception'] };
const bad = { status: 400, has: ['"errors":[', '"details":'], hasNot: ['"token"'] };

describe('methods and addresses', () => {
  const rows: Row[] = [
    { name: 'GET', request: { path: `${path}&${open}` }, status: 200, has: ['"token"'], headers: { 'cache-control': /no-store/ } },
    { name: 'HEAD', request: { method: 'HEAD', path: `${path}&${open}` }, status: 200, hasNot: [/./] },
    { name: 'the alias of distribution', request: { path: `/auth/token?${service}&${open}` }, status: 200, has: ['"token"'] },
    { name: 'the alias of docker_auth', request: { path: `/auth?${service}&${open}` }, status: 200, has: ['"token"'] },
    { name: 'POST to an alias', request: { ...post(password('alice')), path: '/auth' }, status: 200, has: ['"access_token"'] },
    ...['PUT', 'DELETE', 'PATCH'].map((method): Row => ({
      name: method, request: { method, path }, status: 405, hasNot: ['"token"'], headers: { allow: /GET.*POST|POST.*GET/ },
    })),
    { name: 'OPTIONS', request: { method: 'OPTIONS', path }, status: 405, headers: { allow: /GET.*POST|POST.*GET/ } },
    { name: 'unknown parameters', request: { path: `${path}&${open}&a=b&a=c&&=` }, status: 200, has: ['"token"'] },
  ];
  test('each is answered as documented', () => checkRows(rows, ask));
});

describe('service', () => {
  const rows: Row[] = [
    { name: 'missing', request: { path: `/token_auth?${open}` }, ...bad, has: ['service'] },
    { name: 'empty', request: { path: `/token_auth?service=&${open}` }, ...bad, has: ['service'] },
    { name: 'unknown', request: { path: `/token_auth?service=nobody&${open}` }, ...bad, has: ['nobody'] },
    { name: 'unknown with credentials', request: { path: '/token_auth?service=nobody', headers: alice }, ...bad, has: ['nobody'] },
    { name: 'other case', request: { path: `/token_auth?service=docker%20registry&${open}` }, ...bad, has: ['docker registry'] },
    { name: 'a NUL', request: { path: `/token_auth?service=a%00b&${open}` }, status: 400, hasNot: ['"token"'] },
    { name: 'no UTF-8', request: { path: `/token_auth?service=%ff&${open}` }, status: 400, hasNot: ['"token"'] },
    { name: 'a broken escape', request: { path: `/token_auth?service=%zz&${open}` }, status: 400, hasNot: ['"token"'] },
    { name: 'markup', request: { path: `/token_auth?service=%3Cscript%3E&${open}` }, status: 400, headers: { 'content-type': /^application\/json/ } },
    { name: '+ is a blank', request: { path: `/token_auth?service=Docker+registry&${open}` }, status: 200 },
    { name: 'a colon in the name', request: { path: '/token_auth?service=the%20third%3A%20one&scope=repository:other/x:pull' }, status: 200, has: ['"token"'] },
    { name: 'missing in the form', request: post('grant_type=password&username=alice&password=x'), ...bad, has: ['service'] },
  ];
  test('names the registry', () => checkRows(rows, ask));
});

describe('account', () => {
  const rows: Row[] = [
    { name: 'the same', request: { path: `${path}&account=alice`, headers: alice }, status: 200 },
    { name: 'in other case', request: { path: `${path}&account=ALICE`, headers: alice }, status: 200 },
    { name: 'user in other case', request: { path: `${path}&account=alice`, headers: basic('Alice', passwords.alice) }, status: 200 },
    { name: 'another', request: { path: `${path}&account=bob`, headers: alice }, ...bad, has: ['account'] },
    { name: 'empty', request: { path: `${path}&account=`, headers: alice }, status: [200, 400] },
    { name: 'of an anonymous request', request: { path: `${path}&account=alice&${open}` }, status: 200 },
    { name: 'alone is no identity', request: { path: `${path}&account=alice` }, status: 401, ...refused },
  ];
  test('is a hint and never an identity', () => checkRows(rows, ask));
});

describe('credentials', () => {
  const unauthorized = { status: 401, ...refused, headers: { 'www-authenticate': /^Basic realm="/ } };
  const header = (authorization: string): Request => ({ path: `${path}&${open}`, headers: { authorization } });
  const rows: Row[] = [
    { name: 'none and no scope', request: { path }, ...unauthorized },
    { name: 'none and an empty scope', request: { path: `${path}&scope=` }, ...unauthorized },
    { name: 'none and empty scopes', request: { path: `${path}&scope=&scope=` }, ...unauthorized },
    { name: 'wrong password', request: { path: `${path}&${open}`, headers: basic('alice', 'wrong') }, ...unauthorized },
    { name: 'empty password', request: { path: `${path}&${open}`, headers: basic('alice', '') }, ...unauthorized },
    { name: 'empty user', request: { path: `${path}&${open}`, headers: basic('', 'some-refresh-token') }, ...unauthorized },
    { name: 'no user name at all', request: { path: `${path}&${open}`, headers: basic('no such\u0000name', 'x') }, ...unauthorized },
    { name: 'a very long password', request: { path: `${path}&${open}`, headers: basic('alice', 'x'.repeat(5000)) }, ...unauthorized },
    { name: 'colons and UTF-8', request: { path, headers: basic('colon', passwords.colon) }, status: 200 },
    { name: 'decomposed UTF-8', request: { path, headers: basic('colon', passwords.colon.normalize('NFD')) }, status: 200 },
    ...['basic', 'BASIC', 'bAsIc'].map((scheme): Row => ({
      name: scheme, request: { path, headers: basic('alice', passwords.alice, scheme) }, status: 200,
    })),
    { name: 'no base64', request: header('Basic !!!'), ...unauthorized },
    { name: 'no colon', request: header(`Basic ${Buffer.from('alice').toString('base64')}`), ...unauthorized },
    { name: 'no value', request: header('Basic'), ...unauthorized },
    { name: 'no UTF-8', request: header(`Basic ${Buffer.from([0xff, 0x3a, 0xfe]).toString('base64')}`), ...unauthorized },
    { name: 'in the query', request: { path: `${path}&username=alice&password=${encodeURIComponent(passwords.alice)}` }, ...unauthorized },
    { name: 'offline', request: { path: `${path}&offline_token=true`, headers: alice }, status: 200, hasNot: ['refresh_token'] },
  ];
  test('open or refuse', () => checkRows(rows, ask));

  test('are refused by one and the same answer', async () => {
    const wrong = ['alice', 'nobody', 'eve', 'ALICE'].map((name) => basic(name, 'wrong password'));
    const all = [...wrong, basic('eve', passwords.eve), basic('', 'token'), { authorization: 'Basic !' }];
    const answers = await Promise.all(all.map((headers) => ask({ path: `${path}&${open}`, headers })));
    assert.deepEqual(answers.map((answer) => answer.status), answers.map(() => 401));
    assert.deepEqual([...new Set(answers.slice(0, 6).map((answer) => answer.text))].length, 1);
    const { errors, details } = answers[0].json;
    assert.deepEqual(errors, [{ code: 'UNAUTHORIZED', message: details, detail: null }]);
  });
});

describe('the form', () => {
  const rows: Row[] = [
    { name: 'password', request: post(password('alice')), status: 200, has: ['"access_token"', '"scope":""'], hasNot: ['refresh_token'] },
    { name: 'in chunks', request: post([password('alice').slice(0, 20), password('alice').slice(20)]), status: 200, has: ['"token"'] },
    { name: 'with a charset', request: post(password('alice'), { 'content-type': `${form}; charset=utf-8` }), status: 200 },
    { name: 'type in capitals', request: post(password('alice'), { 'content-type': 'Application/X-WWW-Form-URLEncoded' }), status: 200 },
    { name: 'wrong type', request: post(password('alice'), { 'content-type': 'application/json' }), ...bad },
    { name: 'without client_id', request: post(password('alice').replace('client_id=test&', '')), status: 200 },
    { name: 'scopes', request: post(password('alice', '&scope=repository:team/a:pull&scope=repository:team/b:push,pull')), status: 200, has: ['"scope":"repository:team/a:pull repository:team/b:pull,push"'] },
    { name: 'offline', request: post(password('alice', '&access_type=offline')), status: 200, hasNot: ['refresh_token'] },
    { name: 'wrong password', request: post(`grant_type=password&${service}&username=alice&password=wrong`), status: 401, ...refused },
    { name: 'refresh token', request: post(`grant_type=refresh_token&${service}&refresh_token=abc`), status: 401, ...refused },
    { name: 'refresh token in chunks', request: post([`grant_type=refresh_token&${service}`, '&refresh_token=abc']), status: 401, ...refused },
    { name: 'another grant', request: post(password('alice').replace('=password', '=client_credentials')), ...bad, has: ['grant_type'] },
    { name: 'no grant', request: post(password('alice').replace('grant_type=password&', '')), ...bad, has: ['grant_type'] },
    { name: 'credentials in the query of a POST', request: { ...post(`grant_type=password&${service}`), path: `${path}&username=alice&password=${encodeURIComponent(passwords.alice)}` }, status: [400, 401], hasNot: ['"token"'] },
    { name: 'user without password', request: post(`grant_type=password&${service}&username=alice`), ...bad, has: ['password'] },
    { name: 'equal to the header', request: post(password('alice'), alice), status: 200 },
    { name: 'another user than the header', request: post(password('bob'), alice), ...bad },
    { name: 'another password than the header', request: post(`grant_type=password&${service}&username=alice&password=other`, alice), ...bad },
    { name: 'from a page of another site', request: post(password('alice'), { 'sec-fetch-site': 'cross-site' }), status: [200, 403] },
  ];
  test('is read as clients send it', () => checkRows(rows, ask));
});

describe('size', () => {
  test('a thousand scopes of one repository are one', async () => {
    const scopes = Array.from({ length: 1000 }, (_, i) => `&scope=repository:open/app:${i % 2 ? 'pull' : 'push'}`).join('');
    const answer = await ask(post(password('alice', scopes)));
    assert.equal(answer.status, 200);
    assert.equal(answer.json.scope, 'repository:open/app:pull');
  });
  test('a thousand repositories are refused, or answered', async () => {
    const scopes = Array.from({ length: 1000 }, (_, i) => `&scope=repository:open/app${i}:pull`).join('');
    assert.ok([200, 400].includes((await ask(post(password('alice', scopes)))).status));
  });
  const rows: Row[] = [
    { name: 'a huge query', request: { path: `${path}&x=${'x'.repeat(100_000)}` }, status: [400, 413, 414, 431], hasNot: ['"token"'] },
    { name: 'a huge body', request: post(`x=${'x'.repeat(3_000_000)}`), status: [400, 413], hasNot: ['"token"'] },
    { name: 'a huge header', request: { path, headers: { 'x-filler': 'x'.repeat(100_000) } }, status: [400, 431] },
  ];
  test('of a request is limited', () => checkRows(rows, ask));
  test('nothing of all this was a fault of the server', () => assert.doesNotMatch(server.log, /request failed/));
});
