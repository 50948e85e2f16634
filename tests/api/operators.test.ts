// The command line for who looks after an installation: users and sessions without the console, beside a running server.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Spectacles } from '../support/spectacles.ts';

let server: Spectacles;
before(async () => {
  server = await Spectacles.create({ SPECTACLES_BACKGROUND: 'off' });
  await server.start();
});
after(() => server.stop());

const json = async (args: string[], input?: string) => {
  const output = await server.run([...args, '--output', 'json'], { input });
  assert.equal(output.code, 0, output.stderr);
  return JSON.parse(output.stdout);
};

test('an administrator is made when nobody can sign in, and registration is closed by it', async () => {
  const made = await json(['user', 'create', 'Root', '--role', 'admin', '--email', 'root@example.org'], 'correct horse\n');
  assert.deepEqual({ ...made, id: 0, created_at: '' }, { id: 0, username: 'root', role: 'admin', disabled: false, created_at: '', email: 'root@example.org' });
  const root = await server.signIn('root', 'correct horse');
  assert.equal((await root.get('/instance')).body.registration, 'closed');
});

test('passwords come from standard input or a file, or are made; never from the arguments', async () => {
  const file = join(server.folder, 'password');
  writeFileSync(file, 'from a file, whole\n', { mode: 0o600 });
  await json(['user', 'create', 'filed', '--password-file', file]);
  await server.signIn('filed', 'from a file, whole');
  const { password } = await json(['user', 'create', 'made', '--generate']);
  assert.match(password, /^[\w-]{43}$/);
  await server.signIn('made', password);
  const help = await server.run(['user', 'create', '--help']);
  assert.doesNotMatch(help.stdout, /--password(?!-file)/);
});

test('what is wrong is said, with exit code 2; what cannot be done with 1', async () => {
  const rows: [string[], string | undefined, number, RegExp][] = [
    [['user', 'create', 'bob'], 'short\n', 2, /8 to 256 characters/],
    [['user', 'create', 'bob'], 'password1\n', 2, /first that are guessed/],
    [['user', 'create', 'bob'], '', 2, /no password/],
    [['user', 'create', 'Bob Smith'], 'correct horse\n', 2, /USER: a user name has/],
    [['user', 'create', 'bob', '--role', 'king'], 'correct horse\n', 2, /--role/],
    [['user', 'create', 'bob', '--email', 'x'], 'correct horse\n', 2, /--email: an e-mail address/],
    [['user', 'create', 'bob', '--password-file', '/nowhere'], undefined, 2, /--password-file: cannot be read/],
    [['user', 'create', 'root'], 'correct horse\n', 1, /there is a user root already/],
    [['user', 'disable', 'nobody'], undefined, 1, /there is no user nobody/],
    [['user', 'role', 'root', 'user'], undefined, 1, /last active administrator/],
    [['user', 'disable', 'root'], undefined, 1, /last active administrator/],
    [['user', 'delete', 'root'], undefined, 1, /last active administrator/],
    [['user', 'delete', 'made', '--transfer-to', 'nobody'], undefined, 2, /transfer_to: there is no user nobody/],
    [['session', 'end', 'root', '--id', '99'], undefined, 1, /there is no such session/],
    [['session', 'end'], undefined, 2, /USER is required/],
    [['user'], undefined, 2, /subcommand/],
    [['completion', 'csh'], undefined, 2, /csh/],
  ];
  for (const [args, input, code, text] of rows) {
    const output = await server.run(args, { input: input ?? '' });
    assert.equal(output.code, code, `${args.join(' ')}: ${output.stderr}`);
    assert.match(output.stderr, text, args.join(' '));
  }
});

test('a user is disabled, enabled, given a role and a password, and deleted; the server sees it at once', async () => {
  await json(['user', 'create', 'carol'], 'battery staple\n');
  const carol = await server.signIn('carol', 'battery staple');
  assert.equal((await json(['user', 'disable', 'carol'])).disabled, true);
  assert.equal((await carol.get('/users/me')).status, 401);
  await assert.rejects(server.signIn('carol', 'battery staple'), /401/);
  assert.equal((await json(['user', 'enable', 'carol'])).disabled, false);
  assert.equal((await json(['user', 'role', 'carol', 'auditor'])).role, 'auditor');
  const again = await server.signIn('carol', 'battery staple');
  await json(['user', 'password', 'carol'], 'another staple\n');
  assert.equal((await again.get('/namespaces')).status, 401, 'a new password ends the sessions');
  await server.signIn('carol', 'another staple');
  assert.equal((await json(['user', 'show', 'carol'])).role, 'auditor');
  await json(['user', 'delete', 'carol']);
  assert.deepEqual((await json(['user', 'list', '--search', 'aro'])), []);
});

test('sessions are listed and ended, one or all', async () => {
  const one = await server.signIn('root', 'correct horse');
  const two = await server.signIn('root', 'correct horse');
  const listed = await json(['session', 'list', 'root']);
  assert.ok(listed.length >= 2);
  assert.ok(listed.every((session: { username: string }) => session.username === 'root'));
  assert.doesNotMatch(JSON.stringify(listed), /token|hash/);
  const newest = Math.max(...listed.map((session: { id: number }) => session.id));
  assert.deepEqual(await json(['session', 'end', 'root', '--id', String(newest)]), { ended: 1 });
  assert.equal((await two.get('/namespaces')).status, 401);
  assert.equal((await one.get('/namespaces')).status, 200);
  const { ended } = await json(['session', 'end', 'root']);
  assert.equal(ended, listed.length - 1);
  assert.equal((await one.get('/namespaces')).status, 401);
  assert.ok((await json(['session', 'list'])).every((session: { username: string }) => session.username !== 'root'));
});

test('what an operator did is in the activity, without passwords', async () => {
  const root = await server.signIn('root', 'correct horse');
  const { body } = await root.get('/activity?actor=(command line)&limit=500');
  const actions = new Set(body.map((event: { action: string }) => event.action));
  for (const action of ['user.created', 'user.changed', 'user.password_changed', 'user.deleted', 'session.ended', 'session.all_ended']) {
    assert.ok(actions.has(action), action);
  }
  assert.doesNotMatch(JSON.stringify(body), /horse|staple|argon2/);
});

test('bash completes commands and options', () => {
  const complete = (...words: string[]) =>
    execFileSync('bash', ['-c', `source <("$0" completion bash); COMP_WORDS=(spectacles "$@"); COMP_CWORD=$#; _spectacles; printf '%s\\n' "\${COMPREPLY[@]}"`,
      join(import.meta.dirname, '..', '..', 'build', 'release', 'spectacles'), ...words], { encoding: 'utf8' }).split('\n').filter(Boolean);
  assert.deepEqual(complete('user', 'cre'), ['create']);
  assert.deepEqual(complete('sess'), ['session']);
  assert.deepEqual(complete('user', 'create', '--ro'), ['--role']);
  assert.deepEqual(complete('--config', 'x', 'session', 'e'), ['end']);
  assert.ok(complete('').includes('migrate'));
});

test('scripts for other shells name every command', async () => {
  for (const shell of ['zsh', 'fish']) {
    const { stdout } = await server.run(['completion', shell]);
    for (const command of ['runserver', 'user', 'session', 'transfer-to']) assert.match(stdout, new RegExp(command), `${shell} ${command}`);
  }
});
