// Passes over a real registry: what clients push is shown with what it stands for, and what they delete goes slowly.
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, test } from 'node:test';
import { Buildah, Skopeo } from '../support/containers.ts';
import { imageContext } from '../support/docker.ts';
import { eventually } from '../support/process.ts';
import { Site, passwords } from '../support/site.ts';
import type { ApiClient } from '../support/spectacles.ts';

let site: Site;
let admin: ApiClient;
const skopeo = new Skopeo();
const buildah = new Buildah();

before(async () => {
  site = await Site.start('a generated P-256 key');
  admin = await site.spectacles.signIn('ada', passwords.ada);
  for (const [client, user] of [[skopeo, 'fred'], [buildah, 'fred']] as const) {
    const login = await client.login(site.registry.host, user, passwords[user]);
    assert.equal(login.code, 0, login.text);
  }
});
after(() => site?.stop());

interface Row {
  [column: string]: string | number | null;
}
function query(sql: string): Row[] {
  const database = new DatabaseSync(join(site.spectacles.folder, 'db', 'spectacles.db'), { readOnly: true });
  try {
    return database.prepare(sql).all() as Row[];
  } finally {
    database.close();
  }
}
const tagsOf = (repository: string): Row[] =>
  query(`SELECT t.name, t.digest, t.missing_passes, t.size, m.state, m.kind, m.platform FROM tag t
         JOIN repository r ON r.id = t.repository_id JOIN manifest m ON m.id = t.manifest_id WHERE r.name = '${repository}' ORDER BY t.name`);

async function must(output: Promise<{ code: number; text: string }>): Promise<void> {
  const { code, text } = await output;
  assert.equal(code, 0, text);
}

async function sync(...args: string[]): Promise<string> {
  const output = await site.spectacles.run(['sync', ...args]);
  assert.equal(output.code, 0, output.text);
  return output.stdout;
}

test('images, what they share, and an index are shown with what they stand for', async () => {
  const app = `${site.registry.host}/team/app`;
  await must(buildah.build('localhost/app', imageContext('sync')));
  for (const tag of ['1.9', '1.10']) await must(buildah.run(['tag', 'localhost/app', `${app}:${tag}`]));
  for (const tag of ['1.9', '1.10']) await must(buildah.push(`${app}:${tag}`));
  await must(buildah.run(['manifest', 'create', 'several', `localhost/app`]));
  const multi = `docker://${site.registry.host}/team/multi:latest`;
  await must(buildah.run(['manifest', 'push', '--all', ...buildah.auth, 'several', multi]));
  assert.match(await sync(), /^main: complete$/m);
  const [one, other] = tagsOf('team/app');
  assert.deepEqual([one.state, one.kind, one.platform], ['read', 'image', 'linux/amd64']);
  assert.deepEqual([one.digest, one.size], [other.digest, other.size]);
  assert.ok(Number(one.size) > 0);
  const [index] = tagsOf('team/multi');
  assert.deepEqual([index.state, index.kind], ['read', 'index']);
  assert.ok(Number(index.size) > Number(one.size) / 2, 'with what it leads to');
  const [repository] = query("SELECT r.tag_count, r.size, n.name FROM repository r JOIN namespace n ON n.id = r.namespace_id WHERE r.name = 'team/app'");
  assert.deepEqual({ ...repository }, { tag_count: 2, size: one.size, name: 'team' });
});

test('what is deleted goes after the second pass that does not show it', async () => {
  const image = `${site.registry.host}/team/gone:latest`;
  await must(skopeo.copy(`docker://${site.registry.host}/team/app:1.9`, `docker://${image}`));
  await sync();
  assert.equal(tagsOf('team/gone').length, 1);
  await must(skopeo.delete(image));
  await sync();
  await sync();
  await sync(); // one of them may have begun before it was deleted, by the background
  assert.deepEqual(tagsOf('team/gone'), []);
  const events = (await admin.request('GET', '/activity?action=tag.gone')).body as { subject: string }[];
  assert.deepEqual(events.map((event) => event.subject), ['main: team/gone:latest']);
  assert.equal(query("SELECT name FROM repository WHERE name = 'team/gone'").length, 1, 'the registry lists it still');
});

test('a repository that is removed from the storage goes, too', async () => {
  rmSync(join(site.registry.storage, 'docker', 'registry', 'v2', 'repositories', 'team', 'gone'), { recursive: true });
  await eventually(30, async () => query("SELECT id FROM repository WHERE name = 'team/gone'").length === 0);
});

test('an administrator asks for a pass, and nothing waits to be confirmed', async () => {
  const [{ id }] = (await admin.request('GET', '/registries')).body as { id: number }[];
  const asked = await admin.request('POST', `/registries/${id}/sync`, {});
  assert.equal(asked.status, 202);
  const refused = await admin.request('POST', `/registries/${id}/sync`, { confirm_removals: true });
  assert.equal(refused.status, 409);
  const wrong = await admin.request('POST', `/registries/${id}/sync`, { confirm_removals: 'yes' });
  assert.deepEqual([wrong.status, (wrong.body as { field: string }).field], [400, 'confirm_removals']);
});

test('the command line: what is wrong with the words, and with the registry', async () => {
  const unknown = await site.spectacles.run(['sync', '--registry', 'nowhere']);
  assert.equal(unknown.code, 2);
  assert.match(unknown.stderr, /--registry: there is no registry nowhere/);
  const { stdout } = await site.spectacles.run(['sync', '--registry', 'main', '--output', 'json']);
  assert.equal(JSON.parse(stdout)[0].sync.outcome, 'complete');
  await site.registry.stop();
  const failed = await site.spectacles.run(['sync']);
  assert.equal(failed.code, 1);
  assert.match(failed.stdout, /^main: failed: /m);
});
