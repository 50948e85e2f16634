// Garbage collection with nothing pushed or deleted meanwhile: `spectacles gc` and the API, at Debian's docker-registry.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { eventually, temporaryFolder } from '../support/process.ts';
import { Pusher } from '../support/pusher.ts';
import { Registry } from '../support/registry.ts';
import { type Spectacles, program } from '../support/spectacles.ts';
import { Caller, granted, passwords, startWorld } from '../support/world.ts';

let server: Spectacles;
let admin: Caller;
let registry: Registry;
let client: Pusher;
let path: string; // of the registry
const folder = temporaryFolder('gc');

before(async () => {
  server = await startWorld({ SPECTACLES_BACKGROUND: 'inside', SPECTACLES_BACKGROUND_UPDATE: '1' });
  registry = await Registry.start({ realm: server.realm, rootcertbundle: server.certificate });
  await server.apply(`registries:\n  - {name: main, url: "${registry.url}"}\n`);
  admin = await Caller.signIn(server.url, 'admin');
  path = await admin.pathOf('/registries', 'main');
  client = new Pusher(registry.url, server.realm, 'Docker registry', ['admin', passwords.admin]);
});
after(async () => {
  await server.stop();
  await registry.stop();
});

// As if it had been so for longer than any token lives.
const forgetGrants = async (): Promise<void> => {
  const { DatabaseSync } = await import('node:sqlite');
  const database = new DatabaseSync(join(server.folder, 'db', 'spectacles.db'));
  database.exec('PRAGMA busy_timeout = 5000; DELETE FROM write_grant; UPDATE generation SET value = value + 1');
  database.close();
};
const explain = async (action: string): Promise<{ granted_actions: string[]; rule: string; reason: string }> =>
  (await admin.must('GET', `/access/explain?registry=main&user=alice&repository=team/app&action=${action}`)).json;
// A command that runs until the file `go` is there.
const waiting = (name: string): string[] => ['sh', '-c', `touch ${folder}/${name}.begun; while [ ! -e ${folder}/${name}.go ]; do sleep 0.1; done; echo done-${name}; exit 7`];
const begun = (name: string): Promise<unknown> => eventually(30, async () => existsSync(join(folder, `${name}.begun`)));
const letGo = (name: string): void => writeFileSync(join(folder, `${name}.go`), '');

test('while it runs nobody pushes or deletes, everybody pulls, and why is said', async () => {
  const gc = server.run(['gc', '--registry', 'main', '--reason', 'nightly', '--', ...waiting('first')]);
  await begun('first');
  assert.equal(await granted(server, 'alice', 'team/app'), 'pull');
  assert.equal(await granted(server, 'admin', 'team/app'), 'pull');
  assert.equal(await granted(server, 'carol', 'team/app', 'pull,push'), '', 'who has WRITE pulls only what he pushes');
  const explained = await explain('push,pull');
  assert.deepEqual([explained.granted_actions, explained.rule], [['pull'], 'maintenance']);
  assert.match(explained.reason, /paused for garbage collection since .* by \(command line\): nightly/);
  const refusals = await eventually(30, async () => {
    const found = await admin.list('/decisions?rule=maintenance&outcome=refused&user=carol');
    return found.length > 0 && found;
  });
  assert.match(refusals[0].reason, /paused for garbage collection/);
  const pushers = async (): Promise<unknown[]> => await admin.list('/access/who?registry=main&repository=team/app&action=push');
  const reach = async (): Promise<string> => (await admin.must('GET', '/access/reach?user=alice')).text;
  assert.doesNotMatch(JSON.stringify(await pushers()), /alice/);
  assert.match(await reach(), /maintenance/);
  const window = (await admin.must('GET', `${path}/gc-window`)).json;
  assert.deepEqual([window.open, window.opened_by, window.reason], [true, '(command line)', 'nightly']);
  const second = await server.run(['gc', '--registry', 'main', '--', 'true']);
  assert.equal(second.code, 1, second.text);
  assert.match(second.stderr, /only one window/);
  letGo('first');
  const ended = await gc;
  assert.equal(ended.code, 7, ended.text);
  assert.match(ended.stdout, /done-first/);
  assert.equal(await granted(server, 'alice', 'team/app'), 'delete,pull,push');
  assert.match(JSON.stringify(await pushers()), /alice/);
  assert.doesNotMatch(await reach(), /maintenance/);
  const events = (await admin.list('/activity?kind=gc_window')).map((one) => one.action);
  assert.deepEqual(events, ['gc_window.closed', 'gc_window.opened']);
});

test('a real collection: what tags lead to stays, what was deleted before is gone for good', async () => {
  const kept = await client.image('team/collected', 'kept');
  const dead = await client.image('team/collected', 'dead');
  const known = await eventually(30, async () => (await admin.list('/repositories?q=team/collected')).find((one) => one.tags === 2));
  const repository = `/repositories/${known.id}`;
  await admin.must('DELETE', `${repository}/tags/dead`);
  const [entry] = await admin.list('/trash?q=team/collected');
  assert.equal(entry.state, 'kept');

  const refused = await server.run(['gc', '--registry', 'main', '--wait-max', '0', '--', 'true']);
  assert.equal(refused.code, 1, refused.text);
  assert.match(refused.stderr, /good for \d+ more seconds/);
  assert.equal((await admin.must('GET', `${path}/gc-window`)).json.open, false);
  assert.ok((await admin.must('GET', `${path}/gc-window`)).json.writes_until);

  await forgetGrants();
  const collected = await server.run(['gc', '--registry', 'main', '--', ...registry.garbageCollection]);
  assert.equal(collected.code, 0, collected.text);
  assert.match(collected.stdout, /blob eligible for deletion/);
  const state = await eventually(30, async () => {
    const [now] = await admin.list('/trash?q=team/collected');
    return !['kept', 'unverified'].includes(now.state) && now.state;
  });
  assert.equal(state, 'gone');
  assert.equal((await admin.ask('POST', `/trash/${entry.id}/restore`, {})).status, 409);
  assert.equal(await client.digest('team/collected', 'kept'), kept.digest);
  assert.equal(await client.digest('team/collected', dead.digest), undefined);
});

test('deletions and retention wait, too', async () => {
  await client.image('team/paused', 'a');
  const known = await eventually(30, async () => (await admin.list('/repositories?q=team/paused')).find((one) => one.tags === 1));
  const opened = await admin.must('POST', `${path}/gc-window`, { minutes: 5, reason: 'by hand' });
  assert.equal(opened.status, 201);
  assert.equal((await admin.ask('POST', `${path}/gc-window`, {})).status, 409);
  const refused = await admin.ask('DELETE', `/repositories/${known.id}/tags/a`);
  assert.equal(refused.status, 409);
  assert.match(refused.json.detail, /paused .* by admin: by hand/);
  assert.deepEqual(await client.tags('team/paused'), ['a']);
  const alice = await Caller.signIn(server.url, 'alice');
  const paused = async (): Promise<Record<string, unknown>> => Object.fromEntries((await alice.list('/registries')).map((one) => [one.name, one.paused?.reason ?? one.paused]));
  assert.deepEqual(await paused(), { main: 'by hand', third: null }, 'whoever pushes sees that he cannot');
  await server.stop();
  await server.start();
  admin = await Caller.signIn(server.url, 'admin');
  assert.equal(await granted(server, 'alice', 'team/app'), 'pull', 'a restart changes nothing');
  await admin.must('DELETE', `${path}/gc-window`);
  await admin.must('DELETE', `${path}/gc-window`);
  assert.deepEqual(await paused(), { main: null, third: null });
  await admin.must('DELETE', `/repositories/${known.id}/tags/a`);
});

test('what is wrong is named', async () => {
  for (const [body, field] of [[{ minutes: 0 }, 'minutes'], [{ minutes: 1441 }, 'minutes'], [{ minutes: 'x' }, 'minutes'], [{ hours: 1 }, 'hours']] as const) {
    const answer = await admin.ask('POST', `${path}/gc-window`, body);
    assert.deepEqual([answer.status, answer.json.field], [400, field]);
  }
  for (const [args, code] of [[['--registry', 'nowhere', '--', 'true'], 2], [['--registry', 'main'], 2], [['--registry', 'main', '--', '/no/such/program'], 1]] as const) {
    await forgetGrants();
    const answer = await server.run(['gc', ...args]);
    assert.equal(answer.code, code, answer.text);
  }
  assert.equal((await admin.must('GET', `${path}/gc-window`)).json.open, false);
});

test('SIGTERM ends the command and closes the window', async () => {
  await forgetGrants();
  const gc = spawn(program, ['gc', '--registry', 'main', '--', ...waiting('stopped')], { env: { ...process.env, SPECTACLES_DATA_DIR: server.folder }, stdio: 'ignore' });
  const ended = new Promise<number | null>((resolve) => gc.once('exit', (code) => resolve(code)));
  await begun('stopped');
  gc.kill('SIGTERM');
  assert.equal(await ended, 128 + 15);
  assert.equal((await admin.must('GET', `${path}/gc-window`)).json.open, false);
});

test('kill -9: the command dies, and pushes go on by themselves', async () => {
  await forgetGrants();
  const gc = spawn(program, ['gc', '--registry', 'main', '--lease', '10', '--', 'sh', '-c', `echo $$ > ${folder}/pid; touch ${folder}/killed.begun; exec sleep 60`], {
    env: { ...process.env, SPECTACLES_DATA_DIR: server.folder },
    stdio: 'ignore',
  });
  await begun('killed');
  gc.kill('SIGKILL');
  assert.equal(await granted(server, 'alice', 'team/app'), 'pull', 'for a while nobody knows');
  const { readFileSync } = await import('node:fs');
  const pid = readFileSync(join(folder, 'pid'), 'utf8').trim();
  await eventually(30, async () => !existsSync(`/proc/${pid}`) || / Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8')));
  await eventually(30, async () => (await granted(server, 'alice', 'team/app')) === 'delete,pull,push');
  await eventually(30, async () => (await admin.list('/activity?action=gc_window.expired')).length === 1);
});
