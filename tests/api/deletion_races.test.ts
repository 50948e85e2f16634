// Deletions that others get in the way of, forced by a proxy that holds what the server asks the registry: nothing is lost,
// nothing is deleted that was not shown, and what a process that died has left is put right.
import assert from 'node:assert/strict';
import { type IncomingMessage, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, test } from 'node:test';
import { Distribution3 } from '../support/distribution3.ts';
import { eventually } from '../support/process.ts';
import { Pusher } from '../support/pusher.ts';
import { Registry } from '../support/registry.ts';
import type { Spectacles } from '../support/spectacles.ts';
import { Caller, passwords, startWorld } from '../support/world.ts';

// What becomes of a request: it is passed on after `before`, its answer after `after`; either may let it drop instead.
interface Hold {
  on: (asked: string) => boolean; // "DELETE /v2/team/app/manifests/x"
  before?: () => Promise<unknown>;
  after?: () => Promise<unknown>;
}
const drop = 'drop';

class Proxy {
  holds: Hold[] = [];
  url = '';

  static async to(target: string): Promise<Proxy> {
    const proxy = new Proxy();
    const server = createServer(async (asked, answer) => {
      const body: Buffer[] = [];
      for await (const part of asked) body.push(part as Buffer);
      const hold = proxy.holds.find((one) => one.on(`${asked.method} ${asked.url}`));
      if (hold) proxy.holds = proxy.holds.filter((one) => one !== hold);
      if ((await hold?.before?.()) === drop) {
        asked.socket.destroy();
        return;
      }
      const got = await new Promise<IncomingMessage>((resolve, reject) => {
        request(new URL(asked.url ?? '/', target), { method: asked.method, headers: { ...asked.headers, connection: 'close' } }, resolve).on('error', reject).end(Buffer.concat(body));
      });
      const answered: Buffer[] = [];
      for await (const part of got) answered.push(part as Buffer);
      if ((await hold?.after?.()) === drop) {
        asked.socket.destroy();
        return;
      }
      const headers = Object.fromEntries(Object.entries(got.headers).filter(([name]) => name !== 'connection' && name !== 'transfer-encoding'));
      answer.writeHead(got.statusCode ?? 500, headers);
      answer.end(Buffer.concat(answered));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    server.unref();
    proxy.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return proxy;
  }
}

let server: Spectacles;
let admin: Caller;
let real: Registry;
let double: Distribution3;
const proxies: Record<string, Proxy> = {};

before(async () => {
  server = await startWorld({ SPECTACLES_BACKGROUND: 'inside', SPECTACLES_BACKGROUND_UPDATE: '1' }, 'namespaces:\n  - {registry: third, name: team, owner: alice}\n');
  real = await Registry.start({ realm: server.realm, rootcertbundle: server.certificate });
  double = await Distribution3.start('the third: one', server.realm);
  proxies.main = await Proxy.to(real.url);
  proxies.third = await Proxy.to(double.url);
  await server.apply(`registries:\n  - {name: main, url: "${proxies.main.url}"}\n  - {name: third, url: "${proxies.third.url}"}\n`);
  admin = await Caller.signIn(server.url, 'admin');
});
after(async () => {
  await server.stop();
  await real.stop();
});

// As if what is under way had been so for longer than a deletion takes.
function grow_old(): void {
  const database = new DatabaseSync(join(server.folder, 'db', 'spectacles.db'));
  database.exec("PRAGMA busy_timeout = 5000; UPDATE trash_entry SET deleted_at = deleted_at - 300000 WHERE state = 'deleting'; UPDATE tag_removal SET begun_at = begun_at - 300000");
  database.close();
}

// A place where two meet: whoever comes first waits for the other.
function meeting(): () => Promise<void> {
  let come: () => void;
  const second = new Promise<void>((resolve) => (come = resolve));
  let first = true;
  return async () => {
    if (!first) come();
    first = false;
    await second;
  };
}

for (const [kind, registry, service, pusherOf] of [
  ['distribution 2.8', 'main', 'Docker registry', () => real.url],
  ['distribution 3', 'third', 'the third: one', () => double.url],
] as const) {
  describe(kind, () => {
    const client = (): Pusher => new Pusher(pusherOf(), server.realm, service, ['admin', passwords.admin]);
    // biome-ignore lint/suspicious/noExplicitAny: whatever the server says
    const trashOf = async (name: string): Promise<any[]> => await admin.list(`/trash?registry=${encodeURIComponent(registry)}&q=${name}`);
    const events = async (action: string, about: string): Promise<number> => (await admin.list(`/activity?action=${action}&q=${encodeURIComponent(`${registry}: ${about}`)}`)).length;
    async function pathOf(name: string, count: number): Promise<string> {
      return await eventually(30, async () => {
        const found = (await admin.list(`/repositories?q=${name}`)).find((one) => one.name === name && one.registry.name === registry);
        return found?.tags === count && `/repositories/${found.id}`;
      });
    }

    test('a tag that moves after it was shown stays, with what it stands for now', async () => {
      const old = await client().image('team/moved', 'a', 'b');
      const path = await pathOf('team/moved', 2);
      const preview = (await admin.must('GET', `${path}/tags/a/deletion`)).json;
      assert.equal(preview.tags[0].digest, old.digest);
      const young = await client().image('team/moved', 'a');
      assert.equal((await admin.ask('DELETE', `${path}/tags/a?digest=${old.digest}`)).status, 412);
      assert.equal(await client().digest('team/moved', 'a'), young.digest);
      assert.deepEqual(await trashOf('team/moved'), []);
    });

    test('also one that moves while the deletion is already looking', async () => {
      const old = await client().image('team/late', 'a', 'b');
      const path = await pathOf('team/late', 2);
      let young = '';
      // "b" is looked at after "a".
      proxies[registry].holds.push({ on: (asked) => asked === 'HEAD /v2/team/late/manifests/b', before: async () => (young = (await client().image('team/late', 'a')).digest) });
      const answer = await admin.ask('DELETE', `${path}/tags/a?digest=${old.digest}`);
      assert.equal(answer.status, 412, answer.text);
      assert.equal(await client().digest('team/late', 'a'), young);
      assert.equal(await client().digest('team/late', 'b'), old.digest);
      assert.deepEqual(await trashOf('team/late'), []);
      assert.equal(await events('tag.deleted', 'team/late'), 0);
    });

    test('two who delete the same at once: it goes once, and is kept once', async () => {
      const image = await client().image('team/twice', 'a');
      const path = await pathOf('team/twice', 1);
      const meet = meeting();
      for (let i = 0; i < 2; i++) proxies[registry].holds.push({ on: (asked) => asked.startsWith('DELETE /v2/team/twice/'), before: meet });
      const statuses = await Promise.all([admin.ask('DELETE', `${path}/tags/a`), admin.ask('DELETE', `${path}/tags/a`)]);
      assert.deepEqual(statuses.map((one) => one.status).sort(), [204, 404]);
      assert.deepEqual((await trashOf('team/twice')).map(({ tags, state }) => ({ tags, state })), [{ tags: ['a'], state: 'kept' }]);
      assert.equal(await events('tag.deleted', 'team/twice:a'), 1);
      assert.equal(await client().digest('team/twice', image.digest), undefined);
    });

    test('what is being deleted cannot be brought back before it is gone', async () => {
      const image = await client().image('team/hurried', 'a');
      const path = await pathOf('team/hurried', 1);
      let status = 0;
      const restore = async (): Promise<void> => {
        const [entry] = await trashOf('team/hurried');
        status = (await admin.ask('POST', `/trash/${entry.id}/restore`, {})).status;
      };
      proxies[registry].holds.push({ on: (asked) => asked.startsWith('DELETE /v2/team/hurried/'), before: restore });
      await admin.must('DELETE', `${path}/tags/a`);
      assert.equal(status, 409);
      await restore();
      assert.equal(status, 200);
      assert.equal(await client().digest('team/hurried', 'a'), image.digest);
    });

    test('an answer that is lost on its way: the registry is asked what became of it', async () => {
      const image = await client().image('team/unheard', 'a');
      const path = await pathOf('team/unheard', 1);
      proxies[registry].holds.push({ on: (asked) => asked.startsWith('DELETE /v2/team/unheard/'), after: async () => drop });
      await admin.must('DELETE', `${path}/tags/a`);
      const [entry] = await trashOf('team/unheard');
      assert.equal(entry.state, 'kept');
      await admin.must('POST', `/trash/${entry.id}/restore`, {});
      assert.equal(await client().digest('team/unheard', 'a'), image.digest);
    });

    // The process dies when it has asked, before or after the registry has done it.
    for (const done of [true, false]) {
      test(`kill -9 in the middle, the registry having ${done ? 'deleted' : 'not deleted yet'}`, async () => {
        const name = `team/killed-${done}`;
        const image = await client().image(name, 'last');
        const shared = await client().image(`${name}-shared`, 'a', 'b');
        const [path, sharedPath] = [await pathOf(name, 1), await pathOf(`${name}-shared`, 2)];
        for (const [at, tag, of] of [[path, 'last', name], [sharedPath, 'a', `${name}-shared`]]) {
          const die = async (): Promise<string> => {
            const exited = eventually(30, async () => !(await fetch(`${server.url}/api/v1/instance`).catch(() => undefined)));
            process.kill(server.pid, 'SIGKILL');
            await exited;
            return drop;
          };
          // Distribution 2.8 is given another manifest for a tag of several, which it is then to delete.
          const changes = (asked: string): boolean => asked.startsWith(`DELETE /v2/${of}/`) && (registry === 'third' || asked.includes('sha256:'));
          const begins = (asked: string): boolean => changes(asked) || asked.startsWith(`PUT /v2/${of}/`);
          proxies[registry].holds.push(done ? { on: changes, after: die } : { on: begins, before: die });
          await admin.ask('DELETE', `${at}/tags/${tag}`).catch(() => undefined);
          await server.start();
          admin = await Caller.signIn(server.url, 'admin');
        }
        if (done) {
          assert.ok((await trashOf(name)).every((one) => one.state === 'deleting'));
          grow_old();
          await eventually(30, async () => (await trashOf(name)).every((one) => one.state === 'kept'));
          assert.deepEqual((await trashOf(name)).map((one) => one.tags.join()).sort(), ['a', 'last']);
          assert.equal(await events('tag.deleted', `${name}:last`), 1);
          assert.equal(await client().digest(`${name}-shared`, 'a'), undefined);
          for (const entry of await trashOf(name)) await admin.must('POST', `/trash/${entry.id}/restore`, {});
        } else {
          assert.equal((await trashOf(name)).length, 2);
          grow_old();
          await eventually(30, async () => (await trashOf(name)).length === 0);
        }
        assert.equal(await client().digest(name, 'last'), image.digest);
        assert.equal(await client().digest(`${name}-shared`, 'a'), shared.digest);
        assert.equal(await client().digest(`${name}-shared`, 'b'), shared.digest);
        await pathOf(name, 1);
        await pathOf(`${name}-shared`, 2);
      });
    }
  });
}
