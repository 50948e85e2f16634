// What the token endpoint decided: what is kept of it, who sees it, how it is found, counted and taken away as a file.
import assert from 'node:assert/strict';
import { request as start } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { type Answer, basic, send } from '../support/http.ts';
import type { Spectacles } from '../support/spectacles.ts';
import { Caller, granted, nextPage, passwords, startWorld } from '../support/world.ts';

interface Decision {
  id: number;
  at: string;
  last_at: string;
  count: number;
  outcome: string;
  user: string | null;
  registry: string;
  namespace: string | null;
  namespace_id: number | null;
  repository: string | null;
  requested: string[];
  granted: string[];
  missing: string[];
  rule: string;
  reason: string;
  passed_over: { rule: string; reason: string }[];
  who_can_grant: string[];
  address: string | null;
  client: string | null;
}

let server: Spectacles;
let admin: Caller;
const as = {} as Record<string, Caller>;
before(async () => {
  server = await startWorld();
  admin = await Caller.signIn(server.url, 'admin');
  for (const user of ['auditor', 'alice', 'bob', 'carol', 'dave']) as[user] = await Caller.signIn(server.url, user);
});
after(() => server.stop());

const find = async (query: string, who = admin): Promise<Decision[]> => await who.list(`/decisions?${query}`);
const token = (query: string, headers: Record<string, string> = {}): Promise<Answer> =>
  send(server.url, { path: `/token_auth?service=Docker%20registry&${query}`, headers });

describe('what is kept', () => {
  test('a push that was denied says by which rule, what is missing and who can grant it', async () => {
    assert.equal(await granted(server, 'bob', 'team/shared/x', 'pull,push'), 'pull');
    const [found, ...more] = await find('user=bob');
    assert.deepEqual(more, []);
    const { id: _, at, last_at, namespace_id, passed_over, ...rest } = found;
    assert.deepEqual(rest, {
      count: 1, outcome: 'refused', user: 'bob', registry: 'main', namespace: 'team', repository: 'team/shared/x',
      requested: ['pull', 'push'], granted: ['pull'], missing: ['push'], rule: 'user_claim',
      reason: 'the custom right "shared/*" of user bob says READ', who_can_grant: ['alice', 'admin'],
      address: rest.address, client: null,
    });
    assert.ok(at === last_at && Math.abs(Date.parse(at) - Date.now()) < 60_000);
    assert.equal(namespace_id, await admin.namespaceId('team'));
    assert.deepEqual(passed_over.map(({ rule }) => rule), ['admin', 'owner']);
    assert.match(rest.address ?? '', /^(::1|127\.0\.0\.1)$/);
  });

  test('grants of one hour are one, with their number', async () => {
    for (let i = 0; i < 5; i++) await granted(server, 'alice', 'team/app', 'pull');
    await granted(server, 'alice', 'team/app', 'pull,push');
    const found = await find('user=alice&repository=team/app&outcome=granted');
    const sums = found.map(({ count, requested }) => `${count} ${requested}`);
    // An hour may end between two of them.
    assert.equal(found.reduce((sum, one) => sum + one.count, 0), 6, sums.join());
    assert.ok(found.length <= 4, sums.join());
    assert.deepEqual(found[0].who_can_grant, []);
    assert.equal(found[0].rule, 'owner');
  });

  test('who was not let in is there, with the name that was typed if it is one', async () => {
    const scope = 'scope=repository:team/app:pull';
    assert.equal((await token(scope, basic('carol', 'wrong'))).status, 401);
    assert.equal((await token('', basic('nobody.here', 'wrong'))).status, 401);
    assert.equal((await token(scope, basic('Correct Horse Battery', 'wrong'))).status, 401);
    const found = await find('rule=credentials&sort=at');
    assert.deepEqual(found.map(({ user, repository, requested }) => [user, repository, `${requested}`]), [
      ['carol', 'team/app', 'pull'],
      ['nobody.here', null, ''],
      [null, 'team/app', 'pull'],
    ]);
    for (const one of found) assert.deepEqual([one.outcome, one.reason, one.who_can_grant], ['refused', 'wrong user name or password', []]);
    assert.equal((await find('rule=credentials', as.carol)).length, 1, 'who it was tried for sees it');
    assert.ok(!JSON.stringify(found).includes('Horse'));
  });

  test('the catalog, a star, nobody, and what no namespace covers', async () => {
    for (const user of ['admin', 'dave']) assert.equal((await token('scope=registry:catalog:*', basic(user, passwords[user]))).status, 200);
    const catalog = await find('action=*&sort=at');
    assert.deepEqual(catalog.map(({ user, outcome, rule, requested, missing, repository }) => [user, outcome, rule, `${requested}`, `${missing}`, repository]), [
      ['admin', 'granted', 'admin', '*', '', null],
      ['dave', 'refused', 'none', '*', '*', null],
    ]);
    assert.deepEqual(catalog[1].who_can_grant, ['admin']);

    await granted(server, 'carol', 'team/star', '*');
    const [star] = await find('repository=team/star');
    assert.deepEqual([star.outcome, `${star.requested}`, `${star.granted}`, `${star.missing}`], ['refused', 'pull,push,delete', 'pull,push', 'delete']);

    await token('scope=repository:team/app:pull&client_id=strange%20%3Cb%3E');
    const [nobody] = await find('user=-&repository=team/app&rule=none');
    assert.deepEqual([nobody.user, nobody.rule, nobody.client], [null, 'none', 'strange <b>']);

    await granted(server, 'dave', 'nowhere/app', 'pull');
    const [uncovered] = await find('repository=nowhere/app');
    assert.deepEqual([uncovered.namespace, uncovered.namespace_id, `${uncovered.who_can_grant}`], [null, null, 'admin']);
  });

  test('signing in to a registry without asking for anything decides nothing', async () => {
    const before = (await find('')).length;
    await token('', basic('dave', passwords.dave));
    assert.equal((await find('')).length, before);
  });

  test('a password never is', async () => {
    const all = JSON.stringify(await find(''));
    for (const one of [...Object.values(passwords), '"wrong"']) assert.ok(!all.includes(one), one);
  });
});

describe('who sees what', () => {
  test('readers everything, others their own, owners also what is decided in their namespaces', async () => {
    await granted(server, 'dave', 'open/app', 'pull,push');
    const everything = (await find('')).map(({ id }) => id);
    assert.deepEqual((await find('', as.auditor)).map(({ id }) => id), everything);
    for (const user of ['alice', 'bob', 'carol', 'dave']) {
      const own = await find('', as[user]);
      assert.ok(own.length > 0 && own.every((one) => one.user === user), user);
      assert.deepEqual(await find('user=admin', as[user]), []);
    }
    const [team, open] = [await admin.namespaceId('team'), await admin.namespaceId('open')];
    const inTeam = (await find(`namespace=${team}`)).map(({ id }) => id);
    assert.deepEqual((await find(`namespace=${team}`, as.alice)).map(({ id }) => id), inTeam);
    assert.ok((await find(`namespace=${team}`, as.bob)).every((one) => one.user === 'bob'));
    assert.ok((await find(`namespace=${open}`, as.bob)).some((one) => one.user === 'dave'));
    assert.equal((await new Caller(server.url).get('/decisions')).status, 401);
  });

  test('and no more in an export and in sums', async () => {
    const exported = (await as.dave.must('GET', '/decisions/export')).text.trimEnd().split('\n').map((line) => JSON.parse(line));
    assert.deepEqual(exported, await find('', as.dave));
    const total = async (who: Caller): Promise<number> => {
      const { buckets } = (await who.must('GET', '/decisions/summary')).json;
      return buckets.reduce((sum: number, one: { granted: number; refused: number }) => sum + one.granted + one.refused, 0);
    };
    const counted = (all: Decision[]): number => all.reduce((sum, one) => sum + one.count, 0);
    assert.equal(await total(as.dave), counted(await find('', as.dave)));
    assert.equal(await total(admin), counted(await find('')));
  });
});

describe('how it is found', () => {
  test('filters hold together, and pages are whole', async () => {
    const all = await find('');
    const rows: [string, (one: Decision) => boolean][] = [
      ['outcome=granted', (one) => one.outcome === 'granted'],
      ['outcome=refused&user=bob', (one) => one.outcome === 'refused' && one.user === 'bob'],
      ['registry=main', (one) => one.registry === 'main'],
      ['registry=nowhere', () => false],
      ['repository=team/app', (one) => one.repository === 'team/app'],
      ['rule=none', (one) => one.rule === 'none'],
      ['action=push', (one) => one.requested.includes('push')],
      ['q=TEAM', (one) => /team/.test(`${one.repository}`)],
      ['q=aro', (one) => /aro/.test(`${one.repository} ${one.user}`)],
      [`since=${all[3].at}`, (one) => one.at >= all[3].at],
      ['until=2020-01-01T00:00:00Z', () => false],
      ['address=192.0.2.1', () => false],
    ];
    for (const [query, holds] of rows) assert.deepEqual((await find(query)).map(({ id }) => id), all.filter(holds).map(({ id }) => id), query);
    for (const limit of [1, 3, 7]) {
      assert.deepEqual(await admin.list('/decisions', limit), all);
      assert.deepEqual(await admin.list('/decisions?sort=at', limit), all.toReversed());
    }
    const page = await admin.must('GET', '/decisions?limit=2');
    assert.equal(page.headers['x-total-count'], `${all.length}`);
    assert.equal(page.headers['x-total-count-is-minimum'], undefined);
    assert.ok(nextPage(page));
  });

  test('what cannot be meant is refused by name', async () => {
    const wrong = { outcome: 'done', rule: 'nonsense', action: 'write', sort: 'user', since: 'yesterday', until: '1', namespace: 'team', limit: '0', cursor: 'x' };
    for (const [name, value] of Object.entries(wrong)) {
      const answer = await admin.get(`/decisions?${name}=${value}`);
      assert.deepEqual([answer.status, answer.json.field], [400, name], answer.text);
    }
    for (const [query, field] of [['since=2026-01-02T00:00:00Z&until=2026-01-01T00:00:00Z', 'since'], ['since=2020-01-01T00:00:00Z', 'since'], ['outcome=x', 'outcome']]) {
      const answer = await admin.get(`/decisions/summary?${query}`);
      assert.deepEqual([answer.status, answer.json.field], [400, field], answer.text);
    }
    for (const path of ['/decisions/export', '/activity/export']) {
      const answer = await admin.get(`${path}?format=xlsx`);
      assert.deepEqual([answer.status, answer.json.field], [400, 'format'], answer.text);
    }
  });

  test('sums are by hour, and by day for longer', async () => {
    const hours = (await admin.must('GET', '/decisions/summary')).json;
    assert.equal(hours.interval, 'hour');
    assert.ok(hours.buckets.length === 25 || hours.buckets.length === 24, `${hours.buckets.length}`);
    assert.equal(hours.dropped, 0);
    const days = (await admin.must('GET', `/decisions/summary?since=${new Date(Date.now() - 30 * 86_400_000).toISOString()}&outcome=refused`)).json;
    assert.equal(days.interval, 'day');
    assert.ok(days.buckets.every((one: { granted: number }) => one.granted === 0));
  });
});

// Rows of RFC 4180.
function parseCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, bare, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    rows.at(-1)?.push(quoted === undefined ? bare : quoted.replaceAll('""', '"'));
    if (end !== ',') rows.push([]);
  }
  assert.deepEqual(rows.pop(), []);
  return rows;
}

describe('exports', () => {
  const hostile = ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', ' =cmd|x', '＝1', 'a,b', 'say "so"', 'two\r\nlines', '漢字'];
  before(async () => {
    for (const client of hostile) await token(`scope=repository:team/export:push&client_id=${encodeURIComponent(client)}`, basic('dave', passwords.dave));
  });

  test('JSON lines are exactly what the list has', async () => {
    const answer = await admin.must('GET', '/decisions/export?repository=team/export');
    assert.match(answer.headers['content-type'], /^application\/jsonl/);
    assert.match(answer.headers['content-disposition'], /^attachment; filename="decisions-\d{4}-\d\d-\d\d\.jsonl"$/);
    const lines = answer.text.trimEnd().split('\n').map((line) => JSON.parse(line));
    assert.deepEqual(lines, await find('repository=team/export'));
    assert.deepEqual(lines.map((one) => one.client).reverse(), hostile);
  });

  test('a spreadsheet runs nothing of it', async () => {
    const answer = await admin.must('GET', '/decisions/export?format=csv&repository=team/export');
    assert.match(answer.headers['content-type'], /^text\/csv/);
    const [names, ...rows] = parseCsv(answer.text);
    const cells = rows.map((row) => row[names.indexOf('client')]).reverse();
    assert.deepEqual(cells, hostile.map((text, i) => (i < 7 ? `'${text}` : text)));
    assert.deepEqual(rows.map((row) => row[names.indexOf('repository')]), hostile.map(() => 'team/export'));
  });

  test('activity goes the same way', async () => {
    await admin.must('POST', '/groups', { name: '=HYPERLINK("x")' });
    const lines = (await admin.must('GET', '/activity/export')).text.trimEnd().split('\n').map((line) => JSON.parse(line));
    assert.deepEqual(lines, await admin.list('/activity'));
    const [names, ...rows] = parseCsv((await admin.must('GET', '/activity/export?format=csv&kind=group')).text);
    assert.equal(rows[0][names.indexOf('subject')], `'=HYPERLINK("x")`);
    const own = (await as.dave.must('GET', '/activity/export')).text.trimEnd().split('\n').map((line) => JSON.parse(line));
    assert.ok(own.every((one) => one.actor === 'dave'));
  });

  test('and by the command line', async () => {
    const printed = await server.run(['decisions', '--format', 'jsonl', '--repository', 'team/export']);
    assert.deepEqual(printed.stdout.trimEnd().split('\n').map((line) => JSON.parse(line)), await find('repository=team/export'));
    assert.match((await server.run(['decisions', '--user', 'bob', '--outcome', 'refused'])).stdout, /refused .* bob .*team\/shared\/x .* rule user_claim: .*can be granted by alice admin/);
    assert.match((await server.run(['activity', '--format', 'csv', '--kind', 'group'])).stdout, /^id,at,actor/);
    for (const [command, ...words] of [['decisions', '--rule', 'x'], ['activity', '--since', 'x'], ['decisions', '--format', 'xml']]) {
      const output = await server.run([command, ...words]);
      assert.equal(output.code, 2, output.text);
      assert.match(output.stderr, /rule|since|format/);
    }
  });

  test('HEAD sends the head alone', async () => {
    const answer = await admin.ask('HEAD', '/decisions/export');
    assert.deepEqual([answer.status, answer.text], [200, '']);
  });
});

test('what was decided survives a stop', async () => {
  await granted(server, 'dave', 'team/last', 'push');
  await server.stop();
  await server.start();
  assert.equal((await find('repository=team/last')).length, 1);
});

describe('two hundred thousand', () => {
  before(async () => {
    const { DatabaseSync } = await import('node:sqlite');
    const database = new DatabaseSync(`${server.folder}/db/spectacles.db`);
    database.exec(`
      PRAGMA busy_timeout = 10000;
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000)
      INSERT INTO decision (at, last_at, count, outcome, account_id, user_name, registry_id, registry, repository, requested, granted, rule_name, reason, address, client)
      SELECT 1700000000000 + i, 1700000000000 + i, 1, 'refused', 1, 'many', 1, 'main', 'many/' || (i % 100), 'pull,push', 'pull', 'other', 'the namespace team gives READ to other users', '192.0.2.7', 'docker'
      FROM n`);
    database.close();
  });

  test('are exported whole, in little memory', async () => {
    const { readFileSync } = await import('node:fs');
    const pid = server.pid;
    const resident = (): number => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
    const before = resident();
    let [lines, most] = [0, 0];
    await new Promise<void>((resolve, reject) => {
      const { hostname, port } = new URL(server.url);
      start({ hostname, port, path: '/api/v1/decisions/export?user=many', headers: { cookie: admin.cookie } }, (response) => {
        assert.equal(response.statusCode, 200);
        response.on('data', (part: Buffer) => {
          for (const byte of part) if (byte === 10) lines++;
          most = Math.max(most, resident());
        });
        response.on('error', reject).on('end', resolve);
      }).on('error', reject).end();
    });
    assert.equal(lines, 200_000);
    assert.ok(most - before < 60_000, `${most - before} kB more than before, and all of it at once takes several times that`);
  });

  test('are listed with a total that says that it is a lowest one', async () => {
    const page = await admin.must('GET', '/decisions?user=many&limit=2');
    assert.deepEqual([page.headers['x-total-count'], page.headers['x-total-count-is-minimum']], ['10000', 'true']);
    assert.equal((await admin.must('GET', '/decisions?limit=2')).headers['x-total-count'], '10000');
  });
});
