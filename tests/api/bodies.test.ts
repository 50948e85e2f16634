// Bodies that are not what they should be: each refusal is a problem that names the member.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Row, checkRows } from '../support/rows.ts';
import type { Spectacles } from '../support/spectacles.ts';
import { Caller, startWorld } from '../support/world.ts';

let server: Spectacles;
let admin: Caller;
let team: number;
before(async () => {
  server = await startWorld();
  admin = await Caller.signIn(server.url, 'admin');
  team = await admin.namespaceId('team');
});
after(() => server.stop());

const users = (name: string, body: string | Buffer, status: number, field?: string, type = 'application/json'): Row => ({
  name,
  request: { method: 'POST', path: '/users', headers: { 'content-type': type }, body },
  status,
  has: field === undefined ? [] : [`"field":"${field}"`],
  hasNot: ['secret words'],
  check: (answer) => assert.ok(field !== undefined || answer.json.field === undefined, `names ${answer.json.field}`),
});
const good = '"username":"new","password":"secret words"';

test('JSON is read strictly', () =>
  checkRows(
    [
      users('nothing', '', 400),
      users('no JSON', 'username=new', 400),
      users('cut off', `{${good}`, 400),
      users('more after it', `{${good}} x`, 400),
      users('a comment', `{${good} /* x */}`, 400),
      users('a comma too many', `{${good},}`, 400),
      users('single quotes', "{'username':'new'}", 400),
      users('an array', '[]', 400),
      users('a text', '"new"', 400),
      users('null', 'null', 400),
      users('no UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), 400),
      users('nested too deeply', `{${good},"email":${'['.repeat(100)}${']'.repeat(100)}}`, 400),
      users('nested far too deeply', '['.repeat(500_000), 400),
      users('a wrong type', '{"username":5,"password":"secret words"}', 400, 'username'),
      users('an object for a text', '{"username":{},"password":"secret words"}', 400, 'username'),
      users('null for a text', '{"username":null,"password":"secret words"}', 400, 'username'),
      users('missing', '{"username":"new"}', 400, 'password'),
      users('unknown', `{${good},"colour":"red"}`, 400, 'colour'),
      users('twice', `{${good},"username":"new2"}`, 400, 'username'),
      users('twice by an escape', `{${good},"user\\u006eame":"new2"}`, 400, 'username'),
      users('a NUL', '{"username":"a\\u0000b","password":"secret words"}', 400, 'username'),
      users('half a character', '{"username":"a\\ud800","password":"secret words"}', 400),
      users('wrong role', `{${good},"role":"root"}`, 400, 'role'),
      users('text as a form', good, 415, undefined, 'application/x-www-form-urlencoded'),
      users('plain text', `{${good}}`, 415, undefined, 'text/plain'),
      users('other JSON', `{${good}}`, 415, undefined, 'application/jsonp'),
      users('huge', `{${good},"email":"${'x'.repeat(5_000_000)}"}`, 413),
      users('right', `{${good}}`, 201, undefined, 'application/json; charset=utf-8'),
    ],
    (request) => admin.send(request),
  ));

const change = (name: string, body: unknown, field: string): Row => ({
  name,
  request: { method: 'PATCH', path: `/namespaces/${team}`, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
  status: 400,
  has: [`"field":"${field}"`],
});
const claim = { user: 'bob', repository: '*', access: 'READ' };

test('members of lists are named by their place', () =>
  checkRows(
    [
      change('not a list', { members: 'alice' }, 'members'),
      change('not a text', { members: ['alice', 5] }, 'members[1]'),
      change('no name', { members: ['alice', 'not a name'] }, 'members[1]'),
      change('nobody', { members: ['alice', 'nobody'] }, 'members[1]'),
      change('no group', { groups: ['none'] }, 'groups[0]'),
      change('no level', { other_access: 'read' }, 'other_access'),
      change('too much for anonymous', { anonymous_access: 'WRITE' }, 'anonymous_access'),
      change('unknown owner', { owner: 'nobody' }, 'owner'),
      change('a claim of nobody', { claims: [{ ...claim, user: 'nobody' }] }, 'claims[0].user'),
      change('a claim without level', { claims: [claim, { user: 'bob', repository: 'a' }] }, 'claims[1].access'),
      change('a claim of both', { claims: [{ ...claim, group: 'crew' }] }, 'claims[0].user'),
      change('a claim of none', { claims: [{ repository: '*', access: 'READ' }] }, 'claims[0].user'),
      change('unknown in a claim', { claims: [{ ...claim, x: 1 }] }, 'claims[0].x'),
      change('a claim twice', { claims: [claim, claim] }, 'claims[1]'),
      change('a claim that is none', { claims: [5] }, 'claims[0]'),
      change('another registry', { registry: 'third' }, 'registry'),
    ],
    (request) => admin.send(request),
  ));

test('nothing of all this was a fault of the server', () => assert.doesNotMatch(server.log, /request failed/));
