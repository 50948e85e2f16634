// The record of what happened: that everything is in it, once and without secrets, and who finds what in it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { FakeRegistry } from '../support/fake_registry.ts';
import { type Answer, basic, send } from '../support/http.ts';
import type { Spectacles } from '../support/spectacles.ts';
import { Caller, nextPage, passwords, placeOf, startWorld } from '../support/world.ts';

let server: Spectacles;
let admin: Caller;
before(async () => {
  server = await startWorld({ REGISTER_ENABLED: 'True' });
  admin = await Caller.signIn(server.url, 'admin');
});
after(() => server.stop());

interface Event {
  id: number;
  at: string;
  actor: string | null;
  action: string;
  subject: string;
  address: string | null;
  outcome: string;
  // biome-ignore lint/suspicious/noExplicitAny: what it was and is has as many forms as there are things
  before: any;
  // biome-ignore lint/suspicious/noExplicitAny: see above
  after: any;
}
const all = (query = ''): Promise<Event[]> => admin.list(`/activity?${query}`);
const newest = async (): Promise<number> => (await admin.must('GET', '/activity?limit=1')).json[0].id;

// What a step has left in the record.
async function eventsOf(step: () => Promise<unknown>): Promise<Event[]> {
  const last = await newest();
  await step();
  return (await all('sort=at')).filter((event) => event.id > last);
}

// Everything that must never show, as it comes into being.
const secrets = new Set<string>();
const secret = (text: string): string => {
  secrets.add(text);
  return text;
};
async function signIn(username: string): Promise<Caller> {
  const caller = await Caller.signIn(server.url, username);
  secret(passwords[username]);
  secret(caller.cookie.split('=')[1]);
  return caller;
}

describe('every change leaves one event', () => {
  const paths: Record<string, string> = {};
  // Makes something whose path later steps use.
  const make = (list: string, key: string, body: object) => async (): Promise<void> => void (paths[key] = placeOf(await admin.must('POST', list, body)));
  const ask = (method: string, path: () => string, body?: object, who: () => Caller = () => admin) => (): Promise<Answer> => who().must(method, path(), body);
  let registry: FakeRegistry;
  let subject: Caller;
  before(async () => {
    registry = await FakeRegistry.start('one more', server.realm);
    passwords.subject = secret('what the subject knows');
  });

  type Expected = Partial<Omit<Event, 'before' | 'after'>> & { before?: object | null; after?: object | null };
  const steps: [string, () => Promise<unknown>, Expected[]][] = [
    ['a user is made', make('/users', 'user', { username: 'subject', password: 'what the subject knows', email: 'a@example.org' }), [{ action: 'user.created', subject: 'subject', before: null, after: { username: 'subject', role: 'user', email: 'a@example.org' } }]],
    ['somebody registers', () => new Caller(server.url).must('POST', '/registration', { username: 'walkin', password: secret('what the walkin knows') }), [{ actor: 'walkin', action: 'user.registered', subject: 'walkin', before: null, after: { username: 'walkin', role: 'user' } }]],
    ['he signs in', async () => (subject = await signIn('subject')), [{ actor: 'subject', action: 'session.created', subject: 'subject' }]],
    ['an address changes', ask('PATCH', () => paths.user, { email: 'b@example.org' }, () => subject), [{ actor: 'subject', action: 'user.changed', subject: 'subject', before: { email: 'a@example.org' }, after: { email: 'b@example.org' } }]],
    ['a role changes', ask('PATCH', () => paths.user, { role: 'auditor' }), [{ action: 'user.changed', subject: 'subject', before: { role: 'user' }, after: { role: 'auditor' } }]],
    ['a password is changed', ask('PUT', () => `${paths.user}/password`, { password: secret('what he knows later'), current_password: 'what the subject knows' }, () => subject), [{ actor: 'subject', action: 'user.password_changed', subject: 'subject' }]],
    ['a password is not changed by who does not know it', () => subject.ask('PUT', `${paths.user}/password`, { password: secret('what he does not get'), current_password: secret('what he guesses') }), [{ actor: 'subject', action: 'user.password_changed', subject: 'subject', outcome: 'refused', before: null, after: null }]],
    ['a password is reset', async () => {
      await admin.must('PUT', `${paths.user}/password`, { password: secret('what he is told') });
      passwords.subject = 'what he is told';
    }, [{ action: 'user.password_changed', subject: 'subject' }]],
    ['he signs in again', async () => (subject = await signIn('subject')), [{ actor: 'subject', action: 'session.created', subject: 'subject' }]],
    ['a session is ended', async () => {
      const [one] = await admin.list(`${paths.user}/sessions`);
      await admin.must('DELETE', `${paths.user}/sessions/${one.id}`);
    }, [{ action: 'session.ended', subject: 'subject' }]],
    ['he signs in once more', async () => (subject = await signIn('subject')), [{ actor: 'subject', action: 'session.created', subject: 'subject' }]],
    ['all sessions are ended', ask('DELETE', () => `${paths.user}/sessions`), [{ action: 'session.all_ended', subject: 'subject' }]],
    ['and again', async () => (subject = await signIn('subject')), [{ actor: 'subject', action: 'session.created', subject: 'subject' }]],
    ['he signs out', ask('DELETE', () => '/session', undefined, () => subject), [{ actor: 'subject', action: 'session.ended', subject: 'subject' }]],
    ['a group is made', make('/groups', 'group', { name: 'a group', members: ['subject'] }), [{ action: 'group.created', subject: 'a group', before: null, after: { name: 'a group', members: ['subject'] } }]],
    ['a group changes', ask('PATCH', () => paths.group, { name: 'the group', members: [] }), [{ action: 'group.changed', subject: 'the group', before: { name: 'a group', members: ['subject'] }, after: { name: 'the group', members: [] } }]],
    ['a member comes', ask('PUT', () => `${paths.group}/members/subject`), [{ action: 'group.changed', subject: 'the group', before: { members: [] }, after: { members: ['subject'] } }]],
    ['a member goes', ask('DELETE', () => `${paths.group}/members/subject`), [{ action: 'group.changed', subject: 'the group', before: { members: ['subject'] }, after: { members: [] } }]],
    ['a registry is added', async () => make('/registries', 'registry', { name: 'a registry', url: registry.url })(), [{ action: 'registry.created', subject: 'a registry', before: null, after: { name: 'a registry', service: 'one more' } }]],
    ['a registry changes', ask('PATCH', () => paths.registry, { key_mode: 'jwks' }), [{ action: 'registry.changed', subject: 'a registry', before: { key_mode: 'x5c' }, after: { key_mode: 'jwks' } }]],
    ['the settings change', ask('PATCH', () => '/settings', { personal_namespace_registry: 'a registry' }), [{ action: 'settings.changed', before: { personal_namespace_registry: null }, after: { personal_namespace_registry: 'a registry' } }]],
    ['a user is made with his namespace', make('/users', 'owner', { username: 'owner', password: secret('what the owner knows') }), [{ action: 'user.created', subject: 'owner' }, { action: 'namespace.created', subject: 'a registry: owner', after: { owner: 'owner' } }]],
    ['the settings change back', ask('PATCH', () => '/settings', { personal_namespace_registry: null }), [{ action: 'settings.changed', before: { personal_namespace_registry: 'a registry' }, after: { personal_namespace_registry: null } }]],
    ['a namespace is made', make('/namespaces', 'namespace', { registry: 'a registry', name: 'place', owner: 'owner' }), [{ action: 'namespace.created', subject: 'a registry: place', before: null, after: { owner: 'owner', members: [] } }]],
    ['a namespace changes', ask('PATCH', () => paths.namespace, { members: ['subject'], claims: [{ user: 'subject', repository: '*', access: 'FULL' }] }), [{ action: 'namespace.changed', subject: 'a registry: place', before: { members: [], claims: [] }, after: { members: ['subject'], claims: [{ user: 'subject', repository: '*', access: 'FULL' }] } }]],
    ['a namespace is given away', ask('PATCH', () => paths.namespace, { owner: 'walkin' }), [{ action: 'namespace.changed', subject: 'a registry: place', before: { owner: 'owner' }, after: { owner: 'walkin' } }]],
    ['a namespace is deleted', ask('DELETE', () => paths.namespace), [{ action: 'namespace.deleted', subject: 'a registry: place', before: { owner: 'walkin' }, after: null }]],
    ['somebody is disabled', ask('PATCH', () => paths.user, { disabled: true }), [{ action: 'user.changed', subject: 'subject', before: { disabled: false }, after: { disabled: true } }]],
    ['an owner is deleted', ask('DELETE', () => `${paths.owner}?transfer_to=walkin`), [{ action: 'namespace.changed', subject: 'a registry: owner', before: { owner: 'owner' }, after: { owner: 'walkin' } }, { action: 'user.deleted', subject: 'owner', before: { username: 'owner' }, after: null }]],
    ['a user is deleted', ask('DELETE', () => paths.user), [{ action: 'user.deleted', subject: 'subject', before: { username: 'subject' }, after: null }]],
    ['a group is deleted', ask('DELETE', () => paths.group), [{ action: 'group.deleted', subject: 'the group', before: { name: 'the group' }, after: null }]],
    ['a registry is removed', async () => {
      await admin.must('DELETE', await admin.pathOf('/namespaces', 'owner'));
      await admin.must('DELETE', paths.registry);
    }, [{ action: 'namespace.deleted', subject: 'a registry: owner' }, { action: 'registry.deleted', subject: 'a registry', before: { name: 'a registry' }, after: null }]],
    ['nobody is let in with a wrong password', () => new Caller(server.url).ask('POST', '/session', { username: 'Alice', password: secret('what nobody knows') }), [{ actor: null, action: 'session.created', subject: 'alice', outcome: 'refused' }]],
    ['nobody who is not there', () => new Caller(server.url).ask('POST', '/session', { username: 'nobody', password: secret('what nobody knows either') }), [{ actor: null, action: 'session.created', subject: 'nobody', outcome: 'refused' }]],
    ['a password in the wrong field', () => new Caller(server.url).ask('POST', '/session', { username: secret('my password is this'), password: 'x' }), [{ actor: null, action: 'session.created', outcome: 'refused' }]],
  ];

  const pick = (state: object | null, like: object | null | undefined): unknown =>
    like && state ? Object.fromEntries(Object.keys(like).map((key) => [key, (state as Record<string, unknown>)[key]])) : state;

  test('with who, what, on what, from where, with which outcome, before and after', async () => {
    for (const [name, step, expected] of steps) {
      const events = await eventsOf(step);
      const byText = (left: object, right: object): number => (JSON.stringify(left) < JSON.stringify(right) ? -1 : 1);
      const shown = events.map(({ action, subject }) => ({ action, subject })).sort(byText);
      assert.deepEqual(shown.map((one) => one.action), expected.map((one) => one.action ?? '').sort(), `${name}: ${JSON.stringify(events)}`);
      for (const { before, after, ...rest } of expected) {
        const event = events.find((one) => one.action === rest.action) ?? assert.fail(name);
        const wanted = { actor: 'admin', address: '127.0.0.1', outcome: 'done', ...rest };
        assert.deepEqual(pick(event, wanted), wanted, name);
        if (before !== undefined) assert.deepEqual(pick(event.before, before), before, `${name}: before`);
        if (after !== undefined) assert.deepEqual(pick(event.after, after), after, `${name}: after`);
        assert.ok(Math.abs(Date.parse(event.at) - Date.now()) < 60_000, event.at);
      }
    }
  });

  test('and what is refused or changes nothing leaves none', async () => {
    const [alice, crew, team] = [await admin.pathOf('/users', 'alice'), await admin.pathOf('/groups', 'crew'), await admin.pathOf('/namespaces', 'team')];
    const own = await admin.pathOf('/users', 'admin');
    const dave = await signIn('dave');
    const stale = { 'if-match': '"stale"' };
    const rows: [string, Caller, number, string, string, object?, Record<string, string>?][] = [
      ['nothing new', admin, 200, 'PATCH', alice, {}],
      ['what it is', admin, 200, 'PATCH', alice, { email: 'alice@example.org', role: 'user', disabled: false }],
      ['what it is', admin, 200, 'PATCH', crew, { name: 'crew', members: ['dave'] }],
      ['who is in it', admin, 204, 'PUT', `${crew}/members/dave`],
      ['who is not in it', admin, 204, 'DELETE', `${crew}/members/bob`],
      ['what it is', admin, 200, 'PATCH', team, { members: ['carol'], description: 'what the team builds' }],
      ['what it is', admin, 200, 'PATCH', '/settings', { personal_namespace_registry: null }],
      ['what it is', admin, 200, 'PATCH', await admin.pathOf('/registries', 'main'), { key_mode: 'x5c' }],
      ['a test', admin, 200, 'POST', '/registries/test', { url: 'http://127.0.0.1:1' }],
      ['wrong', admin, 400, 'PATCH', alice, { role: 'root' }],
      ['unknown', admin, 400, 'PATCH', crew, { colour: 'red' }],
      ['half of it wrong', admin, 400, 'PATCH', team, { description: 'new', members: ['nobody'] }],
      ['taken', admin, 409, 'POST', '/users', { username: 'alice', password: secret('what nobody has yet') }],
      ['taken', admin, 409, 'POST', '/namespaces', { registry: 'main', name: 'team' }],
      ['an owner', admin, 409, 'DELETE', alice],
      ['the last one', admin, 409, 'PATCH', own, { role: 'user' }],
      ['to nobody', admin, 400, 'DELETE', `${alice}?transfer_to=nobody`],
      ['a bad password', admin, 400, 'PUT', `${alice}/password`, { password: 'password1' }],
      ['missing', admin, 404, 'DELETE', '/groups/999999'],
      ['stale', admin, 412, 'PATCH', team, { description: 'new' }, stale],
      ['stale', admin, 412, 'DELETE', crew, undefined, stale],
      ['not his', dave, 404, 'PATCH', team, { description: 'new' }],
      ['not for him', dave, 403, 'POST', '/groups', { name: 'new' }],
      ['not for him', dave, 404, 'DELETE', `${alice}/sessions`],
      ['nobody', new Caller(server.url), 401, 'PATCH', team, { description: 'new' }],
    ];
    for (const [name, who, status, method, path, body, headers] of rows) {
      const events = await eventsOf(async () => {
        const answer = await who.ask(method, path, body, headers);
        assert.equal(answer.status, status, `${name}: ${method} ${path}: ${answer.text}`);
      });
      assert.deepEqual(events, [], `${name}: ${method} ${path}`);
    }
  });

  test('and no secret is in it, nor in the log', async () => {
    const token = await send(server.url, { path: '/token_auth?service=Docker%20registry&scope=repository:team/app:pull&scope=registry:catalog:*', headers: basic('alice', passwords.alice) });
    for (const part of token.json.token.split('.')) if (part.length > 60) secret(part);
    for (const [, hash] of (await server.run(['export'])).stdout.matchAll(/(\$argon2id[^"'\s}]+)/g)) secret(hash);
    secret(passwords.alice);
    secret(passwords.admin);
    secret(admin.cookie.split('=')[1]);
    assert.ok(secrets.size > 20);
    const record = JSON.stringify(await all());
    const logs = server.log + readFileSync(join(server.folder, 'log', 'spectacles.log'), 'utf8');
    assert.match(record, /walkin/);
    assert.match(logs, /token decided/);
    for (const [name, text] of [['the record', record], ['the log', logs]]) {
      for (const one of secrets) assert.ok(!text.includes(one), `${name} holds ${one}`);
      assert.doesNotMatch(text, /argon2|"password|PRIVATE KEY|spectacles_session=/, name);
    }
  });
});

describe('what is found', () => {
  let team: string;
  let events: Event[];
  before(async () => {
    team = (await admin.pathOf('/namespaces', 'team')).split('/')[2];
    const alice = await signIn('alice');
    await alice.must('PATCH', `/namespaces/${team}`, { description: 'by alice' });
    await admin.must('PATCH', `/namespaces/${team}`, { description: 'by the administrator' });
    for (const name of ['100% of it', 'a_b', 'a-b', 'Capital']) await admin.must('POST', '/groups', { name });
    events = await all();
  });

  test('each parameter narrows, alone and together', async () => {
    const middle = events[Math.floor(events.length / 2)].at;
    const early = events[Math.floor(events.length * 0.8)].at;
    const inOtherZone = (at: string): string => {
      const shifted = new Date(Date.parse(at) + 2 * 3600 * 1000).toISOString().replace('Z', '+02:00');
      return encodeURIComponent(shifted);
    };
    const holds = (part: string) => (event: Event): boolean => event.subject.toLowerCase().includes(part);
    const rows: [string, (event: Event) => boolean][] = [
      ['q=team', holds('team')],
      ['q=TEAM', holds('team')],
      ['q=%25', holds('%')],
      ['q=a_b', holds('a_b')],
      ['q=main:%20team', holds('main: team')],
      ['q=nothing%20like%20it', () => false],
      ['actor=alice', (event) => event.actor === 'alice'],
      ['actor=admin', (event) => event.actor === 'admin'],
      ['actor=-', (event) => event.actor === null],
      ['actor=nobody', () => false],
      ['kind=session', (event) => event.action.startsWith('session.')],
      ['kind=sess', () => false],
      ['kind=user', (event) => event.action.startsWith('user.')],
      ['action=session.created', (event) => event.action === 'session.created'],
      ['action=session', () => false],
      ['outcome=refused', (event) => event.outcome === 'refused'],
      ['outcome=done', (event) => event.outcome === 'done'],
      ['address=127.0.0.1', (event) => event.address === '127.0.0.1'],
      ['address=127.0.0.', () => false],
      [`since=${middle}`, (event) => event.at >= middle],
      [`until=${middle}`, (event) => event.at < middle],
      [`since=${inOtherZone(middle)}`, (event) => event.at >= middle],
      [`since=${early}&until=${middle}`, (event) => event.at >= early && event.at < middle],
      ['since=2000-01-01T00:00:00Z', () => true],
      ['until=2000-01-01T00:00:00Z', () => false],
      ['kind=session&outcome=refused&actor=-', (event) => event.action.startsWith('session.') && event.outcome === 'refused' && event.actor === null],
      [`kind=session&action=session.created&outcome=done&actor=alice&address=127.0.0.1&q=ali&since=${early}`, (event) => event.action === 'session.created' && event.outcome === 'done' && event.actor === 'alice' && event.at >= early && event.subject.includes('ali')],
      ['action=user.created&kind=group', () => false],
      ['colour=red', () => true],
    ];
    for (const [query, expected] of rows) {
      const wanted = events.filter(expected).map((event) => event.id);
      const answer = await admin.must('GET', `/activity?limit=500&${query}`);
      assert.deepEqual(answer.json.map((event: Event) => event.id), wanted, query);
      assert.equal(answer.headers['x-total-count'], `${wanted.length}`, query);
      assert.deepEqual((await admin.list(`/activity?${query}`, 7)).map((event) => event.id), wanted, `${query}, in pages`);
    }
    const ofTeam = (await admin.list(`/activity?namespace=${team}`)).map((event) => [event.subject, event.actor]);
    assert.deepEqual(ofTeam.slice(0, 2), [['main: team', 'admin'], ['main: team', 'alice']]);
    assert.ok(ofTeam.every(([subject]) => subject === 'main: team'));
    assert.deepEqual((await admin.list(`/activity?namespace=${team}&actor=alice`)).length, 1);
  });

  test('what is wrong is refused by the name of the parameter', async () => {
    const rows: [string, string][] = [
      ['outcome=maybe', 'outcome'], ['outcome=DONE', 'outcome'], ['namespace=abc', 'namespace'], ['namespace=-1', 'namespace'], ['namespace=1.5', 'namespace'],
      ['since=yesterday', 'since'], ['since=2026-13-01T00:00:00Z', 'since'], ['since=2026-02-30T00:00:00Z', 'since'], ['since=2026-01-01', 'since'], ['until=1', 'until'], ['until=2026-01-01T25:00:00Z', 'until'], ['until=2026-01-01T00:00:00', 'until'],
      ['sort=action', 'sort'], ['sort=id', 'sort'], ['limit=0', 'limit'], ['cursor=x', 'cursor'],
    ];
    for (const [query, field] of rows) {
      const answer = await admin.ask('GET', `/activity?${query}`);
      assert.deepEqual([answer.status, answer.json.field], [400, field], `${query}: ${answer.text}`);
    }
  });

  test('pages lose nothing and double nothing while more is recorded', async () => {
    for (const [sort, limit] of [['-at', 1], ['-at', 2], ['at', 3], ['at', 7]] as const) {
      const before = (await all('sort=at')).map((event) => event.id);
      const seen: number[] = [];
      let recorded = 0;
      for (let at: string | undefined = `/activity?sort=${sort}&limit=${limit}`; at; ) {
        const answer: Answer = await admin.must('GET', at);
        seen.push(...answer.json.map((event: Event) => event.id));
        at = nextPage(answer);
        if (recorded++ < 5) await admin.must('POST', '/groups', { name: `between ${sort} ${limit} ${recorded}` });
      }
      const wanted = sort === 'at' ? (await all('sort=at')).map((event) => event.id) : before.reverse();
      assert.deepEqual(seen, wanted, sort);
    }
  });

  test('the order is that of time, either way', async () => {
    const up = await all('sort=at');
    assert.deepEqual(up.map((event) => event.id), up.map((event) => event.id).sort((left, right) => left - right));
    const times = up.map((event) => Date.parse(event.at));
    assert.deepEqual(times, times.toSorted((left, right) => left - right));
    assert.deepEqual((await all('sort=-at')).map((event) => event.id), up.map((event) => event.id).reverse());
    assert.deepEqual(await all(), await all('sort=-at'), 'newest first unless asked otherwise');
  });
});

describe('who sees what', () => {
  let team: string;
  let open: string;
  let alice: Caller;
  let carol: Caller;
  before(async () => {
    [team, open] = [(await admin.pathOf('/namespaces', 'team')).split('/')[2], (await admin.pathOf('/namespaces', 'open')).split('/')[2]];
    [alice, carol] = [await signIn('alice'), await signIn('carol')];
    await admin.must('PATCH', `/namespaces/${team}`, { description: 'what only its owner may know of' });
    await admin.must('PATCH', `/namespaces/${open}`, { description: 'what is in the open' });
  });
  const seenBy = (who: Caller, query = ''): Promise<Event[]> => who.list(`/activity?${query}`);

  test('a user sees what he did himself, whatever he asks for', async () => {
    for (const [who, name] of [[alice, 'alice'], [carol, 'carol']] as const) {
      const own = await seenBy(who);
      assert.ok(own.length > 0);
      assert.deepEqual([...new Set(own.map((event) => event.actor))], [name]);
      assert.equal((await who.get('/activity?limit=1')).headers['x-total-count'], `${own.length}`, 'and counts no more');
      for (const query of ['actor=admin', 'actor=-', 'outcome=refused', 'kind=registry', 'q=what', 'since=2000-01-01T00:00:00Z', 'address=127.0.0.1']) {
        for (const event of await seenBy(who, query)) assert.equal(event.actor, name, query);
      }
    }
    const auditor = await signIn('auditor');
    assert.deepEqual(await seenBy(auditor), await all(), 'an auditor sees everything');
  });

  test('an owner sees what happened in his namespace', async () => {
    const found = await seenBy(alice, `namespace=${team}`);
    assert.equal(found[0].after.description, 'what only its owner may know of');
    assert.deepEqual([...new Set(found.map((event) => event.subject))], ['main: team']);
    assert.deepEqual(found, await all(`namespace=${team}`));
    assert.deepEqual(await seenBy(alice, `namespace=${team}&actor=admin`), await all(`namespace=${team}&actor=admin`));
  });

  test('a namespace that is not his is as one that is not there', async () => {
    const shape = ({ status, headers, text }: Answer): unknown => [status, headers['x-total-count'], headers.link, text.replace(/"request_id":"[^"]*"/, '')];
    const dave = await signIn('dave');
    // open is seen by everybody, team by alice alone; nobody of these owns both.
    for (const [who, foreign] of [[dave, team], [dave, open], [carol, team], [alice, open]] as const) {
      for (const more of ['', '&actor=admin', '&sort=at', '&outcome=done', '&q=main']) {
        const hidden = await who.ask('GET', `/activity?namespace=${foreign}${more}`);
        assert.ok([200, 404].includes(hidden.status));
        assert.doesNotMatch(hidden.text, /main: |may know of|in the open/);
        for (const missing of ['999999', '9007199254740991']) {
          assert.deepEqual(shape(hidden), shape(await who.ask('GET', `/activity?namespace=${missing}${more}`)), more);
        }
      }
    }
  });

  test('the record of a namespace goes to whom it goes, and not to who makes it again', async () => {
    const path = placeOf(await admin.must('POST', '/namespaces', { registry: 'main', name: 'passed-on', owner: 'alice', description: 'the first' }));
    const id = path.split('/')[2];
    assert.equal((await seenBy(alice, `namespace=${id}`)).length, 1);
    await admin.must('PATCH', path, { owner: 'carol' });
    assert.equal((await seenBy(carol, `namespace=${id}`)).length, 2);
    assert.deepEqual(await alice.ask('GET', `/activity?namespace=${id}`).then((answer) => answer.json?.length ?? answer.status), 0);
    await carol.must('DELETE', path);
    const again = placeOf(await admin.must('POST', '/namespaces', { registry: 'main', name: 'passed-on', owner: 'alice' }));
    assert.notEqual(again, path);
    assert.deepEqual((await seenBy(alice, `namespace=${again.split('/')[2]}`)).map((event) => event.action), ['namespace.created']);
    assert.doesNotMatch(JSON.stringify(await seenBy(alice)), /the first/);
  });
});
