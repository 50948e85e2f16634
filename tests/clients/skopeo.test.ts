// skopeo: copy, inspect and delete, for who may and for who may not.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Buildah, Skopeo } from '../support/containers.ts';
import { imageContext } from '../support/docker.ts';
import { temporaryFolder } from '../support/process.ts';
import { type Key, Site, type User, keys, passwords } from '../support/site.ts';

for (const key of Object.keys(keys) as Key[]) {
  describe(`skopeo, tokens signed by ${key}`, () => {
    let site: Site;
    let source: string; // an image in a folder

    before(async () => {
      source = `dir:${temporaryFolder('source')}`;
      const buildah = new Buildah();
      const steps = [await buildah.build('localhost/source', imageContext('skopeo')), await buildah.run(['push', 'localhost/source', source])];
      for (const step of steps) assert.equal(step.code, 0, step.text);
      site = await Site.start(key);
    });
    after(() => site?.stop());

    async function signedIn(user: User): Promise<Skopeo> {
      const client = new Skopeo();
      const login = await client.login(site.registry.host, user, passwords[user]);
      assert.equal(login.code, 0, login.text);
      return client;
    }

    async function copyTo(repository: string, user: User): Promise<void> {
      const copy = await (await signedIn(user)).copy(source, `docker://${site.image(repository)}`);
      assert.equal(copy.code, 0, copy.text);
    }

    test('copies there and back: the owner, WRITE through a group, a reader', async () => {
      await copyTo('team/app', 'carol');
      assert.equal((await site.lastDecision('carol', 'team/app')).rule, 'group');
      for (const user of ['olga', 'bob'] as const) {
        const copy = await (await signedIn(user)).copy(`docker://${site.image('team/app')}`, `dir:${temporaryFolder('copy')}`);
        assert.equal(copy.code, 0, copy.text);
      }
    });

    test('inspects: a reader, and anonymously what is open', async () => {
      await copyTo('team/inspected', 'olga');
      await copyTo('open/inspected', 'olga');
      for (const [client, repository] of [[await signedIn('bob'), 'team/inspected'], [new Skopeo(), 'open/inspected']] as const) {
        const inspected = await client.inspect(site.image(repository));
        assert.equal(inspected.code, 0, inspected.text);
        const { Name, Digest, RepoTags } = JSON.parse(inspected.stdout);
        assert.equal(Name, `${site.registry.host}/${repository}`);
        assert.match(Digest, /^sha256:[0-9a-f]{64}$/);
        assert.deepEqual(RepoTags, ['latest']);
      }
    });

    test('refuses a push by a reader, a look by a stranger and by nobody, and a push to no namespace', async () => {
      await copyTo('team/closed', 'olga');
      const refused = [
        await (await signedIn('bob')).copy(source, `docker://${site.image('team/by-reader')}`),
        await (await signedIn('eve')).inspect(site.image('team/closed')),
        await new Skopeo().inspect(site.image('team/closed')),
        await (await signedIn('olga')).copy(source, `docker://${site.image('nowhere/app')}`),
      ];
      for (const output of refused) {
        assert.notEqual(output.code, 0, output.text);
        assert.match(output.text, /denied|unauthorized/);
      }
      assert.equal((await site.lastDecision('bob', 'team/by-reader')).rule, 'member');
      assert.equal((await site.lastDecision('eve', 'team/closed')).rule, 'other');
      assert.equal((await site.lastDecision('olga', 'nowhere/app')).rule, 'none');
    });

    test('FULL deletes, READ and WRITE do not', async () => {
      const image = site.image('team/to-delete');
      await copyTo('team/to-delete', 'carol');
      for (const user of ['bob', 'carol'] as const) {
        assert.notEqual((await (await signedIn(user)).delete(image)).code, 0, user);
      }
      const fred = await signedIn('fred');
      assert.equal((await fred.inspect(image)).code, 0, 'it is still there');
      const deleted = await fred.delete(image);
      assert.equal(deleted.code, 0, deleted.text);
      assert.equal((await site.lastDecision('fred', 'team/to-delete')).rule, 'user_claim');
      const gone = await fred.inspect(image);
      assert.notEqual(gone.code, 0);
      assert.match(gone.text, /manifest unknown/);
    });

    test('a wrong password does not log in', async () => {
      const login = await new Skopeo().login(site.registry.host, 'olga', 'not the password');
      assert.notEqual(login.code, 0);
      assert.match(login.text, /wrong user name or password|invalid username\/password/);
    });
  });
}
