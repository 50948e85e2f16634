// The arrows between the rooms of src/: who may include whom. docs/architecture.md shows the same picture; the rooms below
// a room are read from the USES of its slice() line in src/CMakeLists.txt, what a file's role allows is written here.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';

const root = join(import.meta.dirname, '..');

interface Include {
  file: string;
  room: string;
  target: string; // the room that the header is in
  header: string;
}

const role = {
  speaksHttp: /^(\w*routes\w*|endpoint|guard)(_test)?\.(h|cpp)$/,
  speaksSql: /_sql(_\w+)?\.(h|cpp)$/, // store_sql and its helpers
  recorder: /^recorder\.(h|cpp)$/, // adds its row to the transaction of the change that it records
  unitTest: /_test\.cpp$/,
};

// Every file of the checkout that git tracks or would track.
function files(...patterns: string[]): string[] {
  const args = ['-C', root, 'ls-files', '--cached', '--others', '--exclude-standard', '-z', '--', ...patterns];
  return execFileSync('git', args, { encoding: 'utf8', maxBuffer: 1 << 26 }).split('\0').filter(Boolean);
}

function read(file: string): string {
  try {
    return readFileSync(join(root, file), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ''; // deleted, and not yet committed
    throw error;
  }
}

// room -> the rooms that its slice() line names.
function declaredUses(cmake: string): Map<string, string[]> {
  const uses = new Map<string, string[]>();
  for (const [, body] of cmake.matchAll(/^\s*slice\(([^)]*)\)/gm)) {
    const [room, ...words] = body.trim().split(/\s+/);
    const from = words.indexOf('USES');
    const to = words.indexOf('LINKS');
    uses.set(room, from < 0 ? [] : words.slice(from + 1, to < 0 ? undefined : to));
  }
  return uses;
}

// Everything below a room; throws when a room rests, however indirectly, on itself.
function below(uses: Map<string, string[]>, room: string, path: string[] = []): Set<string> {
  assert.ok(!path.includes(room), `a circle of rooms: ${[...path, room].join(' -> ')}`);
  const all = new Set<string>();
  for (const used of uses.get(room) ?? []) {
    assert.ok(uses.has(used), `${room} uses ${used}, which is no room`);
    all.add(used);
    for (const deeper of below(uses, used, [...path, room])) all.add(deeper);
  }
  return all;
}

function includes(): Include[] {
  return files('src/*.h', 'src/*.cpp').flatMap((file) => {
    const room = file.split('/')[1];
    return [...read(file).matchAll(/^\s*#\s*include\s*"([^"]+)"/gm)].map(([, header]) => ({
      file,
      room: room.includes('.') ? 'main' : room,
      target: header.split('/')[0],
      header,
    }));
  });
}

// Whether a file is a store or declares one: its name says so, or the name of what implements it.
function speaksSql(file: string): boolean {
  return role.speaksSql.test(file) || (file.endsWith('.h') && existsSync(join(root, file.replace(/\.h$/, '_sql.cpp'))));
}

// Rooms that write several slices in one transaction, which they therefore hold.
const composers = new Set(['declare']);

// What is wrong with one include; undefined when nothing is.
function fault(include: Include, uses: Map<string, string[]>): string | undefined {
  const { room, target, header } = include;
  const name = basename(include.file);
  const isSlice = uses.get('accounts') !== undefined && below(uses, 'app').has(room) && below(uses, room).has('db');
  if (target === 'support') return role.unitTest.test(name) ? undefined : 'only tests know tests/support';
  if (!uses.has(target)) return `"${header}" is no header of a room: write "room/file.h"`;
  if (room === 'main') return target === 'app' || target === 'base' ? undefined : 'main.cpp knows only app';
  if (target === room) return undefined;
  if (!below(uses, room).has(target)) return `the room ${room} does not rest on ${target}`;
  if (!isSlice || role.unitTest.test(name)) return undefined;
  if (target === 'http' && !role.speaksHttp.test(name)) return 'only routes, endpoint and guard know http';
  if (target !== 'db' || composers.has(room)) return undefined;
  if (!speaksSql(include.file) && !role.recorder.test(name)) return 'only store_sql knows db';
  return undefined;
}

const uses = declaredUses(read('src/CMakeLists.txt'));

test('the rooms form no circle, and nobody knows app', () => {
  assert.ok(uses.size > 5, 'src/CMakeLists.txt has slice() lines');
  for (const room of uses.keys()) assert.ok(!below(uses, room).has('app'), `${room} rests on app`);
});

test('the rooms lie in the order of the design', () => {
  const order = ['accounts', 'access', 'registries', 'hooks', 'catalog', 'tokens', 'declare', 'app'];
  for (const [i, upper] of order.entries()) {
    for (const lower of order.slice(0, i)) assert.ok(!below(uses, lower).has(upper), `${lower} rests on ${upper}`);
  }
  for (const low of ['names', 'crypto', 'db', 'http']) assert.deepEqual([...below(uses, low)], ['base'], low);
  assert.deepEqual([...below(uses, 'base')], []);
});

test('every #include follows an arrow', () => {
  const all = includes();
  assert.ok(all.length > 0);
  const faults = all.flatMap((include) => {
    const message = fault(include, uses);
    return message ? [`${include.file}: ${message} (includes "${include.header}")`] : [];
  });
  assert.deepEqual(faults, []);
});

test('the check itself finds wrong arrows', () => {
  const wrong = (file: string, header: string): string | undefined =>
    fault({ file: `src/${file}`, room: file.split('/')[0], target: header.split('/')[0], header }, uses);
  assert.match(wrong('access/decide.cpp', 'tokens/issue.h') ?? '', /does not rest on tokens/);
  assert.match(wrong('access/decide.cpp', 'http/request.h') ?? '', /only routes/);
  assert.match(wrong('access/decide.h', 'db/session.h') ?? '', /only store_sql/);
  assert.match(wrong('base/log.cpp', 'names/action.h') ?? '', /does not rest on names/);
  assert.match(wrong('catalog/sync.cpp', 'sync.h') ?? '', /no header of a room/);
  assert.equal(wrong('tokens/endpoint.cpp', 'http/request.h'), undefined);
  assert.equal(wrong('catalog/store_sql.cpp', 'db/session.h'), undefined);
});

test("the headers of a slice name no library that only its .cpp files know", () => {
  const hidden = /^\s*#\s*include\s*<(boost\/(asio|beast)|soci|openssl|curl|ldap)/m;
  const slices = files('src/*.h').filter((file) => {
    const room = file.split('/')[1];
    return room !== 'app' && below(uses, room).has('db');
  });
  assert.deepEqual(slices.filter((file) => hidden.test(read(file))), []);
});

test('every header has #pragma once, every .cpp its own header first', () => {
  const faults = files('src/*.h').filter((file) => !/^#pragma once$/m.test(read(file)));
  const headers = new Set(files('src/*.h'));
  for (const file of files('src/*.cpp')) {
    const own = [file.replace(/\.cpp$/, '.h'), file.replace(/_test\.cpp$/, '.h')].find((header) => headers.has(header));
    if (!own) continue;
    const first = /^\s*#\s*include\s*(\S+)/m.exec(read(file))?.[1];
    if (first !== `"${own.slice('src/'.length)}"`) faults.push(file);
  }
  assert.deepEqual(faults, []);
});
