// The command line: apply, diff, export, explain, help and refusals, on a database that no server uses.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { Spectacles } from '../support/spectacles.ts';
import { world } from '../support/world.ts';

let place: Spectacles;
before(async () => {
  place = await Spectacles.create();
  await place.apply(world);
});

test('apply names what is wrong by path and line, changes nothing, and ends with 2', async () => {
  const before = (await place.run(['export'])).stdout;
  const rows: [string, RegExp][] = [
    ['users:\n  - {username: x, role: boss}\n', /^users\[0\]\.role: .*\(line 2\)$/m],
    ['users:\n  - {username: x}\n  - {role: user}\n', /^users\[1\]\.username: .*\(line 3\)$/m],
    ['users:\n  - {username: x}\n  - {username: X}\n', /^users\[1\]\.username: .*already.*\(line 3\)$/m],
    ['users:\n  - {username: x, password: short}\n', /^users\[0\]\.password: .*\(line 2\)$/m],
    ['users:\n  - {username: x, password: long enough, password_hash: y}\n', /^users\[0\]\.password_hash: only one.*\(line 2\)$/m],
    ['users:\n  - {username: x, password_file: /does/not/exist}\n', /^users\[0\]\.password_file: .*\(line 2\)$/m],
    ['users:\n  - {username: x, colour: red}\n', /^users\[0\]\.colour: unknown key.*\(line 2\)$/m],
    ['users: nobody\n', /^users: should be a list.*\(line 1\)$/m],
    ['colours: []\n', /^colours: unknown key.*\(line 1\)$/m],
    ['- a\n', /should be a map.*\(line 1\)$/m],
    ['users: [\n', /\(line \d+\)/],
    ['groups:\n  - {name: g, members: [nobody]}\n', /^groups\[0\]\.members\[0\]: .*nobody.*\(line 2\)$/m],
    ['namespaces:\n  - {registry: main, name: n, owner: nobody}\n', /^namespaces\[0\]\.owner: .*\(line 2\)$/m],
    ['namespaces:\n  - {registry: none, name: n, owner: alice}\n', /^namespaces\[0\]\.registry: .*\(line 2\)$/m],
    ['namespaces:\n  - {registry: main, name: "Not A Name", owner: alice}\n', /^namespaces\[0\]\.name: .*\(line 2\)$/m],
    ['namespaces:\n  - registry: main\n    name: n\n    owner: alice\n    claims:\n      - {user: bob, group: crew, repository: "*", access: READ}\n', /^namespaces\[0\]\.claims\[0\]: .*\(line 6\)$/m],
    ['registries:\n  - {name: r, url: "ftp://x"}\n', /^registries\[0\]\.url: .*\(line 2\)$/m],
    ['registries:\n  - {name: r, url: "http://x", service: \'"quoted"\'}\n', /^registries\[0\]\.service: .*quot.*\(line 2\)$/m],
  ];
  for (const [yaml, message] of rows) {
    const output = await place.run(['apply', '-'], { input: yaml });
    assert.deepEqual([output.code, output.stdout], [2, ''], yaml);
    assert.match(output.stderr, message, yaml);
    assert.doesNotMatch(output.stderr, /long enough|short\b/, 'no secret is repeated');
  }
  assert.equal((await place.run(['export'])).stdout, before);
  const several = await place.run(['apply', '-'], { input: 'users:\n  - {username: x, role: boss}\n  - {username: y, role: boss}\n' });
  assert.match(several.stderr, /users\[0\]\.role[^]*users\[1\]\.role/, 'all that is wrong, not only the first');
  assert.equal((await place.run(['apply', '/does/not/exist.yaml'])).code, 2);
});

test('apply a second time changes nothing', async () => {
  const again = await place.run(['apply', '-'], { input: world });
  assert.deepEqual([again.code, again.stdout], [0, 'nothing to change\n'], again.text);
  assert.equal((await place.run(['diff', '-'], { input: world })).code, 0);
});

test('--plan and diff only say what would change', async () => {
  const more = 'users:\n  - {username: planned, role: auditor, password: long enough}\n  - {username: alice, role: auditor}\n';
  const before = (await place.run(['export'])).stdout;
  const plan = await place.run(['apply', '--plan', '-'], { input: more });
  assert.equal(plan.code, 0, plan.text);
  assert.match(plan.stdout, /^\+ user planned .*auditor/m);
  assert.match(plan.stdout, /^~ user alice: role user -> auditor$/m);
  assert.match(plan.stdout, /1 to create, 1 to change, 0 to delete/);
  const diff = await place.run(['diff', '-'], { input: more });
  assert.deepEqual([diff.code, diff.stdout], [1, plan.stdout]);
  assert.equal((await place.run(['export'])).stdout, before);
});

test('--prune removes what the file does not name, in the sections that it has', async () => {
  const other = await Spectacles.create();
  await other.apply(`${world}  - {registry: main, name: gone, owner: alice}\n`);
  const kept = await other.run(['apply', '-'], { input: world });
  assert.equal(kept.stdout, 'nothing to change\n');
  const pruned = await other.run(['apply', '--prune', '-'], { input: world });
  assert.match(pruned.stdout, /^- namespace .*gone/m, pruned.text);
  assert.match(pruned.stdout, /0 to create, 0 to change, 1 to delete/);
  assert.doesNotMatch((await other.run(['export'])).stdout, /gone/);
});

test('an export applied to an empty database gives the same export', async () => {
  const first = await place.run(['export']);
  assert.equal(first.code, 0);
  const copy = await Spectacles.create();
  const applied = await copy.run(['apply', '-'], { input: first.stdout });
  assert.equal(applied.code, 0, applied.text);
  assert.equal((await copy.run(['export'])).stdout, first.stdout);
});

test('explain answers in text and in JSON', async () => {
  const text = await place.run(['explain', '--registry', 'main', 'carol', 'team/app', 'push,pull']);
  assert.equal(text.code, 0, text.text);
  assert.match(text.stdout, /member/);
  const json = await place.run(['explain', '--output', 'json', '--registry', 'main', 'dave', 'team/app', 'pull']);
  assert.deepEqual([json.code, JSON.parse(json.stdout).granted], [0, false], json.text);
  const anonymous = await place.run(['explain', '--output=json', '--registry=main', '-', 'open/app', 'pull']);
  assert.deepEqual([JSON.parse(anonymous.stdout).user, JSON.parse(anonymous.stdout).rule], [null, 'anonymous']);
  const wrong: [string[], RegExp][] = [
    [['carol', 'team/app', 'pull'], /registry/],
    [['--registry', 'none', 'carol', 'team/app', 'pull'], /registry/],
    [['--registry', 'main', 'carol', 'team/app', 'fly'], /ACTION/],
    [['--registry', 'main', 'carol', 'Team', 'pull'], /repository/i],
    [['--registry', 'main', 'a b', 'team/app', 'pull'], /USER/],
    [['carol'], /REPOSITORY/],
    [['--output', 'xml', 'carol', 'team/app', 'pull'], /output/],
  ];
  for (const [args, message] of wrong) {
    const output = await place.run(['explain', ...args]);
    assert.equal(output.code, 2, `${args}: ${output.text}`);
    assert.match(output.stderr, message, `${args}`);
  }
});

test('diff says 2 where nothing could be compared', async () => {
  assert.equal((await place.run(['diff', '/nowhere/at-all.yml'])).code, 2);
  const unreachable = { SQLALCHEMY_DATABASE_URI: 'postgresql://nobody:x@127.0.0.1:1/none' };
  const output = await place.run(['diff', '-'], { input: 'users: []', env: unreachable });
  assert.equal(output.code, 2, output.text);
  assert.match(output.stderr, /127\.0\.0\.1:1/);
});

describe('help and version', () => {
  const commands = ['runserver', 'runbackground', 'apply', 'diff', 'export', 'explain', 'options'];
  test('are there for every command, without any configuration', async () => {
    for (const args of [[], ...commands.map((command) => [command])]) {
      const help = await place.run([...args, '--help'], { env: { SPECTACLES_LISTEN: 'nonsense' } });
      assert.equal(help.code, 0, `${args} --help: ${help.text}`);
      assert.ok(help.stdout.length > 50, `${args}`);
      const version = await place.run([...args, '--version'], { env: { SPECTACLES_LISTEN: 'nonsense' } });
      assert.equal(version.code, 0, `${args} --version: ${version.text}`);
      assert.match(version.stdout, /^\S*\d+\.\d+\S*\n$/, `${args}`);
    }
    const all = (await place.run(['--help'])).stdout;
    for (const command of commands) assert.ok(all.includes(command), command);
  });
  test('the prefix manager.py is understood', async () => {
    assert.equal((await place.run(['manager.py', 'export'])).stdout, (await place.run(['export'])).stdout);
    assert.equal((await place.run(['manager.py', '--version'])).code, 0);
  });
  test('what is no command ends with 2', async () => {
    for (const args of [[], ['fly'], ['export', 'more'], ['apply'], ['--fly'], ['manager.py']]) {
      const output = await place.run(args);
      assert.equal(output.code, 2, `${args}: ${output.text}`);
      assert.ok(output.stderr.length > 0, `${args}`);
    }
  });
});

test('a configuration that is wrong ends with 2 and names source, key and reason', async () => {
  const environments: [string, string][] = [
    ['SPECTACLES_LISTEN', 'nonsense'], ['SPECTACLES_LISTEN', 'example.org:5050'], ['SPECTACLES_TOKEN_LIFETIME', '59'],
    ['SPECTACLES_TOKEN_LIFETIME', 'x'], ['SPECTACLES_PUBLIC_URL', 'ftp://x'], ['WEB_ROOT', 'no-slash'],
    ['SPECTACLES_TRUSTED_PROXIES', '10.0.0.0/99'], ['REGISTER_ENABLED', 'maybe'], ['DB_BACKEND', 'oracle'],
  ];
  for (const [name, value] of environments) {
    for (const command of ['runserver', 'runbackground', 'export']) {
      const output = await place.run([command], { env: { [name]: value }, timeout: 20_000 });
      assert.equal(output.code, 2, `${name}=${value} ${command}: ${output.text}`);
      assert.match(output.stderr, new RegExp(`^spectacles: environment: ${name}: .+`, 'm'));
    }
  }
  const file = join(place.folder, 'wrong.yml');
  for (const [yaml, message] of [
    ['register_enabled: maybe\n', 'register_enabled \\(line 1\\): .+'],
    ['\nfly: 1\n', 'fly: there is no such key \\(line 2\\)'],
    ['web_root: [a]\n', 'web_root: must be a single value \\(line 1\\)'],
    ['web_root: /a\nweb_root: /b\n', 'web_root: is there twice \\(line 2\\)'],
    ['a: [\n', '.+\\(line \\d+\\)'],
  ]) {
    writeFileSync(file, yaml);
    const output = await place.run(['export', '--config', file]);
    assert.equal(output.code, 2, `${yaml}${output.text}`);
    assert.match(output.stderr, new RegExp(`^spectacles: ${file}: ${message}`, 'm'));
  }
  assert.equal((await place.run(['export', '--config', '/does/not/exist.yml'])).code, 2);
});
