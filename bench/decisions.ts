// What ten million decisions cost: see bench/decisions.
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type DatabaseServer, MariaDb, Postgres, password } from '../tests/support/databases.ts';
import { must } from '../tests/support/process.ts';
import { type ApiClient, Spectacles } from '../tests/support/spectacles.ts';

const { values } = parseArgs({ options: { rows: { type: 'string', default: '10000000' }, database: { type: 'string', default: 'sqlite' } } });
const rows = Number(values.rows);
const engine = values.database;
const word = 'the bench knows this one';
const day = 86_400_000;

// Over 60 days up to now, two refusals to three sums of grants, of 5000 users on 20,000 repositories in 500 namespaces.
const first = Date.now() - 60 * day;
const step = Math.max(1, Math.floor((60 * day) / rows));
const columns = 'at, last_at, hour, count, outcome, account_id, user_name, registry_id, registry, namespace_id, namespace, repository, requested, granted, rule_name, reason, address, client';
const selected = (series: string): string => `
  SELECT ${first} + i * ${step}, ${first} + i * ${step}, CASE WHEN i % 5 < 3 THEN i END, 1 + i % 7,
    CASE WHEN i % 5 < 3 THEN 'granted' ELSE 'refused' END, i % 5000, 'user-' || (i % 5000), 1, 'main', i % 500, 'team-' || (i % 500),
    'team-' || (i % 500) || '/app-' || (i % 20000), 'pull,push', CASE WHEN i % 5 < 3 THEN 'pull,push' ELSE 'pull' END, 'other',
    'the namespace team gives READ to other users', '10.' || (i % 200) || '.7.1', 'docker' FROM ${series}`;
const counted = (from: number, to: number): string => `WITH RECURSIVE n(i) AS (SELECT ${from} UNION ALL SELECT i + 1 FROM n WHERE i < ${to})`;

async function fill(server: Spectacles, database: DatabaseServer | undefined): Promise<void> {
  const piece = 1_000_000;
  for (let from = 1; from <= rows; from += piece) {
    const to = Math.min(from + piece - 1, rows);
    const start = `INSERT INTO decision (${columns})`;
    if (engine === 'mariadb') {
      const sql = `SET sql_mode = 'PIPES_AS_CONCAT', max_recursive_iterations = 4294967295; ${start} ${counted(from, to)} ${selected('n')}`;
      await must('mariadb', ['--no-defaults', '--host=127.0.0.1', `--port=${database?.port}`, '--user=spectacles', `--password=${password}`, `--execute=${sql}`, 'spectacles'], { timeout: 3_600_000 });
    } else if (engine === 'postgresql') {
      await must('psql', [database?.uri ?? '', `--command=${start} ${selected(`generate_series(${from}::bigint, ${to}) i`)}`], { timeout: 3_600_000 });
    } else {
      const file = new DatabaseSync(`${server.folder}/db/spectacles.db`);
      file.exec(`PRAGMA cache_size = -400000; ${start} ${counted(from, to)} ${selected('n')}`);
      file.close();
    }
  }
}

const report = (name: string, figure: string): void => console.log(`${engine.padEnd(10)} ${name.padEnd(44)} ${figure}`);

async function timed(name: string, what: () => Promise<string | undefined>): Promise<void> {
  const start = performance.now();
  const more = await what();
  report(name, `${(performance.now() - start).toFixed(1).padStart(10)} ms ${more ?? ''}`);
}

// The whole export; how many lines, and what memory the server had at most.
async function exported(server: Spectacles, client: ApiClient, query: string): Promise<string> {
  const resident = (): number => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))?.[1]);
  let [lines, most, looked] = [0, 0, 0];
  await new Promise<void>((resolve, reject) => {
    const { hostname, port } = new URL(server.url);
    request({ hostname, port, path: `/api/v1/decisions/export?${query}`, headers: { cookie: client.cookie } }, (answer) => {
      answer.on('data', (part: Buffer) => {
        for (let at = part.indexOf(10); at >= 0; at = part.indexOf(10, at + 1)) lines++;
        if (performance.now() > looked + 100) [looked, most] = [performance.now(), Math.max(most, resident())];
      });
      answer.on('error', reject).on('end', resolve);
    }).on('error', reject).end();
  });
  return `${lines} lines, at most ${Math.round(most / 1024)} MB resident`;
}

async function listed(client: ApiClient, path: string): Promise<string> {
  const { status, headers, body } = await client.get(path);
  return `${status}, ${Array.isArray(body) ? `${body.length} of ${headers.get('x-total-count')}` : ''}`;
}

// All pages of 500, by their links; how many rows, and the slowest page.
async function walked(client: ApiClient, query: string): Promise<string> {
  let [lines, pages, slowest] = [0, 0, 0];
  for (let next: string | undefined = `/decisions?limit=500&${query}`; next; ) {
    const start = performance.now();
    const { status, headers, body } = await client.get(next);
    if (status !== 200) return `${status} after ${pages} pages`;
    [lines, pages, slowest] = [lines + body.length, pages + 1, Math.max(slowest, performance.now() - start)];
    next = /<[^>]*(\/decisions\?[^>]*)>; rel="next"/.exec(headers.get('link') ?? '')?.[1];
  }
  return `${lines} rows, ${pages} pages, the slowest ${slowest.toFixed(1)} ms`;
}

const database = engine === 'mariadb' ? await MariaDb.create() : engine === 'postgresql' ? await Postgres.create() : undefined;
const address: Record<string, string> = database ? { SQLALCHEMY_DATABASE_URI: database.uri } : {};
const kept = Math.floor(rows * 0.98);
const server = await Spectacles.create({ ...address, SPECTACLES_BACKGROUND: 'off', SPECTACLES_DECISIONS_KEPT_ROWS: `${Math.max(kept, 1000)}` });
await server.apply(`users:\n  - {username: admin, password: "${word}", role: admin}\n`);
await timed(`fill ${rows} rows`, () => fill(server, database).then(() => undefined));

await server.start();
const client = await server.signIn('admin', word);
// Removing begins with the server: others write meanwhile.
let [slowest, writes] = [0, 0];
await timed(`remove ${rows - kept} rows, others write meanwhile`, async () => {
  for (let least = 0; least <= rows - kept; ) {
    const start = performance.now();
    const { status } = await client.request('POST', '/groups', { name: `g${++writes}` });
    if (status !== 201) throw new Error(`a write was answered ${status}`);
    slowest = Math.max(slowest, performance.now() - start);
    await sleep(100);
    const { body } = await client.get('/decisions?sort=at&limit=1');
    least = body[0].id;
  }
  return `slowest of ${writes} writes ${slowest.toFixed(1)} ms`;
});

const now = (ago: number): string => new Date(Date.now() - ago).toISOString();
for (const query of ['', 'outcome=refused', 'user=user-7', 'user=user-7&outcome=refused', 'repository=team-7/app-7', 'namespace=7', 'address=10.7.7.1', 'registry=main&action=push', `since=${now(3 * day)}`, `until=${now(30 * day)}&outcome=refused`, 'q=app-19999', `q=nothing&since=${now(day)}`, 'q=nothing', 'rule=owner']) {
  await timed(`list ${query.replaceAll(/T[\d:.]+Z/g, '')}`, () => listed(client, `/decisions?${query}`));
}
for (const query of ['user=user-7', 'repository=team-7/app-7', 'namespace=7&outcome=refused', 'q=app-19999', 'rule=owner', 'registry=main&action=delete']) {
  await timed(`walk ${query}`, () => walked(client, query));
}
for (const [name, query] of [['a day', ''], ['60 days', `since=${now(60 * day)}`], ['60 days of one user', `since=${now(60 * day)}&user=user-7`]]) {
  await timed(`sums of ${name}`, () => listed(client, `/decisions/summary?${query}`));
}
await timed('export of a day', () => exported(server, client, `since=${now(day)}`));
await timed('export of all', () => exported(server, client, ''));
await server.stop();
await database?.stop();
