// Two servers on one database: what is done at one is told, shown and counted at the other.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type DatabaseServer, MariaDb, Postgres } from '../support/databases.ts';
import { basic, send } from '../support/http.ts';
import { Listener } from '../support/listener.ts';
import { png } from '../support/png.ts';
import { eventually } from '../support/process.ts';
import { Spectacles } from '../support/spectacles.ts';
import { Caller, passwords, startWorld } from '../support/world.ts';

for (const [name, create] of [['MariaDB', MariaDb.create], ['PostgreSQL', Postgres.create]] as const) {
  describe(name, () => {
    let database: DatabaseServer;
    let one: Spectacles;
    let other: Spectacles;
    let admin: Caller; // at one
    let reader: Caller; // at the other
    before(async () => {
      database = await create();
      one = await startWorld({ SQLALCHEMY_DATABASE_URI: database.uri });
      other = await Spectacles.create({ SQLALCHEMY_DATABASE_URI: database.uri, SPECTACLES_BACKGROUND: 'off' });
      await other.start();
      admin = await Caller.signIn(one.url, 'admin');
      reader = await Caller.signIn(other.url, 'admin');
    });
    after(async () => {
      await Promise.all([one?.stop(), other?.stop()]);
      await database?.stop();
    });

    test('the stream tells what happened at the other one, and ends with a session that ended there', async () => {
      const listener = new Listener(other.url, reader);
      await listener.seen('hello');
      await admin.must('POST', '/groups', { name: 'made' });
      await listener.seen('activity', (data) => data.action === 'group.created' && data.subject === 'made');
      await send(one.url, { path: '/token_auth?service=Docker+registry&scope=repository:nowhere/app:push', headers: basic('dave', passwords.dave) });
      await listener.seen('refusal', (data) => data.user === 'dave' && data.repository === 'nowhere/app');
      const ids = listener.messages.map((message) => message.id.split('-').map(Number));
      for (const [i, id] of ids.slice(1).entries()) assert.ok(id.every((part, place) => part >= ids[i][place]), `${ids}`);

      const me = await admin.pathOf('/users', 'admin');
      await admin.must('DELETE', `${me}/sessions`); // all but the one that asks
      await listener.seen('end');
      await eventually(30, async () => listener.ended);
      reader = await Caller.signIn(other.url, 'admin');
    });

    test('pictures and preferences are those of the database', async () => {
      const avatar = `${await admin.pathOf('/users', 'alice')}/avatar`;
      const sent = await admin.send({ method: 'PUT', path: avatar, headers: { 'content-type': 'image/png' }, body: png(900, 700) });
      assert.equal(sent.status, 204, sent.text);
      for (const size of [64, 256]) {
        const shown = await reader.get(`${avatar}?size=${size}`);
        assert.equal(shown.headers['x-avatar'], 'uploaded');
        assert.deepEqual(shown.bytes, (await admin.get(`${avatar}?size=${size}`)).bytes);
      }
      await admin.must('PATCH', '/preferences', { time_zone: 'Europe/Paris' });
      assert.equal((await reader.get('/preferences')).json.time_zone, 'Europe/Paris');
    });

    test('counts are counted', async () => {
      const statistics = (await reader.must('GET', '/statistics?period=week')).json;
      assert.equal(statistics.refusals, 1);
      const { buckets } = (await reader.must('GET', '/activity/summary?kind=group')).json;
      const events = await reader.list('/activity?kind=group');
      assert.equal(buckets.reduce((all: number, bucket: { done: number }) => all + bucket.done, 0), events.length);
      const asDave = await Caller.signIn(other.url, 'dave');
      assert.equal((await asDave.must('GET', '/statistics?period=month')).json.refusals, 1);
      assert.equal((await (await Caller.signIn(other.url, 'bob')).must('GET', '/statistics')).json.refusals, 0);
    });
  });
}
