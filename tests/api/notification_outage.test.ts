// A real registry that pushes go on at while the database of the server is away: notifications are answered 503, the
// registry keeps them and tries again, and everything arrives, once each and in order.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type DatabaseServer, MariaDb, Postgres } from '../support/databases.ts';
import { send } from '../support/http.ts';
import { eventually, freePort } from '../support/process.ts';
import { Pusher } from '../support/pusher.ts';
import { Registry } from '../support/registry.ts';
import { Spectacles } from '../support/spectacles.ts';
import { Caller, passwords, world } from '../support/world.ts';

for (const [name, create] of [['MariaDB', MariaDb.create], ['PostgreSQL', Postgres.create]] as const) {
  describe(name, () => {
    let database: DatabaseServer;
    let server: Spectacles;
    let registry: Registry;
    let admin: Caller;
    let id: number;
    let secret: string;

    before(async () => {
      database = await create();
      server = await Spectacles.create({ SQLALCHEMY_DATABASE_URI: database.uri, SPECTACLES_BACKGROUND: 'off' });
      const port = await freePort();
      await server.apply(world);
      await server.apply(`registries:\n  - {name: main, url: "http://localhost:${port}", public: "localhost:${port}"}\n`);
      await server.start();
      admin = await Caller.signIn(server.url, 'admin');
      id = (await admin.list('/registries?q=main'))[0].id;
      const settings = (await admin.must('GET', `/registries/${id}/settings`)).json;
      secret = settings.notifications.secret;
      const line: string = settings.environment.split('\n').find((one: string) => one.startsWith('REGISTRY_NOTIFICATIONS_ENDPOINTS='));
      const at = line.indexOf('=');
      registry = await Registry.start({ realm: server.realm, rootcertbundle: server.certificate }, port, { environment: { [line.slice(0, at)]: line.slice(at + 1) } });
    });
    after(async () => {
      await registry?.stop();
      await server?.stop();
      await database?.stop();
    });

    const notify = (): Promise<{ status: number; headers: Record<string, string> }> =>
      send(server.url, {
        method: 'POST',
        path: `/api/v1/registries/${id}/notifications`,
        headers: { 'content-type': 'application/json', authorization: `Bearer ${secret}` },
        body: JSON.stringify({ events: [{ id: 'made-up', timestamp: new Date().toISOString(), action: 'pull', target: { repository: 'team/app', digest: `sha256:${'0'.repeat(64)}` }, request: { method: 'GET' }, actor: { name: 'alice' } }] }),
      });

    test('nothing that was pushed, moved or deleted meanwhile is lost', async () => {
      const pusher = new Pusher(registry.url, server.realm, 'Docker registry', ['admin', passwords.admin]);
      const image = await pusher.image('team/app', 'first');
      const other = await pusher.image('team/app', 'deleted');
      // Without its database the server gives out no new tokens: the clients have theirs.
      const token = await pusher.token('team/app', 'pull,push,delete');
      const ask = async (method: string, reference: string, body?: string): Promise<void> => {
        const answer = await fetch(`${registry.url}/v2/team/app/manifests/${reference}`, { method, body, headers: { authorization: `Bearer ${token}`, 'content-type': image.type } });
        assert.ok(answer.ok, `${reference}: ${answer.status}`);
      };
      const tags = Array.from({ length: 30 }, (_, i) => `t${i}`);
      let away: Promise<void> | undefined;
      for (const [i, tag] of tags.entries()) {
        if (i === 8) away = database.stop(); // while notifications are under way
        if (i === 15) {
          await away;
          const refused = await notify();
          assert.equal(refused.status, 503);
          assert.ok(Number(refused.headers['retry-after']) > 0);
          await ask('PUT', 'first', other.bytes); // it moves
        }
        await ask('PUT', tag, image.bytes);
        await sleep(20);
      }
      await ask('DELETE', other.digest);
      await sleep(1500); // so that the registry has tried in vain
      await database.start();

      const path = await eventually(60, async () => {
        const [found] = (await admin.list('/repositories?q=team/app')).filter((one) => one.name === 'team/app');
        return found && `/repositories/${found.id}`;
      });
      // biome-ignore lint/suspicious/noExplicitAny: whatever the server says
      const of = async (): Promise<any[]> => await admin.list(`${path}/tags?limit=500`);
      await eventually(90, async () => (await of()).filter((one) => tags.includes(one.name)).length === tags.length && (await admin.list(`/activity?action=tag.deleted&q=team/app`)).length >= 2);
      assert.deepEqual((await of()).map((one) => one.name).sort(), [...tags].sort(), 'what was deleted is gone, and nothing else');
      const pushed = (await admin.list('/activity?action=tag.pushed&q=team/app&sort=at&limit=500')).map((one) => one.subject.split(':').at(-1));
      assert.deepEqual(pushed, ['first', 'deleted', ...tags.slice(0, 15), 'first', ...tags.slice(15)], 'once each and in order');
      assert.equal((await notify()).status, 204);
    });
  });
}
