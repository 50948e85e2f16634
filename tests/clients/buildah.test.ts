// buildah: login, push and pull, for who may and for who may not.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Buildah } from '../support/containers.ts';
import { imageContext } from '../support/docker.ts';
import { type Key, Site, type User, keys, passwords } from '../support/site.ts';

for (const key of Object.keys(keys) as Key[]) {
  describe(`buildah, tokens signed by ${key}`, () => {
    let site: Site;

    before(async () => {
      site = await Site.start(key);
    });
    after(() => site?.stop());

    async function signedIn(user: User): Promise<Buildah> {
      const client = new Buildah();
      const login = await client.login(site.registry.host, user, passwords[user]);
      assert.equal(login.code, 0, login.text);
      return client;
    }

    // What a push by this user printed, with its exit code.
    async function push(user: User, repository: string): ReturnType<Buildah['push']> {
      const client = await signedIn(user);
      const built = await client.build(site.image(repository), imageContext(repository));
      assert.equal(built.code, 0, built.text);
      return client.push(site.image(repository));
    }

    test('pushes by WRITE through a group, and pulls as a reader', async () => {
      const pushed = await push('carol', 'team/app');
      assert.equal(pushed.code, 0, pushed.text);
      const pulled = await (await signedIn('bob')).pull(site.image('team/app'));
      assert.equal(pulled.code, 0, pulled.text);
    });

    test('pulls anonymously what is open', async () => {
      assert.equal((await push('olga', 'open/app')).code, 0);
      const pulled = await new Buildah().pull(site.image('open/app'));
      assert.equal(pulled.code, 0, pulled.text);
      assert.equal((await site.lastDecision('', 'open/app')).rule, 'anonymous');
    });

    test('refuses a push by a reader, a pull by a stranger, and a push to no namespace', async () => {
      assert.equal((await push('olga', 'team/closed')).code, 0);
      const refused: [User, string, string, Awaited<ReturnType<typeof push>>][] = [
        ['bob', 'team/by-reader', 'member', await push('bob', 'team/by-reader')],
        ['eve', 'team/closed', 'other', await (await signedIn('eve')).pull(site.image('team/closed'))],
        ['olga', 'nowhere/app', 'none', await push('olga', 'nowhere/app')],
      ];
      for (const [user, repository, rule, output] of refused) {
        assert.notEqual(output.code, 0, output.text);
        assert.match(output.text, /denied/);
        assert.equal((await site.lastDecision(user, repository)).rule, rule);
      }
    });

    test('a wrong password does not log in', async () => {
      const login = await new Buildah().login(site.registry.host, 'olga', 'not the password');
      assert.notEqual(login.code, 0);
      assert.match(login.text, /wrong user name or password|invalid username\/password/);
    });
  });
}
