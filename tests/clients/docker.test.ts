// docker login, push and pull through a real engine and a real registry, for who may and for who may not.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type DockerClient, Engine } from '../support/docker.ts';
import { eventually } from '../support/process.ts';
import { type Key, Site, type User, backgroundSeconds, keys, passwords } from '../support/site.ts';

for (const key of Object.keys(keys) as Key[]) {
  describe(`docker, tokens signed by ${key}`, () => {
    let engine: Engine;
    let site: Site;

    before(async () => {
      [engine, site] = await Promise.all([Engine.start(), Site.start(key)]);
    });
    after(() => Promise.all([engine?.stop(), site?.stop()]));

    async function signedIn(user: User): Promise<DockerClient> {
      const client = engine.client();
      const login = await client.login(site.registry.host, user, passwords[user]);
      assert.equal(login.code, 0, login.text);
      assert.match(login.stdout, /Login Succeeded/);
      return client;
    }

    // Pushes a new image; gives its digest.
    async function push(client: DockerClient, image: string): Promise<string> {
      await client.build(image, `${image} ${Math.random()}`);
      const { stdout } = await client.must('push', image);
      return /digest: (sha256:[0-9a-f]{64})/.exec(stdout)?.[1] ?? assert.fail(stdout);
    }

    // Pulls what the engine does not have any more.
    async function pull(client: DockerClient, image: string): Promise<void> {
      await client.run('rmi', '--force', image);
      await client.must('pull', image);
    }

    test('the owner pushes and pulls, and a member with READ pulls', async () => {
      const image = site.image('team/app');
      const digest = await push(await signedIn('olga'), image);
      await pull(await signedIn('olga'), image);
      const bob = await signedIn('bob');
      await pull(bob, image);
      assert.ok((await bob.must('inspect', '--format', '{{.RepoDigests}}', image)).stdout.includes(digest));
      assert.deepEqual(
        { granted: ['pull'], rule: 'member' },
        (({ granted, rule }) => ({ granted, rule }))(await site.lastDecision('bob', 'team/app')),
      );
    });

    test('WRITE through a group pushes, and does not pull alone', async () => {
      const image = site.image('team/by-group');
      const carol = await signedIn('carol');
      await push(carol, image);
      assert.equal((await site.lastDecision('carol', 'team/by-group')).rule, 'group');
      await carol.run('rmi', '--force', image);
      const refused = await carol.run('pull', image);
      assert.notEqual(refused.code, 0);
      assert.match(refused.text, /denied/);
    });

    test('an administrator pushes where nobody else may', async () => {
      const image = site.image('nobody/app');
      await push(await signedIn('ada'), image);
      assert.equal((await site.lastDecision('ada', 'nobody/app')).rule, 'admin');
    });

    test('anonymous READ pulls without a login, and pushes nothing', async () => {
      const image = site.image('open/hello');
      await push(await signedIn('olga'), image);
      const nobody = engine.client();
      await pull(nobody, image);
      assert.equal((await site.lastDecision('', 'open/hello')).rule, 'anonymous');
      const refused = await nobody.run('push', image);
      assert.notEqual(refused.code, 0);
      assert.match(refused.text, /denied/);
    });

    // user, action, repository, rule: refused by docker, and the record and `explain` say why.
    const refusals: [User, 'push' | 'pull', string, string][] = [
      ['bob', 'push', 'team/by-reader', 'member'],
      ['eve', 'pull', 'team/secret', 'other'],
      ['eve', 'push', 'team/secret', 'other'],
      ['olga', 'push', 'nowhere/app', 'none'],
    ];
    for (const [user, action, repository, rule] of refusals) {
      test(`${user} may not ${action} ${repository}, and learns why`, async () => {
        const image = site.image(repository);
        if (repository === 'team/secret') await push(await signedIn('olga'), image);
        const client = await signedIn(user);
        if (action === 'push') await client.build(image, 'refused');
        else await client.run('rmi', '--force', image);

        const refused = await client.run(action, image);
        assert.notEqual(refused.code, 0, refused.text);
        assert.match(refused.text, /denied/);

        const decided = await site.lastDecision(user, repository);
        assert.equal(decided.registry, 'main');
        assert.equal(decided.rule, rule);
        assert.ok(decided.requested.includes(action), `${decided.requested}`);
        assert.ok(!decided.granted.includes(action), `${decided.granted}`);
        assert.ok(decided.reason);

        const { granted, rule: explained, reason } = await site.explain(user, repository, action);
        assert.deepEqual({ granted, explained }, { granted: false, explained: rule });
        const text = await site.spectacles.run(['explain', user, repository, action]);
        assert.ok(text.stdout.includes(reason), text.text);
      });
    }

    test('a wrong password and an unknown user fail alike, with our message', async () => {
      for (const user of ['olga', 'nobody-at-all']) {
        const login = await engine.client().login(site.registry.host, user, 'not the password');
        assert.notEqual(login.code, 0);
        assert.match(login.text, /wrong user name or password/);
      }
    });

    test('a pushed tag is in the API within one background interval', async () => {
      const digest = await push(await signedIn('olga'), site.image('team/seen', 'v1'));
      const pushed = Date.now();
      const olga = await site.spectacles.signIn('olga', passwords.olga);
      const repository = await eventually(backgroundSeconds * 3, async () => {
        const { status, body } = await olga.get('/repositories?q=team/seen');
        assert.equal(status, 200);
        return (body as { id: number; name: string }[]).find(({ name }) => name === 'team/seen');
      });
      const tags = (await olga.get(`/repositories/${repository.id}/tags`)).body;
      assert.deepEqual(tags.map((tag: { name: string; digest: string }) => [tag.name, tag.digest]), [['v1', digest]]);
      // One interval, and what the run itself takes on a busy machine.
      assert.ok(Date.now() - pushed < (backgroundSeconds + 3) * 1000, `took ${Date.now() - pushed} ms`);

      const eve = await site.spectacles.signIn('eve', passwords.eve);
      assert.deepEqual((await eve.get('/repositories?q=team/seen')).body, []);
      assert.equal((await eve.get(`/repositories/${repository.id}/tags`)).status, 404);
    });
  });
}
