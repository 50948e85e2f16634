// See bench/catalog.
import { spawn } from 'node:child_process';
import { Agent, request } from 'node:http';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { DatabaseSync } from 'node:sqlite';
import { MariaDb, Postgres, password } from '../tests/support/databases.ts';
import { Spectacles } from '../tests/support/spectacles.ts';
import { type Size, inserts, repositories, repositoryColumns, tagColumns, tags } from './catalog_rows.ts';

const { values: options } = parseArgs({
  options: {
    repositories: { type: 'string', default: '100000' },
    tags: { type: 'string', default: '10' },
    namespaces: { type: 'string', default: '2000' },
    rounds: { type: 'string', default: '40' },
    database: { type: 'string', default: 'sqlite' },
    json: { type: 'string' },
  },
});
const size: Size = { repositories: Number(options.repositories), tags: Number(options.tags), namespaces: Number(options.namespaces) };
const rounds = Number(options.rounds);
const secret = 'what opens for everybody';

// People and rights by the program itself, the catalog by SQL ---------------------------------------------------------

const memberOf = (n: number): boolean => n % Math.ceil(size.namespaces / 300) === 0;
const people = `
registries:
  - {name: main, url: "http://127.0.0.1:1", public: "registry.example.org:5000", service: "Docker registry"}
users:
  - {username: admin, password: "${secret}", role: admin}
  - {username: dev, password: "${secret}"}
namespaces:
${Array.from({ length: size.namespaces }, (_, n) => `  - {registry: main, name: team-${n}, owner: admin, member_access: READ, members: [${memberOf(n) ? 'dev' : ''}]${n % 200 === 1 ? ', claims: [{user: dev, repository: "api-*", access: READ}]' : ''}}`).join('\n')}
`;

function* statements(): Generator<string> {
  yield* inserts(repositoryColumns, (function* () { for (const row of repositories(size)) yield row.values; })());
  yield* inserts(tagColumns, tags(size));
}

function fillSqlite(file: string): void {
  const database = new DatabaseSync(file);
  database.exec('PRAGMA synchronous = off; BEGIN');
  for (const statement of statements()) database.exec(statement);
  database.exec('COMMIT');
  database.close();
}

async function fillBy(command: string[], env: Record<string, string>, after: string): Promise<void> {
  const client = spawn(command[0], command.slice(1), { env: { ...process.env, ...env }, stdio: ['pipe', 'ignore', 'inherit'] });
  for (const statement of [...['BEGIN;\n'], ...statements(), 'COMMIT;\n', after]) {
    if (!client.stdin.write(statement)) await once(client.stdin, 'drain');
  }
  client.stdin.end();
  const [code] = await once(client, 'close');
  if (code !== 0) throw new Error(`${command[0]} ended with ${code}`);
}

async function prepare(): Promise<Spectacles> {
  if (options.database === 'sqlite') {
    const server = await Spectacles.create({ SPECTACLES_BACKGROUND: 'off' });
    await server.apply(people);
    fillSqlite(join(server.folder, 'db', 'spectacles.db'));
    return server;
  }
  const database = options.database === 'mariadb' ? await MariaDb.create() : await Postgres.create();
  const server = await Spectacles.create({ SPECTACLES_BACKGROUND: 'off', SQLALCHEMY_DATABASE_URI: database.uri });
  await server.apply(people);
  const port = `${database.port}`;
  if (options.database === 'mariadb') {
    await fillBy(['mariadb', '--no-defaults', '--host=127.0.0.1', `--port=${port}`, '--user=spectacles', 'spectacles'], { MYSQL_PWD: password }, 'ANALYZE TABLE repository, tag;\n');
  } else {
    await fillBy(['psql', '--quiet', '--host=127.0.0.1', `--port=${port}`, '--username=spectacles', 'spectacles'], { PGPASSWORD: password }, 'ANALYZE;\n');
  }
  return server;
}

// Asking --------------------------------------------------------------------------------------------------------------

const agent = new Agent({ keepAlive: true, maxSockets: 1 });

interface Reply {
  status: number;
  next: string | undefined; // the path of the next page
  rows: number;
  text: string;
}

function ask(url: string, path: string, cookie: string): Promise<Reply> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const asked = request({ hostname, port, path: path.startsWith('/api') ? path : `/api/v1${path}`, agent, headers: { cookie } }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part)).on('end', () => {
        const parsed: unknown = text.startsWith('[') ? JSON.parse(text) : undefined;
        const next = /^<([^>]+)>/.exec(`${response.headers.link ?? ''}`)?.[1];
        resolve({ status: response.statusCode ?? 0, next, rows: Array.isArray(parsed) ? parsed.length : 1, text });
      });
    });
    asked.on('error', reject);
    asked.end();
  });
}

async function signIn(url: string, username: string): Promise<string> {
  const answer = await fetch(`${url}/api/v1/session`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ username, password: secret }) });
  return answer.headers.getSetCookie()[0].split(';')[0];
}

interface Figure {
  who: string;
  question: string;
  path: string;
  rows: number;
  p50: number;
  p95: number;
  cpu: number; // what a request costs the program, which does not depend on who else uses the machine
}

// Milliseconds of a processor that a process has used.
function used(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

const percentile = (sorted: number[], part: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];

async function measure(url: string, who: string, cookie: string, question: string, path: string): Promise<Figure> {
  const times: number[] = [];
  let rows = 0;
  let before = 0;
  for (let round = -2; round < rounds; round++) {
    if (round === 0) before = used(server.pid);
    const begin = performance.now();
    const reply = await ask(url, path, cookie);
    if (round >= 0) times.push(performance.now() - begin);
    if (reply.status !== 200) throw new Error(`${path} answered ${who} ${reply.status}: ${reply.text}`);
    rows = reply.rows;
  }
  times.sort((a, b) => a - b);
  const figure = { who, question, path, rows, p50: percentile(times, 0.5), p95: percentile(times, 0.95), cpu: (used(server.pid) - before) / rounds };
  console.log(`${who.padEnd(6)} ${question.padEnd(44)} ${`${rows}`.padStart(4)} ${figure.p50.toFixed(1).padStart(8)} ${figure.p95.toFixed(1).padStart(8)} ${figure.cpu.toFixed(1).padStart(8)}`);
  return figure;
}

const questions: [string, string][] = [
  ...['registry', 'name', 'size', 'pushed', 'pulled', 'tags', 'changed_at'].flatMap((by): [string, string][] => [
    [`repositories by ${by}`, `/repositories?sort=${by}`],
    [`repositories by -${by}`, `/repositories?sort=-${by}`],
  ]),
  ['repositories, 500 of them', '/repositories?limit=500&sort=name'],
  ...['api', 'api-web', 'all-the', 'zzz', '-77'].flatMap((q): [string, string][] => [
    [`repositories with ${q}`, `/repositories?q=${q}`],
    [`repositories with ${q} by -size`, `/repositories?q=${q}&sort=-size`],
  ]),
  ['repositories of a registry', '/repositories?registry=main&sort=-pushed'],
  ['repositories of a namespace', '/repositories?namespace=8&sort=-size'],
  ['repositories in no namespace', '/repositories?unassigned=true'],
  ...['api', 'zzz', 'api worker', 'latest', 'v3', 'v3.2', 'worker v3', 'team-7/', 'api:latest', 'all-the-tags:build-77', 'zzz:v1'].map((q): [string, string] => [`search ${q}`, `/search?q=${encodeURIComponent(q)}`]),
  ['summary', '/summary'],
];

const server = await prepare();
try {
  await server.start();
  const figures: Figure[] = [];
  console.log(`${size.repositories} repositories, ${size.repositories * size.tags} tags, ${size.namespaces} namespaces, ${options.database}; ${rounds} times each, ms`);
  console.log(`${'who'.padEnd(6)} ${'question'.padEnd(44)} ${'rows'.padStart(4)} ${'p50'.padStart(8)} ${'p95'.padStart(8)} ${'cpu'.padStart(8)}`);
  for (const who of ['admin', 'dev']) {
    const cookie = await signIn(server.url, who);
    const all = [...questions];
    const big: { id: number }[] = JSON.parse((await ask(server.url, '/repositories?q=all-the-tags', cookie)).text);
    for (const by of ['name', '-name', 'size', '-pushed', 'pulled', '-changed_at']) all.push([`100,000 tags by ${by}`, `/repositories/${big[0].id}/tags?sort=${by}`]);
    for (const q of ['build-7', 'zzz']) all.push([`100,000 tags with ${q}`, `/repositories/${big[0].id}/tags?q=${q}`]);
    all.push(['one tag of them', `/repositories/${big[0].id}/tags/build-777`]);
    // Deep in a list: as far as twenty pages of 500 lead.
    for (const by of ['name', '-pushed']) {
      let next: string | undefined = `/repositories?limit=500&sort=${by}`;
      for (let page = 0; page < 20 && next; page++) next = (await ask(server.url, next, cookie)).next ?? next;
      if (next) all.push([`repositories by ${by}, 10,000 deep`, next.replace('limit=500', 'limit=50')]);
    }
    for (const [question, path] of all) figures.push(await measure(server.url, who, cookie, question, path));
  }
  const worst = Math.max(...figures.map((one) => one.p95));
  console.log(`the slowest p95: ${worst.toFixed(1)} ms (${figures.find((one) => one.p95 === worst)?.question})`);
  if (options.json) writeFileSync(options.json, `${JSON.stringify({ ...size, database: options.database, rounds, figures }, null, 2)}\n`);
} finally {
  await server.stop();
}
process.exit(0);
