// The token endpoint against the price of its signatures; bench/run starts this.
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { isSignedBy, readToken } from '../tests/support/jwt.ts';
import type { Spectacles } from '../tests/support/spectacles.ts';
import {
  type Database, type KeyType, type Load,
  askForToken, grantedToOthers, makeServer, memory, putLoadOn, signEverybodyIn, strangerName, strangers, userName, users,
} from './server.ts';
import { measureSignature } from './signatures.ts';
import { measureStart } from './start.ts';

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'string' },
    database: { type: 'string', default: 'sqlite' },
    keys: { type: 'string', default: 'p256,rsa2048,rsa4096' },
  },
});
const database = options.database as Database;
const rounds = options.quick ? 2 : 5;
const seconds = options.quick ? 1 : 3;
// RSA keeps both processors busy with as many as there are; more would only wait, and be counted in part at the end.
const connections: Record<KeyType, number> = { p256: 16, rsa2048: 4, rsa4096: 4 };
const targets: Record<KeyType, number> = { p256: 2.5, rsa2048: 1.15, rsa4096: 1.03 };

const median = (numbers: number[]): number => {
  const sorted = numbers.toSorted((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
};
const medianOf = <K extends string>(all: Record<K, number>[], key: K): number => median(all.map((one) => one[key]));
const round = (number: number, digits = 1): number => Number(number.toFixed(digits));

// Tokens of a sample of users and namespaces, as a registry checks them.
async function verifySample(server: Spectacles): Promise<number> {
  const { publicKey } = new X509Certificate(readFileSync(server.certificate));
  const pairs = Array.from({ length: 24 }, (_, i) => [(i * 37) % users, i % 3 === 0 ? (i * 37) % users : (i * 11) % users]);
  for (const [user, team] of pairs) {
    const name = `team-${String(team).padStart(3, '0')}/sample`;
    const answer = await askForToken(server, userName(user), name);
    assert.equal(answer.status, 200);
    const token = readToken(answer.json.token);
    assert.ok(isSignedBy(token, publicKey), 'the signature does not match');
    assert.equal(token.claims.sub, userName(user));
    assert.equal(token.claims.aud, 'Docker registry');
    const actions = user === team ? ['pull', 'push'] : grantedToOthers(team);
    assert.deepEqual(token.claims.access, actions.length ? [{ type: 'repository', name, actions }] : []);
  }
  return pairs.length;
}

interface KeyResult {
  distinct: { ratio: number; target: number; cpuPerToken: number; signature: number; perSecond: number; p50: number; p99: number };
  equal: { perSecond: number; timesRaw: number; cpuPerToken: number; p50: number; p99: number };
  verified: number;
  memory: { now: number; peak: number };
}

// Signatures are measured before and after each load, and each load is compared with the two beside it: what else the
// machine does meanwhile slows both.
async function measureKey(type: KeyType): Promise<KeyResult> {
  const server = await makeServer(type, database);
  await server.start();
  await signEverybodyIn(server);
  await putLoadOn(server, 'distinct', connections[type], 1);
  const loads: (Load & { ratio: number; signature: number })[] = [];
  let signature = await measureSignature(type, 1);
  for (let i = 0; i < rounds; i++) {
    const load = await putLoadOn(server, 'distinct', connections[type], seconds);
    const after = await measureSignature(type, 1);
    const around = (signature + after) / 2;
    loads.push({ ...load, signature: around, ratio: load.cpuPerToken / around });
    signature = after;
  }
  const equal = await putLoadOn(server, 'equal', 64, seconds);
  const verified = await verifySample(server);
  const used = memory(server.pid);
  await server.stop();
  return {
    distinct: {
      ratio: round(medianOf(loads, 'ratio'), 3),
      target: targets[type],
      cpuPerToken: round(medianOf(loads, 'cpuPerToken')),
      signature: round(medianOf(loads, 'signature')),
      perSecond: Math.round(medianOf(loads, 'perSecond')),
      p50: medianOf(loads, 'p50'),
      p99: medianOf(loads, 'p99'),
    },
    equal: {
      perSecond: Math.round(equal.perSecond),
      timesRaw: round((equal.perSecond * signature) / 1e6),
      cpuPerToken: round(equal.cpuPerToken),
      p50: equal.p50,
      p99: equal.p99,
    },
    verified,
    memory: { now: round(used.now), peak: round(used.peak) },
  };
}

interface FloodResult {
  p99Quiet: number;
  p99Flooded: number;
  ratio: number;
  newPasswords: number; // verified during the flood
  memory: { now: number; peak: number };
}

// People who are remembered ask as fast as they can; then, beside them, 32 at a time who sign in for the first time.
async function measureFlood(): Promise<FloodResult> {
  const server = await makeServer('p256', database);
  await server.start();
  await signEverybodyIn(server);
  await putLoadOn(server, 'distinct', connections.p256, 1);
  const quiet: Load[] = [];
  for (let i = 0; i < 3; i++) quiet.push(await putLoadOn(server, 'distinct', connections.p256, seconds));
  let next = 0;
  let signedIn = 0;
  let flooding = true;
  const flood = async (): Promise<void> => {
    while (flooding && next < strangers) {
      const { status } = await askForToken(server, strangerName(next++), 'team-000/app');
      assert.ok(status === 200 || status === 503, `a new password was answered with ${status}`);
      if (status === 200) signedIn++;
    }
  };
  const flooders = Array.from({ length: 32 }, flood);
  const flooded: Load[] = [];
  for (let i = 0; i < 3; i++) flooded.push(await putLoadOn(server, 'distinct', connections.p256, seconds));
  assert.ok(next < strangers, 'the flood ended before the measurement did');
  flooding = false;
  await Promise.all(flooders);
  const used = memory(server.pid);
  await server.stop();
  const p99Quiet = medianOf(quiet, 'p99');
  const p99Flooded = medianOf(flooded, 'p99');
  const mb = { now: round(used.now), peak: round(used.peak) };
  return { p99Quiet, p99Flooded, ratio: round(p99Flooded / p99Quiet, 2), newPasswords: signedIn, memory: mb };
}

const keys = options.keys.split(',') as KeyType[];
const results: Partial<Record<KeyType, KeyResult>> = {};
for (const type of keys) {
  const { distinct, equal, verified, memory: used } = (results[type] = await measureKey(type));
  console.log(`${type}, requests that differ, ${connections[type]} connections (medians of ${rounds} rounds of ${seconds} s)
  processor time of a token    ${distinct.cpuPerToken} us; of a signature alone ${distinct.signature} us: ${distinct.ratio} times (target ${distinct.target})
  tokens                       ${distinct.perSecond}/s, 50% within ${distinct.p50} ms, 99% within ${distinct.p99} ms
${type}, equal requests, 64 connections
  tokens                       ${equal.perSecond}/s, ${equal.timesRaw} times what one core signs; ${equal.cpuPerToken} us of processor time each, 99% within ${equal.p99} ms
  verified as a registry does  ${verified} tokens
  memory afterwards            ${used.now} MB (peak ${used.peak})`);
}
const flood = await measureFlood();
console.log(`a flood of new passwords beside remembered ones, p256
  99% of the remembered within ${flood.p99Flooded} ms, ${flood.p99Quiet} ms without it: ${flood.ratio} times (target 3); ${flood.newPasswords} new ones let in meanwhile
  memory afterwards            ${flood.memory.now} MB (peak ${flood.memory.peak}; target 40 afterwards)`);
const start = await measureStart(options.quick ? 5 : 15);
console.log(`from start to the first answer
  with a data folder           ${start.again} ms (target 100)
  with none                    ${start.fresh} ms: makes key, database and schema`);
if (options.json) {
  const machine = { processors: cpus().length, model: cpus()[0].model };
  writeFileSync(options.json, `${JSON.stringify({ machine, database, rounds, seconds, connections, keys: results, flood, start }, null, 2)}\n`);
}
