// What no file of the checkout may hold: a host to fetch packages from (npm's and apt's own configuration say that), or a
// path that exists on one machine only.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const root = join(import.meta.dirname, '..');

// Written in pieces, so that this file does not find itself.
const forbidden: [string, RegExp][] = [
  ['a package registry', new RegExp(['registry\\.npm' + 'js', 'npm' + 'mirror', 'yarn' + 'pkg\\.com'].join('|'))],
  ['an artifact proxy', new RegExp('artifact' + 'ory|/nex' + 'us/|"resol' + 'ved":\\s*"http', 'i')],
  ['a path of one machine', new RegExp('(^|[\\s"\'=:(\\[])/(wo' + 'rk|ro' + 'ot|ho' + 'me)/[A-Za-z.]', 'm')],
];

function trackedFiles(): string[] {
  const args = ['-C', root, 'ls-files', '--cached', '--others', '--exclude-standard', '-z'];
  return execFileSync('git', args, { encoding: 'utf8', maxBuffer: 1 << 26 }).split('\0').filter(Boolean);
}

for (const [what, pattern] of forbidden) {
  test(`no file names ${what}`, () => {
    const found = trackedFiles().filter((file) => {
      try {
        return pattern.test(readFileSync(join(root, file), 'utf8'));
      } catch {
        return false; // deleted, a link to a folder
      }
    });
    assert.deepEqual(found, []);
  });
}
