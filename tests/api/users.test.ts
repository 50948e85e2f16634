// What administrators do with users, what users do with themselves, and which passwords they may choose.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Answer } from '../support/http.ts';
import { type Row, checkRows } from '../support/rows.ts';
import type { Spectacles } from '../support/spectacles.ts';
import { Caller, granted, passwords, placeOf, startWorld, tokenStatus } from '../support/world.ts';

let server: Spectacles;
let admin: Caller;
let anybody: Caller;
before(async () => {
  server = await startWorld();
  admin = await Caller.signIn(server.url, 'admin');
  anybody = new Caller(server.url);
});
after(() => server.stop());

const json = { 'content-type': 'application/json' };
const row = (name: string, method: string, path: string, body: unknown, status: number | number[], field?: string, more: Partial<Row> = {}): Row => ({
  name,
  request: { method, path, headers: body === undefined ? {} : json, body: body === undefined ? undefined : JSON.stringify(body) },
  status,
  has: field === undefined ? [] : [`"field":"${field}"`],
  ...more,
});

// A new user, and the path that he is at.
async function makeBy(administrator: Caller, username: string, more: object = {}): Promise<string> {
  passwords[username] = `the words that ${username[0]} knows`;
  return placeOf(await administrator.must('POST', '/users', { username, password: passwords[username], ...more }));
}
const make = (username: string, more: object = {}): Promise<string> => makeBy(admin, username, more);
const signIn = (username: string, password = passwords[username]): Promise<Answer> => anybody.ask('POST', '/session', { username, password });
const isSignedIn = async (caller: Caller): Promise<boolean> => (await caller.get('/session')).status === 200;

describe('changing a user', () => {
  test('changes what is given, and leaves the rest', async () => {
    const path = await make('changing', { email: 'old@example.org', role: 'auditor' });
    const rows: Row[] = [
      row('nothing', 'PATCH', path, {}, 200, undefined, { has: ['"old@example.org"', '"role":"auditor"', '"disabled":false'] }),
      row('the address', 'PATCH', path, { email: 'new@example.org' }, 200, undefined, { has: ['"new@example.org"', '"role":"auditor"'] }),
      row('the role', 'PATCH', path, { role: 'user' }, 200, undefined, { has: ['"new@example.org"', '"role":"user"'] }),
      row('no address', 'PATCH', path, { email: null }, 200, undefined, { has: ['"email":null', '"role":"user"'] }),
      row('all at once', 'PATCH', path, { email: 'a@b', role: 'admin', disabled: true }, 200, undefined, { has: ['"a@b"', '"role":"admin"', '"disabled":true'] }),
      row('as it was read', 'GET', path, undefined, 200, undefined, { has: ['"a@b"', '"role":"admin"', '"disabled":true'] }),
    ];
    await checkRows(rows, (request) => admin.send(request));
  });

  test('refuses what cannot be changed, by its name', async () => {
    const path = await make('assigned', { email: 'assigned@example.org' });
    const before = (await admin.get(path)).text;
    const wrong: [string, unknown][] = [
      ['id', 1], ['username', 'other'], ['password', 'a new one for him'], ['password_hash', '$argon2id$x'], ['created_at', '2020-01-01T00:00:00Z'],
      ['groups', ['crew']], ['session', 'x'], ['Role', 'admin'], ['is_admin', true], ['__proto__x', {}],
      ['role', 'root'], ['role', null], ['role', ''], ['role', 1], ['disabled', null], ['disabled', 'true'], ['disabled', 1], ['email', 'nonsense'], ['email', ''], ['email', 5],
    ];
    const rows = wrong.map(([field, value]) => row(`${field} ${JSON.stringify(value)}`, 'PATCH', path, { disabled: true, [field]: value }, 400, field));
    await checkRows(rows, (request) => admin.send(request));
    assert.equal((await admin.get(path)).text, before, 'nothing of all that');
  });

  test('oneself changes the address and nothing that gives rights', async () => {
    const path = await make('climber');
    const climber = await Caller.signIn(server.url, 'climber');
    const rows: Row[] = [
      row('the address', 'PATCH', path, { email: 'climber@example.org' }, 200, undefined, { has: ['"climber@example.org"'] }),
      row('the role', 'PATCH', path, { role: 'admin' }, [400, 403]),
      row('the role beside the address', 'PATCH', path, { email: 'sneaky@example.org', role: 'auditor' }, [400, 403]),
      row('disabled', 'PATCH', path, { disabled: true }, [400, 403]),
      row('the name', 'PATCH', path, { username: 'admin2' }, 400, 'username'),
      row('groups', 'PATCH', path, { groups: ['crew'] }, 400, 'groups'),
      row('deletes nobody', 'DELETE', path, undefined, 403),
      row('is as he was', 'GET', path, undefined, 200, undefined, { has: ['"role":"user"', '"climber@example.org"', '"disabled":false', '"groups":[]'] }),
    ];
    await checkRows(rows, (request) => climber.send(request));
  });

  test('a role counts at once, in sessions that are open too', async () => {
    const path = await make('promoted');
    const promoted = await Caller.signIn(server.url, 'promoted');
    const seen = async (): Promise<number[]> => [(await promoted.get('/settings')).status, (await promoted.ask('POST', '/groups', {})).status];
    assert.deepEqual(await seen(), [403, 403]);
    await admin.must('PATCH', path, { role: 'auditor' });
    assert.deepEqual(await seen(), [200, 403]);
    await admin.must('PATCH', path, { role: 'admin' });
    assert.deepEqual(await seen(), [200, 400]);
    await admin.must('PATCH', path, { role: 'user' });
    assert.deepEqual(await seen(), [403, 403]);
  });

  test('who is disabled is out at once, and in again when enabled', async () => {
    const path = await make('paused');
    const sessions = [await Caller.signIn(server.url, 'paused'), await Caller.signIn(server.url, 'paused')];
    assert.equal(await tokenStatus(server, 'paused'), 200);
    await admin.must('PATCH', path, { disabled: true });
    for (const session of sessions) assert.equal((await session.get('/registries')).status, 401);
    assert.equal(await tokenStatus(server, 'paused'), 401);
    assert.equal((await signIn('paused')).status, 401);
    assert.deepEqual(await admin.list(`${path}/sessions`), []);
    await admin.must('PATCH', path, { disabled: false });
    assert.equal(await tokenStatus(server, 'paused'), 200);
    assert.equal((await signIn('paused')).status, 200);
    for (const session of sessions) assert.equal(await isSignedIn(session), false, 'what ended stays ended');
  });

  test('the groups of a user show where he is asked for, and namespaces where he counts', async () => {
    const bob = await admin.pathOf('/users', 'bob');
    assert.deepEqual((await admin.get(await admin.pathOf('/users', 'dave'))).json.groups, ['crew']);
    assert.deepEqual((await admin.get(bob)).json.groups, []);
    const namespaces = await admin.list(`${bob}/namespaces`);
    const shown = namespaces.map(({ registry, name, owner, member, claims }) => [registry.name, name, owner, member, claims]);
    assert.deepEqual(shown, [
      ['main', 'open', true, false, []],
      ['main', 'team', false, false, [{ repository: 'shared/*', access: 'READ' }]],
      ['third', 'other', true, false, []],
    ]);
    assert.deepEqual((await admin.list(`${await admin.pathOf('/users', 'carol')}/namespaces`)).map((one) => [one.name, one.member]), [['team', true]]);
    assert.deepEqual(await admin.list(`${await admin.pathOf('/users', 'dave')}/namespaces`), [], 'by his group, which has a list of its own');
    assert.deepEqual(await admin.list(`${bob}/namespaces`, 1), namespaces, 'in pages of one');
  });
});

describe('deleting a user', () => {
  test('ends what he had, and his name may be had again without it', async () => {
    const path = await make('leaving');
    const crew = await admin.pathOf('/groups', 'crew');
    const team = await admin.pathOf('/namespaces', 'team');
    const { claims } = (await admin.get(team)).json;
    await admin.must('PUT', `${crew}/members/leaving`);
    await admin.must('PATCH', team, { members: ['carol', 'leaving'], claims: [...claims, { user: 'leaving', repository: '*', access: 'FULL' }] });
    assert.equal(await granted(server, 'leaving', 'team/app'), 'delete,pull,push');
    const leaving = await Caller.signIn(server.url, 'leaving');
    await admin.must('DELETE', path);
    assert.equal(await isSignedIn(leaving), false);
    assert.equal(await tokenStatus(server, 'leaving'), 401);
    assert.equal((await signIn('leaving')).status, 401);
    assert.equal((await admin.get(path)).status, 404);
    assert.equal((await admin.ask('DELETE', path)).status, 404);
    assert.deepEqual((await admin.get(crew)).json.members, ['dave']);
    const after = (await admin.get(team)).json;
    assert.deepEqual([after.members, after.claims], [['carol'], claims]);

    assert.notEqual(await make('leaving'), path, 'an id is never given again');
    assert.equal(await granted(server, 'leaving', 'team/app'), '');
  });

  test('an owner goes only together with his namespaces', async () => {
    const path = await make('owning');
    for (const name of ['his-a', 'his-b']) await admin.must('POST', '/namespaces', { registry: 'main', name, owner: 'owning', other_access: 'READ' });
    const gone = placeOf(await admin.must('POST', '/users', { username: 'off', password: 'is not there any more' }));
    await admin.must('PATCH', gone, { disabled: true });
    const rows: Row[] = [
      row('alone', 'DELETE', path, undefined, 409, undefined, { has: ['his-a', 'his-b'] }),
      row('to nobody', 'DELETE', `${path}?transfer_to=nobody`, undefined, 400, 'transfer_to'),
      row('to no name', 'DELETE', `${path}?transfer_to=No%20Name`, undefined, 400, 'transfer_to'),
      row('to who is disabled', 'DELETE', `${path}?transfer_to=off`, undefined, 400, 'transfer_to'),
      row('to himself', 'DELETE', `${path}?transfer_to=owning`, undefined, 400, 'transfer_to'),
      row('to himself in capitals', 'DELETE', `${path}?transfer_to=OWNING`, undefined, 400, 'transfer_to'),
      row('is still there', 'GET', path, undefined, 200),
      row('to another', 'DELETE', `${path}?transfer_to=Bob`, undefined, 204),
      row('is gone', 'GET', path, undefined, 404),
    ];
    await checkRows(rows, (request) => admin.send(request));
    const names = (await admin.list('/namespaces?owner=bob')).map((one) => one.name);
    assert.deepEqual(names.filter((name) => name.startsWith('his-')), ['his-a', 'his-b']);
    assert.equal(await granted(server, 'bob', 'his-a/app'), 'delete,pull,push');
    assert.equal(await granted(server, 'dave', 'his-a/app'), 'pull', 'the rights of others stay');
    const changes = (await admin.list('/activity?action=namespace.changed&q=his-')).map(({ subject, actor, before, after }) => [subject, actor, before.owner, after.owner]);
    assert.deepEqual(changes.sort(), [['main: his-a', 'admin', 'owning', 'bob'], ['main: his-b', 'admin', 'owning', 'bob']]);
    assert.equal((await admin.list('/activity?action=user.deleted&q=owning')).length, 1);
  });

  test('the name of who is to get them has to fit also where there is nothing to get', async () => {
    const path = await make('poor');
    const refused = await admin.ask('DELETE', `${path}?transfer_to=nobody`);
    assert.deepEqual([refused.status, refused.json.field], [400, 'transfer_to']);
    assert.equal((await admin.ask('DELETE', `${path}?transfer_to=bob`)).status, 204);
  });
});

describe('passwords', () => {
  const places = (password: string): [string, () => Promise<Answer>][] => [
    ['for a new user', () => admin.ask('POST', '/users', { username: 'candidate', password })],
    ['by an administrator', async () => admin.ask('PUT', `${await admin.pathOf('/users', 'dave')}/password`, { password })],
    ['by himself', async () => {
      const carol = await Caller.signIn(server.url, 'carol');
      return carol.ask('PUT', `${await admin.pathOf('/users', 'carol')}/password`, { password, current_password: passwords.carol });
    }],
  ];
  const refused: [string, string][] = [
    ['empty', ''], ['too short', 'aB3$xyz'], ['too long', `${'x y z 1 '.repeat(32)}!`], ['seven characters of many bytes', '漢字漢字漢字漢'],
    ['common', 'password1'], ['common in capitals', 'PassWord1'], ['counting', '12345678'], ['counting to nine', '123456789'], ['a row of keys', 'qwertyuiop'], ['a common sentence', 'iloveyou'],
    ['the name of the program', 'spectacles1'], ['one letter', 'aaaaaaaa'], ['one digit', '00000000'], ['letters in a row', 'abcdefgh'],
  ];
  for (const [name, password] of refused) {
    test(`${name} is refused wherever one is chosen`, async () => {
      for (const [place, ask] of places(password)) {
        const answer = await ask();
        assert.deepEqual([answer.status, answer.json.field], [400, 'password'], `${place}: ${answer.text}`);
        assert.ok(answer.json.detail.length > 20, 'it says why');
        assert.doesNotMatch(answer.text.toLowerCase(), new RegExp(password.length > 0 ? password.slice(0, 20).toLowerCase() : '^$'), 'not in the answer');
      }
      for (const user of ['dave', 'carol']) assert.equal(await tokenStatus(server, user), 200, `${user} still has the old one`);
    });
  }

  test("the user's own name is refused", async () => {
    for (const username of ['longusername', 'LongUserName']) {
      const answer = await admin.ask('POST', '/users', { username, password: 'longusername' });
      assert.deepEqual([answer.status, answer.json.field], [400, 'password'], answer.text);
    }
    const path = await make('longusername');
    const own = await Caller.signIn(server.url, 'longusername');
    for (const [who, more] of [[admin, {}], [own, { current_password: passwords.longusername }]] as const) {
      const answer = await who.ask('PUT', `${path}/password`, { password: 'LONGusername', ...more });
      assert.deepEqual([answer.status, answer.json.field], [400, 'password'], answer.text);
    }
  });

  const accepted: [string, string][] = [
    ['eight small letters', 'vtwkqmzp'], ['digits alone', '8305172964418'], ['one case', 'horse battery staple'], ['blanks at both ends', '  in the middle  '], ['Unicode', 'пароль для входа 漢字'],
    ['64 characters', `${'sixteen letters '.repeat(4)}`.slice(0, 63) + '1'], ['256 characters', `${'sixteen letters '.repeat(16)}`.slice(0, 255) + '1'], ['256 of many bytes', `${'漢字かな交じり文 '.repeat(40)}`.slice(0, 255) + '1'],
  ];
  test('without rules of composition, and whole to the last character', async () => {
    const path = await make('chooser');
    for (const [name, password] of accepted) {
      const answer = await admin.ask('PUT', `${path}/password`, { password });
      assert.equal(answer.status, 204, `${name}: ${answer.text}`);
      assert.equal(await tokenStatus(server, 'chooser', password), 200, name);
      assert.equal((await signIn('chooser', password)).status, 200, name);
      for (const other of [password.slice(0, -1), `${password.slice(0, -1)}2`, `${password}x`, password.trim() === password ? '' : password.trim()]) {
        if (other) assert.equal(await tokenStatus(server, 'chooser', other), 401, `${name}: another one`);
      }
    }
  });

  test('a body that is wrong is refused by the member', async () => {
    const path = `${await admin.pathOf('/users', 'dave')}/password`;
    const good = 'a password for dave';
    const rows: Row[] = [
      row('nothing', 'PUT', path, {}, 400, 'password'),
      row('null', 'PUT', path, { password: null }, 400, 'password'),
      row('a number', 'PUT', path, { password: 12345678 }, 400, 'password'),
      row('a list', 'PUT', path, { password: [good] }, 400, 'password'),
      row('unknown', 'PUT', path, { password: good, role: 'admin' }, 400, 'role'),
      row('a hash', 'PUT', path, { password: good, password_hash: 'x' }, 400, 'password_hash'),
      row('a NUL', 'PUT', path, { password: 'before\u0000after it' }, 400, 'password'),
    ];
    await checkRows(rows, (request) => admin.send(request));
    assert.equal(await tokenStatus(server, 'dave'), 200, 'he still has the old one');
  });

  test('who changes his own needs the old one, and keeps this session alone', async () => {
    const path = await make('changer');
    const [here, elsewhere] = [await Caller.signIn(server.url, 'changer'), await Caller.signIn(server.url, 'changer')];
    const old = passwords.changer;
    const password = 'the next one of his';
    const rows: Row[] = [
      row('without the old one', 'PUT', `${path}/password`, { password }, 400, 'current_password'),
      row('with null', 'PUT', `${path}/password`, { password, current_password: null }, 400, 'current_password'),
      // Not 401: the console would take the session for ended.
      row('with a wrong one', 'PUT', `${path}/password`, { password, current_password: 'not the old one' }, [400, 403], 'current_password'),
      row('with the new one', 'PUT', `${path}/password`, { password, current_password: password }, [400, 403], 'current_password'),
      row('with an empty one', 'PUT', `${path}/password`, { password, current_password: '' }, [400, 403], 'current_password'),
    ];
    await checkRows(rows, (request) => here.send(request));
    assert.ok((await isSignedIn(here)) && (await isSignedIn(elsewhere)), 'nothing has happened yet');
    assert.equal(await tokenStatus(server, 'changer', old), 200);

    assert.equal((await here.ask('PUT', `${path}/password`, { password, current_password: old })).status, 204);
    assert.deepEqual([await isSignedIn(here), await isSignedIn(elsewhere)], [true, false]);
    assert.deepEqual([await tokenStatus(server, 'changer', old), (await signIn('changer', old)).status], [401, 401], 'the old one');
    assert.deepEqual([await tokenStatus(server, 'changer', password), (await signIn('changer', password)).status], [200, 200], 'the new one');
  });

  test('of ten who change it at the same moment, knowing the same old one, one does', async () => {
    const path = await make('contested');
    const own = await Caller.signIn(server.url, 'contested');
    const wanted = Array.from({ length: 10 }, (_, i) => `the choice of number ${i}`);
    const answers = await Promise.all(wanted.map((password) => own.ask('PUT', `${path}/password`, { password, current_password: passwords.contested })));
    const winners = wanted.filter((_, i) => answers[i].status === 204);
    assert.equal(winners.length, 1, `${answers.map((answer) => answer.status)}`);
    for (const { status } of answers) assert.ok([204, 403, 409].includes(status), `${status}`);
    for (const password of wanted) {
      assert.equal(await tokenStatus(server, 'contested', password), winners.includes(password) ? 200 : 401);
    }
  });

  test('an administrator resets that of others without the old one, and not his own', async () => {
    const path = await make('forgetful', { role: 'admin' });
    const forgetful = await Caller.signIn(server.url, 'forgetful');
    assert.equal((await admin.ask('PUT', `${path}/password`, { password: 'what he is told now' })).status, 204);
    assert.equal(await isSignedIn(forgetful), false, 'all his sessions end');
    assert.deepEqual([await tokenStatus(server, 'forgetful'), (await signIn('forgetful')).status], [401, 401]);
    passwords.forgetful = 'what he is told now';
    const again = await Caller.signIn(server.url, 'forgetful');
    const own = await again.ask('PUT', `${path}/password`, { password: 'one more that he has' });
    assert.deepEqual([own.status, own.json.field], [400, 'current_password']);
    assert.equal(await tokenStatus(server, 'forgetful'), 200);
  });

  test('who is disabled stays out with a new one', async () => {
    const path = await admin.pathOf('/users', 'eve');
    assert.equal((await admin.ask('PUT', `${path}/password`, { password: 'eve comes back in' })).status, 204);
    assert.equal(await tokenStatus(server, 'eve', 'eve comes back in'), 401);
  });
});

describe('the last administrator', () => {
  let path: string;
  before(async () => {
    path = await admin.pathOf('/users', 'admin');
    for (const one of await admin.list('/users?role=admin')) {
      if (one.username !== 'admin') await admin.must('DELETE', `/users/${one.id}`);
    }
  });

  test('stays', async () => {
    await make('other-admin', { role: 'admin' });
    const other = await admin.pathOf('/users', 'other-admin');
    await admin.must('PATCH', other, { disabled: true });
    const rows: Row[] = [
      row('demoted', 'PATCH', path, { role: 'user' }, 409),
      row('made an auditor', 'PATCH', path, { role: 'auditor', email: 'x@example.org' }, 409),
      row('disabled', 'PATCH', path, { disabled: true }, 409),
      row('deleted', 'DELETE', path, undefined, 409),
      row('deleted with a heir', 'DELETE', `${path}?transfer_to=bob`, undefined, 409),
      row('is as he was', 'GET', path, undefined, 200, undefined, { has: ['"role":"admin"', '"disabled":false', '"email":null'] }),
      row('changed otherwise', 'PATCH', path, { email: 'admin@example.org', role: 'admin', disabled: false }, 200),
      row('another who is disabled goes', 'DELETE', other, undefined, 204),
    ];
    await checkRows(rows, (request) => admin.send(request));
  });

  const ways: [string, string, unknown][] = [['demote', 'PATCH', { role: 'user' }], ['disable', 'PATCH', { disabled: true }], ['delete', 'DELETE', undefined]];
  test('one of two stays when they remove each other at the same moment', async () => {
    const rounds = 20;
    let current = { caller: admin, path };
    for (let round = 0; round < rounds; round++) {
      const name = `rival-${round}`;
      const rivalPath = await makeBy(current.caller, name, { role: 'admin' });
      const rival = { caller: await Caller.signIn(server.url, name), path: rivalPath };
      const [, method, body] = ways[round % ways.length];
      const [otherMethod, otherBody] = ways[Math.floor(round / ways.length) % ways.length].slice(1) as [string, unknown];
      const statuses = (await Promise.all([
        current.caller.ask(method, rival.path, body),
        rival.caller.ask(otherMethod, current.path, otherBody),
      ])).map((answer) => answer.status);
      const done = statuses.filter((status) => status < 300).length;
      assert.equal(done, 1, `round ${round}: ${statuses}`);
      for (const status of statuses) assert.ok([200, 204, 401, 403, 404, 409].includes(status), `round ${round}: ${statuses}`);
      if (statuses[0] >= 300) current = rival;
      const active = (await current.caller.list('/users?role=admin&disabled=false')).map((one) => `/users/${one.id}`);
      assert.deepEqual(active, [current.path], `round ${round}`);
    }
  });
});

test('nothing of all this was a fault of the server', () => assert.doesNotMatch(server.log, /request failed/));
