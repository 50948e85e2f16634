// A server to measure: its people and namespaces, what it uses of the machine, and load on it.
import assert from 'node:assert/strict';
import { argon2Sync, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { MariaDb, Postgres } from '../tests/support/databases.ts';
import { type Answer, basic, send } from '../tests/support/http.ts';
import { must } from '../tests/support/process.ts';
import { Spectacles } from '../tests/support/spectacles.ts';

export const users = 128; // each owns a namespace
export const strangers = 600; // have never signed in
export const password = 'the bench knows this one';
export type KeyType = 'p256' | 'rsa2048' | 'rsa4096';

const three = (n: number): string => String(n).padStart(3, '0');
export const userName = (n: number): string => `user-${three(n)}`;
export const strangerName = (n: number): string => `stranger-${three(n)}`;
const levels = ['READ', 'WRITE', 'NONE', 'FULL'];

// What everybody may do in the namespace of user n.
export function grantedToOthers(n: number): string[] {
  return { READ: ['pull'], WRITE: ['pull', 'push'], NONE: [], FULL: ['pull', 'push'] }[levels[n % levels.length]] ?? [];
}

// All have one password, hashed once and at the program's own cost: what is measured is not the making of hashes.
function hashOnce(): string {
  const nonce = randomBytes(16);
  const hash = argon2Sync('argon2id', { message: password, nonce, parallelism: 1, tagLength: 32, memory: 19456, passes: 2 });
  const plain = (bytes: Buffer): string => bytes.toString('base64').replaceAll('=', '');
  return `$argon2id$v=19$m=19456,t=2,p=1$${plain(nonce)}$${plain(hash)}`;
}

function world(): string {
  const hash = hashOnce();
  const all = (count: number, line: (n: number) => string): string => Array.from({ length: count }, (_, n) => line(n)).join('\n');
  const person = (name: string): string => `  - {username: ${name}, password_hash: "${hash}"}`;
  return `
registries:
  - {name: main, url: "http://127.0.0.1:1", public: "registry.example.org:5000", service: "Docker registry", key_mode: x5c}
users:
  - {username: root, password_hash: "${hash}", role: admin}
${all(users, (n) => person(userName(n)))}
${all(strangers, (n) => person(strangerName(n)))}
groups:
  - {name: crew, members: [${Array.from({ length: users / 4 }, (_, n) => userName(n * 4)).join(', ')}]}
namespaces:
${all(users, (n) => `  - {registry: main, name: team-${three(n)}, owner: ${userName(n)}, other_access: ${levels[n % levels.length]}}`)}
`;
}

async function makeKey(folder: string, type: KeyType): Promise<void> {
  mkdirSync(join(folder, 'certs'), { mode: 0o700 });
  const key = join(folder, 'certs', 'domain.key');
  const kind = type === 'p256' ? ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'] : ['-newkey', `rsa:${type.slice(3)}`];
  await must('openssl', ['req', '-x509', ...kind, '-nodes', '-subj', '/CN=bench', '-days', '2', '-keyout', key, '-out', key.replace('.key', '.crt')]);
}

export type Database = 'sqlite' | 'mariadb' | 'postgresql';

async function databaseUri(database: Database): Promise<Record<string, string>> {
  if (database === 'sqlite') return {};
  const server = await (database === 'mariadb' ? MariaDb : Postgres).create();
  return { SQLALCHEMY_DATABASE_URI: server.uri };
}

// With everybody in it; not started.
export async function makeServer(type: KeyType, database: Database): Promise<Spectacles> {
  const env = { SPECTACLES_BACKGROUND: 'off', ...(await databaseUri(database)) };
  const server = await Spectacles.create(env, (folder) => makeKey(folder, type));
  await server.apply(world());
  return server;
}

export function askForToken(server: Spectacles, user: string, repository: string): Promise<Answer> {
  const path = `/token_auth?service=Docker+registry&scope=repository:${repository}:pull,push`;
  return send(server.url, { path, headers: basic(user, password) });
}

// Everybody has signed in once, so that the server remembers their passwords.
export async function signEverybodyIn(server: Spectacles): Promise<void> {
  for (let from = 0; from < users; from += 8) {
    await Promise.all(
      Array.from({ length: 8 }, async (_, i) => assert.equal((await askForToken(server, userName(from + i), 'team-000/app')).status, 200)),
    );
  }
}

// Nanoseconds that all threads of a process have run, those that have ended not counted.
export function cpuNanoseconds(pid: number): number {
  const of = (thread: string): number => Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]);
  return readdirSync(`/proc/${pid}/task`).reduce((sum, thread) => sum + of(thread), 0);
}

// Resident memory in MB (1e6 bytes), and its peak.
export function memory(pid: number): { now: number; peak: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const of = (name: string): number => (Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1]) * 1024) / 1e6;
  return { now: of('VmRSS'), peak: of('VmHWM') };
}

export interface Load {
  perSecond: number;
  cpuPerToken: number; // microseconds of the server
  p50: number; // milliseconds, as wrk saw them
  p99: number;
}

export async function putLoadOn(server: Spectacles, mode: 'distinct' | 'equal', connections: number, seconds: number): Promise<Load> {
  const before = cpuNanoseconds(server.pid);
  const args = ['-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '10s', '-s', join(import.meta.dirname, 'tokens.lua')];
  const output = await must('wrk', [...args, server.url, '--', mode, String(users), password], { timeout: (seconds + 30) * 1000 });
  await sleep(200); // what was asked for at the end is still being answered
  const cpu = cpuNanoseconds(server.pid) - before;
  const result = JSON.parse(output.stdout.trim().split('\n').at(-1) ?? '');
  assert.equal(result.failed, 0, `the server answered some requests with a refusal:\n${output.stdout}`);
  return {
    perSecond: result.requests / (result.duration / 1e6),
    // Each connection had one request under way when wrk stopped; the server answers it, and wrk does not count it.
    cpuPerToken: cpu / 1000 / (result.requests + connections),
    p50: result.p50 / 1000,
    p99: result.p99 / 1000,
  };
}
