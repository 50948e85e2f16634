// The program on MariaDB and on PostgreSQL: what a team meets from its first start to the restart of its database.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type DatabaseServer, MariaDb, Postgres, password } from '../support/databases.ts';
import { basic, send } from '../support/http.ts';
import { readToken } from '../support/jwt.ts';
import { Service, eventually, must, temporaryFolder } from '../support/process.ts';
import { Registry } from '../support/registry.ts';
import { ApiClient, Spectacles, program } from '../support/spectacles.ts';

const word = 'correct horse battery';
const secrets = [password, encodeURIComponent(password)];

function assertNoSecret(text: string): void {
  for (const secret of secrets) assert.ok(!text.includes(secret), text);
}

for (const [name, create] of [['MariaDB', MariaDb.create], ['PostgreSQL', Postgres.create]] as const) {
  describe(name, () => {
    let database: DatabaseServer;
    let server: Spectacles;
    before(async () => {
      database = await create();
      server = await Spectacles.create({ SQLALCHEMY_DATABASE_URI: database.uri, REGISTER_ENABLED: 'true' });
    });
    after(async () => {
      await server.stop();
      await database.stop();
    });

    const grants = async (user: string, scope: string): Promise<unknown> => {
      const path = `/token_auth?service=Docker%20registry&scope=${scope}`;
      const answer = await send(server.url, { path, headers: basic(user, word) });
      assert.equal(answer.status, 200, answer.text);
      return readToken(answer.json.token).claims.access;
    };

    test('migrate shows what is pending, runs it, and shows that nothing is', async () => {
      const before = await server.run(['migrate', '--status', '--output', 'json']);
      assert.equal(before.code, 1, before.text);
      const { engine, current, newest, migrations } = JSON.parse(before.stdout);
      assert.deepEqual([engine, current], [name === 'MariaDB' ? 'mysql' : 'postgresql', 0]);
      assert.ok(newest >= 2 && migrations.length === newest && migrations[0].applied_at === null);
      assert.match((await server.run(['migrate', '--status'])).stdout, /1 initial: pending/);

      const ran = await server.run(['migrate']);
      assert.equal(ran.code, 0, ran.text);
      assert.match(ran.stdout, /1 initial: \d{4}-/);
      assert.equal((await server.run(['migrate', '--status'])).code, 0);
      assert.equal((await server.run(['migrate', '--output', 'xml'])).code, 2);
    });

    test('a wrong password is a clear error that does not show it', async () => {
      const wrong = 'hidden-word';
      for (const command of ['runserver', 'export', 'migrate']) {
        const output = await server.run([command], { env: { SQLALCHEMY_DATABASE_URI: database.uriWith(wrong) }, timeout: 20_000 });
        assert.ok(output.code === 1 || output.code === 2, output.text);
        assert.match(output.stderr, /^spectacles: cannot reach the (mysql|postgresql) database spectacles at 127\.0\.0\.1:/m);
        assert.doesNotMatch(output.text, /hidden-word/);
      }
    });

    test('fifty who register first at once make one administrator', async () => {
      await server.start();
      const register = (i: number) => new ApiClient(server.url).request('POST', '/registration', { username: `first${i}`, password: word });
      const made = await Promise.all(Array.from({ length: 50 }, (_, i) => register(i)));
      assert.deepEqual(made.map((reply) => reply.status), made.map(() => 201));
      const roles: string[] = made.map((reply) => reply.body.user.role);
      assert.equal(roles.filter((role) => role === 'admin').length, 1);
    });

    test('apply, token and explain agree', async () => {
      await server.apply(`
registries:
  - {name: main, url: "http://127.0.0.1:1", public: "localhost:5000", service: "Docker registry"}
users:
  - {username: alice, password: "${word}", role: admin}
  - {username: bob, password: "${word}"}
groups:
  - {name: "Zażółć 名前", members: [bob]}
namespaces:
  - {registry: main, name: team, owner: alice, description: "Grüße 🦀", groups: ["Zażółć 名前"], group_access: READ}
`);
      assert.deepEqual(await grants('bob', 'repository:team/app:pull,push'), [{ type: 'repository', name: 'team/app', actions: ['pull'] }]);
      const explained = await server.run(['explain', 'bob', 'team/app', 'pull', '--output', 'json']);
      assert.equal(JSON.parse(explained.stdout).rule, 'group');
      const exported = (await server.run(['export'])).stdout;
      assert.match(exported, /Grüße 🦀/);
      assert.match((await server.run(['apply', '-', '--prune'], { input: exported })).stdout, /nothing to change/);
      const found = await (await server.signIn('alice', word)).get(`/groups?search=${encodeURIComponent('zAŻ')}`);
      assert.equal(found.status, 200);
    });

    test('a second process reads a real registry', async () => {
      const registry = await Registry.start({ realm: server.realm, rootcertbundle: server.certificate });
      await server.apply(`registries:\n  - {name: main, url: "${registry.url}", service: "Docker registry"}\n`);
      const folder = temporaryFolder('image');
      await must('sh', ['-c', `printf x >${folder}/file && tar -C ${folder} -cf ${folder}/layer.tar file`]);
      await must('skopeo', ['copy', '--dest-tls-verify=false', `--dest-creds=alice:${word}`, `tarball:${folder}/layer.tar`, `docker://${registry.host}/team/app:one`]);
      const background = new Service('runbackground', program, ['runbackground'], {
        SPECTACLES_DATA_DIR: server.folder, SQLALCHEMY_DATABASE_URI: database.uri, SPECTACLES_BACKGROUND_UPDATE: '1',
      }, server.folder);
      const alice = await server.signIn('alice', word);
      const names = await eventually(30, async () => {
        const { body } = await alice.get('/repositories');
        return body.length > 0 && body.map((one: { name: string }) => one.name);
      });
      assert.deepEqual(names, ['team/app']);
      assert.equal(await background.stop(), 0);
      assertNoSecret(background.log);
      await registry.stop();
    });

    test('while the database is away requests answer 503, and then all is well again', async () => {
      const alice = await server.signIn('alice', word);
      await database.stop();
      for (const path of ['/summary', '/session', '/users']) {
        const reply = await alice.get(path);
        assert.equal(reply.status, 503, JSON.stringify(reply.body));
        assert.ok(Number(reply.headers.get('retry-after')) > 0);
      }
      const path = '/token_auth?service=Docker%20registry&scope=repository:team/app:pull';
      assert.equal((await send(server.url, { path, headers: basic('bob', word) })).status, 503);
      await database.start();
      assert.equal((await alice.get('/summary')).status, 200);
      assert.equal((await alice.request('POST', '/groups', { name: 'afterwards' })).status, 201);
      assert.equal((await grants('bob', 'repository:team/app:pull') as unknown[]).length, 1);
      assertNoSecret(server.log);
    });

    test('what was decided until the database went away is there when it is back', async () => {
      const path = '/token_auth?service=Docker%20registry&scope=repository:team/away:push';
      let decided = 0;
      const asking = (async () => {
        for (;; decided++) {
          const { status } = await send(server.url, { path, headers: basic('bob', word) });
          if (status !== 200) return status;
          await sleep(5);
        }
      })();
      await sleep(1500); // some were written before
      await database.stop();
      assert.equal(await asking, 503);
      await database.start();
      const alice = await server.signIn('alice', word);
      const kept = await eventually(30, async () => {
        const { status, headers } = await alice.get('/decisions?repository=team/away&outcome=refused&limit=1');
        return status === 200 && Number(headers.get('x-total-count')) >= decided && headers.get('x-total-count');
      });
      assert.equal(kept, `${decided}`);
      assert.ok(decided > 20, `${decided}`);
    });

    test('a server that starts before its database waits for it', async () => {
      await server.stop();
      await database.stop();
      const started = server.start();
      await sleep(1500);
      await database.start();
      await started;
      assert.match(server.log, /waiting for the database/);
      assertNoSecret(server.log);
    });
  });
}
