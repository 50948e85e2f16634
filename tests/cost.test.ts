// What one decision and one token cost, as instructions under valgrind's callgrind: the same on every machine, so a change
// that makes the token path slower fails here. bench/cost.json holds the bounds; docs/performance.md tells more.
//
// Of a token the signature itself is left out, since its number of instructions is OpenSSL's own and differs with chance.
// OPENSSL_ia32cap keeps OpenSSL from using what only some processors have.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { must, temporaryFolder } from './support/process.ts';
import { Spectacles } from './support/spectacles.ts';

const root = join(import.meta.dirname, '..');
const program = process.env.SPECTACLES_COST ?? join(root, 'build', 'release', 'src', 'cost');
const boundsFile = join(root, 'bench', 'cost.json');
const bounds: Record<string, number> = JSON.parse(readFileSync(boundsFile, 'utf8'));
const slack = 0.08; // more than libraries of another patch level change, less than any change worth a look
const times = 50;
const password = 'counted by callgrind';
const namespaces = ['team', 'team/deep', 'other'];

let server: Spectacles;

before(async () => {
  server = await Spectacles.create({ SPECTACLES_BACKGROUND: 'off' });
  await server.apply(`
registries:
  - {name: main, url: "http://127.0.0.1:1", public: localhost:5000, service: "Docker registry"}
users:
  - {username: admin, password: "${password}", role: admin}
  - {username: alice, password: "${password}"}
groups:
  - {name: crew, members: [alice]}
namespaces:
  - {registry: main, name: team, owner: alice}
  - {registry: main, name: team/deep, owner: admin, members: [alice], member_access: FULL}
  - {registry: main, name: other, owner: admin, groups: [crew], group_access: FULL}
`);
});

// Instructions inside `toggle` and what it calls, for each time, and of these those inside `without`.
async function count(kind: string, toggle: string, without: string): Promise<number> {
  const file = join(temporaryFolder('callgrind'), 'out');
  const args = ['--tool=callgrind', `--toggle-collect=${toggle}`, `--callgrind-out-file=${file}`, program, kind, String(times), `alice:${password}`];
  const env = { SPECTACLES_DATA_DIR: server.folder, OPENSSL_ia32cap: '0x0:0x0', LOG_FILE_PATH: server.folder };
  await must('valgrind', [...args, ...namespaces], { env, timeout: 120_000, cwd: server.folder });
  const { stdout } = await must('callgrind_annotate', ['--inclusive=yes', '--threshold=100', file], { env: {} });
  const inclusive = (name: string): number => {
    const line = stdout.split('\n').find((one) => one.includes(name) && /^ *[\d,]+ /.test(one));
    assert.ok(line, `callgrind saw no ${name}:\n${stdout.slice(0, 4000)}`);
    return Number(line.trim().split(' ')[0].replaceAll(',', ''));
  };
  return Math.round((inclusive('PROGRAM TOTALS') - (without ? inclusive(without) : 0)) / times);
}

for (const [kind, toggle, without] of [
  ['decision', 'measured_decision', ''],
  ['token', 'measured', 'spectacles::crypto::PrivateKey::sign'],
]) {
  test(`a ${kind} costs what it did`, async (t) => {
    assert.ok(existsSync(program), `there is no ${program}: build unit_tests, or set SPECTACLES_COST`);
    const counted = await count(kind, toggle, without);
    t.diagnostic(`${kind}: ${counted} instructions, the bound is ${bounds[kind]}`);
    if (process.env.UPDATE_COST) {
      writeFileSync(boundsFile, `${JSON.stringify({ ...JSON.parse(readFileSync(boundsFile, 'utf8')), [kind]: counted }, null, 2)}\n`);
      return;
    }
    const howTo = `run UPDATE_COST=1 node --test tests/cost.test.ts and commit bench/cost.json`;
    assert.ok(counted <= bounds[kind] * (1 + slack), `a ${kind} takes ${counted} instructions, ${bounds[kind]} before. If that has to be: ${howTo}`);
    assert.ok(counted >= bounds[kind] * (1 - slack), `a ${kind} takes only ${counted} instructions, ${bounds[kind]} before. So that it stays so: ${howTo}`);
  });
}
