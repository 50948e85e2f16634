// Lists: searching, sorting and paging of every one of them, and what their parameters refuse.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, test } from 'node:test';
import { FakeRegistry } from '../support/fake_registry.ts';
import type { Answer } from '../support/http.ts';
import { operations, sortings } from '../support/openapi.ts';
import { eventually } from '../support/process.ts';
import type { Spectacles } from '../support/spectacles.ts';
import { Caller, granted, nextPage, startWorld } from '../support/world.ts';

// What people name things, and what searching makes of it: wildcards, escapes, quotes, other scripts, capitals.
const labels = [
  '100% sure', 'a%b', 'ab', 'under_score', 'underXscore', 'back\\slash', 'bang!', 'bang', "it's", 'say "so"', 'semi;colon', 'star*', 'größe', 'GRÖSSE', 'Zebra', 'zebra',
  '漢字かな', '🐳 whale', 'B', 'a', '~', '--', "' or 1=1 --", '<script>', 'a&b=c', 'é', 'z',
];
const users = ['a_b', 'axb', 'a.b', 'a-b', 'under_score', 'zz', '0', '00', '9z'];
const tags = ['latest', 'Latest', 'LATEST', '1.0', '1_0', '1-0', '10', '2', '_x', 'v1.0', 'v1.10', 'v1.9', 'Z', 'a', '~'].filter((tag) => tag !== '~');
const repositories: Record<string, string[]> = {
  'team/app': tags,
  'team/a_b': ['x', 'y'],
  'team/axb': ['x'],
  'team/a.b': [],
  'team/a-b': ['1', '2', '3'],
  'team/b/c/d': ['x'],
  'open/app': ['x', 'y'],
  'solo': ['x'],
  'z9': ['x', 'y', 'z'],
};

let server: Spectacles;
let admin: Caller;
let anybody: Caller;
let main: FakeRegistry;
before(async () => {
  main = await FakeRegistry.start('Docker registry', '', { ...repositories });
  const third = await FakeRegistry.start('the third: one', '', { 'other/app': ['x'], 'team/app': ['x', 'y'], 'other/zebra': ['x'] });
  const namespaces = ['a_b', 'axb', 'a.b', 'a-b', 'z/y/x', 'z', '/'];
  server = await startWorld({ SPECTACLES_BACKGROUND: 'inside', SPECTACLES_BACKGROUND_UPDATE: '1' }, `
registries:
  - {name: main, url: "${main.url}"}
  - {name: third, url: "${third.url}"}
${labels.slice(0, 12).map((name, i) => `  - {name: ${JSON.stringify(name)}, url: "http://127.0.0.1:${i + 3}", service: "service ${(i * 7) % 12}"}`).join('\n')}
groups:
${labels.map((name) => `  - {name: ${JSON.stringify(name)}}`).join('\n')}
namespaces:
${namespaces.map((name, i) => `  - {registry: ${['main', 'third'][i % 2]}, name: "${name}", owner: ${['alice', 'bob', 'carol'][i % 3]}}`).join('\n')}
`);
  admin = await Caller.signIn(server.url, 'admin');
  anybody = new Caller(server.url);
  await eventually(30, async () => (await admin.list('/repositories')).length === Object.keys(repositories).length + 3);
  // Made and changed at other times than the rest.
  for (const username of users) await admin.must('POST', '/users', { username, password: 'long enough to be one' });
  await admin.must('POST', '/groups', { name: 'Last of all' });
  for (let i = 0; i < 9; i++) await granted(server, 'carol', `team/refused-${i}`, 'delete');
  await admin.must('POST', '/namespaces', { registry: 'third', name: 'last', owner: 'carol' });
  fillTrash(server);
  main.repositories['team/axb'] = ['x', 'later'];
  main.repositories['team/app'] = [...tags, 'later'];
  const tagsOf = async (name: string): Promise<number> => (await admin.list(`/repositories?registry=main&q=${name}`)).find((one) => one.name === name).tags;
  await eventually(30, async () => (await tagsOf('team/axb')) === 2 && (await tagsOf('team/app')) === tags.length + 1);
});
after(() => server.stop());

// As if so much had been deleted: a list only reads what is there.
function fillTrash({ folder }: Spectacles): void {
  const database = new DatabaseSync(join(folder, 'db', 'spectacles.db'));
  database.exec('PRAGMA busy_timeout = 10000');
  const insert = database.prepare(`INSERT INTO trash_entry (registry_id, repository, digest, media_type, tags, size, state, reason,
    deleted_by, deleted_at, changed_at) SELECT id, ?, ?, 'application/vnd.oci.image.manifest.v1+json', '["x"]', ?, 'kept', '', 'carol', ?, ?
    FROM registry WHERE name = 'main'`);
  for (const [i, name] of ['team/app', 'team/a_b', 'team/axb', 'team/a-b', 'solo', 'z9', 'team/app', 'z10', 'z1'].entries()) {
    const at = 1_790_000_000_000 + (i % 4) * 1000;
    insert.run(name, `sha256:${`${i}`.repeat(64)}`, (i * 37) % 5, at, at);
  }
  database.close();
}

interface Named {
  id?: number;
  name?: string;
  username?: string;
  user?: string;
  repository?: string;
}
// Decisions have two names.
const nameOf = (one: Named): string => one.username ?? one.name ?? (one.user === undefined ? `${one.repository}` : `${one.user}\n${one.repository}`);
const bytewise = (left: string, right: string): number => Buffer.compare(Buffer.from(left), Buffer.from(right));

// Every list that can be sorted, with the place of one of its kind. The key of a row is what the word of `sort` means.
const sorted = operations.filter((one) => one.method === 'GET' && one.parameters.some((parameter) => parameter.name === 'sort'));
const placeOf: Record<string, () => Promise<string>> = {
  '/repositories/{id}/tags': async () => `/repositories/${(await admin.list('/repositories?registry=main&q=team/app')).find((one) => one.name === 'team/app').id}/tags`,
};
const place = async (path: string): Promise<string> => {
  if (!path.includes('{')) return path;
  return await (placeOf[path] ?? assert.fail(`say in placeOf where a list of ${path} is`))();
};
// What was made or changed after everything else: times show whole seconds, which may be the same for all.
const latest: Record<string, string[]> = {
  '/users': users,
  '/groups': ['Last of all'],
  '/namespaces': ['last'],
  '/repositories': ['team/app', 'team/axb'],
  '/repositories/{id}/tags': ['later'],
  '/trash': ['team/a-b', 'z10'],
};
// biome-ignore lint/suspicious/noExplicitAny: rows of many lists
type Row = any;
// Numbers in names of repositories and tags compare by their value: each is written with its length before it.
const natural = (text: string): string =>
  text.replace(/[0-9]+/g, (number) => {
    const digits = number.replace(/^0+/, '');
    return `${digits.length <= 8 ? digits.length : `9${`${digits.length}`.padStart(3, '0')}`}${digits}`;
  });
const fromRegistries = ['/repositories', '/repositories/{id}/tags'];
function keyOf(path: string, row: Row, by: string): string | number {
  if (by === 'registry') return row.registry.name;
  if (by === 'at') return row.id;
  if (by === 'name' && fromRegistries.includes(path)) return natural(row.name);
  if (by === 'pushed' || by === 'pulled') return row[`${by}_at`] ?? '';
  const value = row[by];
  if (value === undefined) throw new Error(`the rows do not show ${by}, which they are sorted by`);
  return value;
}
const compare = (left: string | number, right: string | number): number =>
  typeof left === 'number' ? left - Number(right) : bytewise(left, String(right));
const idOf = (row: Row): unknown => row.id ?? row.name;

test('there are lists to sort', () => assert.ok(sorted.length >= 7, `${sorted.map((one) => one.path)}`));

for (const { path } of sorted) {
  const words = sortings(path);

  describe(path, () => {
    test('in every order, in pages of any size: every row once, byte by byte', async () => {
      const at = await place(path);
      const before = await admin.list(at);
      assert.ok(before.length >= 7, 'enough rows to tell');
      for (const word of words) {
        const whole = await admin.list(`${at}?sort=${word}`);
        assert.deepEqual(new Set(whole.map(idOf)), new Set(before.map(idOf)), `${word}: the same rows`);
        const by = word.replace(/^-/, '');
        const keys = whole.map((row) => keyOf(path, row, by));
        for (let i = 1; i < keys.length; i++) {
          const order = compare(keys[i - 1], keys[i]) * (word.startsWith('-') ? -1 : 1);
          assert.ok(order <= 0, `${word}: ${keys[i - 1]} stands before ${keys[i]}`);
          // Times are kept more exactly than they are shown: of equal ones nothing is known.
          if (order < 0 || path !== '/namespaces' || by.endsWith('_at')) continue;
          const tie = ({ registry, name }: Row): string => `${registry.name}\u0000${name}`;
          assert.ok(bytewise(tie(whole[i - 1]), tie(whole[i])) < 0, `${word}: what is equal is sorted by registry and name`);
        }
        if (by.endsWith('_at')) {
          const last = latest[path] ?? assert.fail(`say in latest what is newest in ${path}`);
          const ends = word.startsWith('-') ? whole.slice(0, last.length) : whole.slice(-last.length);
          assert.deepEqual(ends.map(nameOf).sort(bytewise), last.toSorted(bytewise), `${word}: what came last`);
        } else if (!['size', 'pushed', 'pulled'].includes(by)) assert.ok(new Set(keys).size > 1, `${word}: keys that differ`);
        for (const limit of [1, 2, 7]) {
          assert.deepEqual((await admin.list(`${at}?sort=${word}`, limit)).map(idOf), whole.map(idOf), `${word}, pages of ${limit}`);
        }
      }
      const standard = await admin.list(`${at}?sort=${words[0]}`);
      assert.deepEqual(before.map(idOf), standard.map(idOf), `${words[0]} unless asked otherwise`);
      const reversed = words[0].startsWith('-') ? words[0].slice(1) : `-${words[0]}`;
      if (path === '/users' || path === '/groups') assert.deepEqual((await admin.list(`${at}?sort=${reversed}`)).map(idOf), before.map(idOf).reverse());
    });

    test('an order that it does not have is refused, and those that it has are said', async () => {
      const at = await place(path);
      for (const wrong of ['nonsense', 'id', '--name', words[0].toUpperCase(), `${words[0]},${words[1]}`, `${words[0]}%20`, '%2B', '-', "name'"]) {
        const answer = await admin.ask('GET', `${at}?sort=${wrong}`);
        assert.deepEqual([answer.status, answer.json.field], [400, 'sort'], `${wrong}: ${answer.text}`);
        for (const word of words) assert.ok(answer.json.detail.includes(word), `${wrong}: ${answer.json.detail} lacks ${word}`);
      }
    });

    test('a cursor of another order is refused', async () => {
      const at = await place(path);
      const cursorOf = async (address: string): Promise<string> => {
        const next = nextPage(await admin.must('GET', address)) ?? assert.fail(`${address} has one page`);
        return new URLSearchParams(next.split('?')[1]).get('cursor') ?? assert.fail(next);
      };
      for (const word of words) {
        const cursor = await cursorOf(`${at}?limit=1&sort=${word}`);
        for (const other of words) {
          const answer = await admin.ask('GET', `${at}?limit=1&sort=${other}&cursor=${cursor}`);
          assert.equal(answer.status, other === word ? 200 : 400, `${word} under ${other}`);
          if (other !== word) assert.equal(answer.json.field, 'cursor');
        }
        const inThat = word === words[0] ? 200 : 400;
        assert.equal((await admin.ask('GET', `${at}?limit=1&cursor=${cursor}`)).status, inThat, `${word} under none`);
      }
    });

    test('counts all of it on every page, and knows when it ends', async () => {
      const at = await place(path);
      const total = (await admin.list(at)).length;
      let rows = 0;
      for (let next: string | undefined = `${at}?limit=3`; next; ) {
        const answer: Answer = await admin.must('GET', next);
        assert.equal(answer.headers['x-total-count'], `${total}`);
        assert.ok(answer.json.length > 0 && answer.json.length <= 3, 'no page is empty');
        rows += answer.json.length;
        next = nextPage(answer);
      }
      assert.equal(rows, total);
      for (const limit of [total, total + 1]) assert.equal((await admin.must('GET', `${at}?limit=${limit}`)).headers.link, undefined);
    });

    test('ignores parameters that it does not know', async () => {
      const at = await place(path);
      // What the background says of itself changes by itself.
      const steady = (answer: Answer): object[] => answer.json.map(({ sync: _, ...rest }: { sync?: object }) => rest);
      const plain = await admin.must('GET', `${at}?limit=500`);
      for (const more of ['colour=red', 'Sort=-nonsense', 'LIMIT=1', 'x[]=1&x[]=2', '=', '&&', 'order_by=name', 'offset=3&page=2']) {
        assert.deepEqual(steady(await admin.must('GET', `${at}?limit=500&${more}`)), steady(plain), more);
      }
    });
  });
}

describe('searching', () => {
  const searched = sorted.filter((one) => one.parameters.some((parameter) => parameter.name === 'q') && one.path !== '/activity');
  // As the letters of ASCII fold, and nothing else.
  const fold = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  const parts = [...new Set([...labels, ...users, ...tags, '%', '_', '\\', '!', "'", '"', ';', '*', '?', '%%', '__', '!%', '!_', '!!', '\\%', 'ö', 'Ö', 'ß', '漢', '🐳', 'ZEB', 'zeb', ' ', 'b', '.', '-', '/', '[a-z]', '^', '$'])];

  for (const { path } of searched) {
    test(`${path}: finds exactly the names that hold the text`, async () => {
      const at = await place(path);
      const everything = await admin.list(at);
      for (const part of parts) {
        const wanted = everything.filter((one) => fold(nameOf(one)).includes(fold(part))).map(nameOf);
        const answer = await admin.must('GET', `${at}?limit=500&q=${encodeURIComponent(part)}`);
        assert.deepEqual(answer.json.map(nameOf), wanted, `q=${part}`);
        assert.equal(answer.headers['x-total-count'], `${wanted.length}`, `q=${part}`);
        if (wanted.length > 1) assert.deepEqual((await admin.list(`${at}?q=${encodeURIComponent(part)}`, 1)).map(nameOf), wanted, `q=${part}, in pages of one`);
      }
      assert.deepEqual((await admin.list(`${at}?q=`)).map(nameOf), everything.map(nameOf), 'an empty text is in every name');
    });
  }

  test('a text that is none is refused, and a long one finds nothing', async () => {
    for (const { path } of searched) {
      const at = await place(path);
      for (const wrong of ['%ff', '%c3', '%ed%a0%80']) assert.equal((await admin.ask('GET', `${at}?q=${wrong}`)).status, 400, `${path} ${wrong}`);
      for (const strange of ['%00', 'x'.repeat(2000)]) {
        const answer = await admin.ask('GET', `${at}?q=${strange}`);
        assert.ok(answer.status === 400 || answer.json.length === 0, `${path}: ${answer.text.slice(0, 200)}`);
      }
    }
  });

  test('what is sorted and searched is both', async () => {
    const found = (await admin.list('/groups?q=a&sort=-name', 2)).map(nameOf);
    const wanted = (await admin.list('/groups')).map(nameOf).filter((name) => fold(name).includes('a')).sort(bytewise).reverse();
    assert.deepEqual(found, wanted);
  });
});

describe('filters', () => {
  test('of users: by role and whether they are disabled', async () => {
    const everybody = await admin.list('/users');
    const rows: [string, (one: Row) => boolean][] = [
      ['role=admin', (one) => one.role === 'admin'],
      ['role=auditor', (one) => one.role === 'auditor'],
      ['role=user', (one) => one.role === 'user'],
      ['disabled=true', (one) => one.disabled],
      ['disabled=false', (one) => !one.disabled],
      ['role=user&disabled=true', (one) => one.role === 'user' && one.disabled],
      ['role=admin&disabled=true', () => false],
      ['role=user&q=b&disabled=false&sort=-username', (one) => one.role === 'user' && one.username.includes('b') && !one.disabled],
    ];
    for (const [query, wanted] of rows) {
      const names = everybody.filter(wanted).map(nameOf);
      assert.deepEqual((await admin.list(`/users?${query}`, 3)).map(nameOf).sort(bytewise), names, query);
      assert.equal((await admin.get(`/users?${query}`)).headers['x-total-count'], `${names.length}`, query);
    }
    for (const [query, field] of [['role=root', 'role'], ['role=ADMIN', 'role'], ['disabled=yes', 'disabled'], ['disabled=1', 'disabled']]) {
      const answer = await admin.ask('GET', `/users?${query}`);
      assert.deepEqual([answer.status, answer.json.field], [400, field], query);
    }
  });

  test('of users tell an owner nothing that he is not shown', async () => {
    const bob = await Caller.signIn(server.url, 'bob');
    const shown = (await bob.list('/users')).map(nameOf);
    for (const query of ['role=admin', 'disabled=true', 'role=auditor&disabled=false', 'sort=created_at&role=user']) {
      const answer = await bob.ask('GET', `/users?limit=500&${query}`);
      if (answer.status === 200) assert.deepEqual(answer.json.map(nameOf).sort(bytewise), shown, query);
      else assert.ok([400, 403].includes(answer.status), query);
    }
    assert.equal((await bob.must('GET', '/users?q=example.org')).headers['x-total-count'], '0', 'addresses are no names');
  });

  test('of namespaces: by registry and owner', async () => {
    const everything = await admin.list('/namespaces');
    const rows: [string, (one: Row) => boolean][] = [
      ['registry=main', (one) => one.registry.name === 'main'],
      ['registry=third', (one) => one.registry.name === 'third'],
      ['registry=nowhere', () => false],
      ['owner=carol', (one) => one.owner === 'carol'],
      ['owner=nobody', () => false],
      ['registry=main&owner=bob&q=o', (one) => one.registry.name === 'main' && one.owner === 'bob' && one.name.includes('o')],
    ];
    for (const [query, wanted] of rows) {
      const ids = everything.filter(wanted).map(idOf);
      const answer = await admin.ask('GET', `/namespaces?limit=500&${query}`);
      // A name that there is not is either nobody's, or refused by the parameter.
      if (answer.status === 400) assert.ok(ids.length === 0 && query.startsWith(answer.json.field), `${query}: ${answer.text}`);
      else assert.deepEqual([answer.json.map(idOf), answer.headers['x-total-count']], [ids, `${ids.length}`], query);
    }
  });

  test('of repositories: by registry, namespace and whether anything covers them', async () => {
    const everything = await admin.list('/repositories');
    const team = (await admin.pathOf('/namespaces', 'team')).split('/')[2];
    const rows: [string, (one: Row) => boolean][] = [
      ['registry=main', (one) => one.registry.name === 'main'],
      ['registry=third', (one) => one.registry.name === 'third'],
      [`namespace=${team}`, (one) => one.namespace?.id === Number(team)],
      ['unassigned=true', (one) => one.namespace === null],
      ['unassigned=false', () => true],
      [`namespace=${team}&q=a_b`, (one) => one.namespace?.id === Number(team) && one.name.includes('a_b')],
      [`namespace=${team}&unassigned=true`, () => false],
      ['namespace=999999', () => false],
    ];
    for (const [query, wanted] of rows) {
      const ids = everything.filter(wanted).map(idOf);
      assert.deepEqual((await admin.list(`/repositories?${query}`, 2)).map(idOf), ids, query);
      assert.equal((await admin.get(`/repositories?${query}`)).headers['x-total-count'], `${ids.length}`, query);
    }
    for (const [query, field] of [['namespace=abc', 'namespace'], ['namespace=0', 'namespace'], ['unassigned=maybe', 'unassigned']]) {
      const answer = await admin.ask('GET', `/repositories?${query}`);
      assert.deepEqual([answer.status, answer.json.field], [400, field], query);
    }
    const carol = await Caller.signIn(server.url, 'colon');
    const [hidden, missing] = [await carol.get(`/repositories?namespace=${team}`), await carol.get('/repositories?namespace=999999')];
    assert.deepEqual([hidden.status, hidden.text, hidden.headers['x-total-count']], [missing.status, missing.text, missing.headers['x-total-count']], 'a namespace that he does not see is none');
  });
});

test('nobody who is not signed in pages through anything', async () => {
  for (const { path } of sorted) assert.equal((await anybody.get(`${await place(path)}?limit=1`)).status, 401, path);
});
test('nothing of all this was a fault of the server', () => assert.doesNotMatch(server.log, /request failed/));
