// Deletes that can be trusted, at Debian's docker-registry (distribution 2.8) and at one that behaves as distribution 3:
// a tag alone, a manifest, a repository; the trash and what is brought back; retention. Nothing else may die.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Distribution3 } from '../support/distribution3.ts';
import { eventually } from '../support/process.ts';
import { Pusher } from '../support/pusher.ts';
import { Registry } from '../support/registry.ts';
import type { Spectacles } from '../support/spectacles.ts';
import { Caller, passwords, startWorld } from '../support/world.ts';

let server: Spectacles;
let admin: Caller;
let real: Registry;
let double: Distribution3;

const more = `
namespaces:
  - {registry: third, name: team, owner: alice, members: [carol], member_access: READ, other_access: NONE}
`;
before(async () => {
  server = await startWorld({ SPECTACLES_BACKGROUND: 'inside', SPECTACLES_BACKGROUND_UPDATE: '1' }, more);
  real = await Registry.start({ realm: server.realm, rootcertbundle: server.certificate });
  double = await Distribution3.start('the third: one', server.realm);
  await server.apply(`registries:\n  - {name: main, url: "${real.url}"}\n  - {name: third, url: "${double.url}"}\n`);
  admin = await Caller.signIn(server.url, 'admin');
});
after(async () => {
  await server.stop();
  await real.stop();
});

const kinds = {
  'distribution 2.8': { registry: 'main', pusher: () => new Pusher(real.url, server.realm, 'Docker registry', ['admin', passwords.admin]) },
  'distribution 3': { registry: 'third', pusher: () => new Pusher(double.url, server.realm, 'the third: one', ['admin', passwords.admin]) },
};

// The path of a repository once the background has seen these tags in it.
async function pathOf(registry: string, name: string, tags: string[]): Promise<string> {
  return await eventually(30, async () => {
    const found = (await admin.list(`/repositories?q=${name}`)).find((one) => one.name === name && one.registry.name === registry);
    const known = found ? (await admin.list(`/repositories/${found.id}/tags`)).map((one) => one.name) : [];
    return found && tags.every((tag) => known.includes(tag)) && `/repositories/${found.id}`;
  });
}
// biome-ignore lint/suspicious/noExplicitAny: whatever the server says
const trashOf = async (repository: string, registry = 'third'): Promise<any[]> => await admin.list(`/trash?registry=${encodeURIComponent(registry)}&q=${repository}`);
const eventsOf = async (subject: string): Promise<string[]> => (await admin.list(`/activity?q=${encodeURIComponent(subject)}`)).map((one) => one.action);

for (const [kind, { registry, pusher }] of Object.entries(kinds)) {
  describe(kind, () => {
    test('one tag of several goes alone, with the preview saying so', async () => {
      const client = pusher();
      const image = await client.image('team/shared', 'a', 'b', 'c');
      const path = await pathOf(registry, 'team/shared', ['a', 'b', 'c']);
      const preview = (await admin.must('GET', `${path}/tags/a/deletion`)).json;
      assert.deepEqual(preview.tags.map((one: object) => ({ ...one, media_type: undefined })), [
        { tag: 'a', digest: image.digest, media_type: undefined, shared_with: ['b', 'c'], part_of: [], manifest_dies: false },
      ]);
      assert.deepEqual(preview.manifests, []);
      await admin.must('DELETE', `${path}/tags/a`);
      assert.deepEqual(await client.tags('team/shared'), ['b', 'c']);
      assert.equal(await client.digest('team/shared', 'b'), image.digest);
      assert.equal(await client.digest('team/shared', image.digest), image.digest);
      assert.deepEqual((await admin.list(`${path}/tags`)).map((one) => one.name), ['b', 'c']);
      assert.ok((await eventsOf('team/shared:a')).includes('tag.deleted'));
      assert.deepEqual((await trashOf('team/shared', registry)).map(({ tags, state, deleted_by }) => ({ tags, state, deleted_by })), [{ tags: ['a'], state: 'kept', deleted_by: 'admin' }]);
      assert.equal((await admin.ask('DELETE', `${path}/tags/a`)).status, 404);
    });

    test('the last tag takes the manifest along, and comes back with the same digest', async () => {
      const client = pusher();
      const image = await client.image('team/last', 'only', 'other');
      const path = await pathOf(registry, 'team/last', ['only', 'other']);
      await admin.must('DELETE', `${path}/tags/only`);
      assert.equal((await admin.ask('DELETE', `${path}/tags/other?digest=sha256:${'0'.repeat(64)}`)).status, 412);
      await admin.must('DELETE', `${path}/tags/other?digest=${image.digest}`);
      assert.equal(await client.digest('team/last', image.digest), undefined);
      assert.ok((await eventsOf(`team/last@${image.digest}`)).includes('manifest.deleted'));

      const [newest] = await trashOf('team/last', registry);
      assert.equal(newest.restorable, true);
      assert.equal(Date.parse(newest.until) - Date.parse(newest.deleted_at), 30 * 86_400_000);
      const [seen] = await (await Caller.signIn(server.url, 'auditor')).list(`/trash?repository=team/last`);
      assert.equal(seen.restorable, false, 'an auditor only looks');
      const restored = (await admin.must('POST', `/trash/${newest.id}/restore`, {})).json;
      assert.deepEqual(restored, { digest: image.digest, tags: ['other'], taken: [] });
      assert.equal(await client.digest('team/last', 'other'), image.digest);
      const [back] = await trashOf('team/last', registry);
      assert.deepEqual([back.state, back.restorable], ['restored', false]);
      assert.equal((await admin.ask('POST', `/trash/${newest.id}/restore`, {})).status, 409);
      assert.ok((await eventsOf(`team/last@${image.digest}`)).includes('manifest.restored'));
    });

    test('what is restored takes no tag that stands for something else', async () => {
      const client = pusher();
      const old = await client.image('team/taken', 'x', 'y');
      const path = await pathOf(registry, 'team/taken', ['x', 'y']);
      await admin.must('DELETE', `${path}/manifests/${old.digest}`);
      assert.deepEqual(await client.tags('team/taken'), []);
      const young = await client.image('team/taken', 'x');
      const [entry] = await trashOf('team/taken', registry);
      const refused = await admin.ask('POST', `/trash/${entry.id}/restore`, { tags: ['x'] });
      assert.deepEqual([refused.status, refused.json.field], [409, 'tags']);
      assert.deepEqual((await admin.must('POST', `/trash/${entry.id}/restore`, {})).json, { digest: old.digest, tags: ['y'], taken: ['x'] });
      assert.equal(await client.digest('team/taken', 'x'), young.digest);
      assert.equal(await client.digest('team/taken', 'y'), old.digest);
    });

    test('an index goes with the parts that nothing else needs, and comes back whole', async () => {
      const client = pusher();
      const parts = [await client.image('team/multi'), await client.image('team/multi', 'amd64'), await client.image('team/multi')];
      const index = await client.index('team/multi', parts.slice(0, 2), 'all');
      const other = await client.index('team/multi', [parts[2]], 'other');
      const path = await pathOf(registry, 'team/multi', ['all', 'amd64', 'other']);

      const refused = await admin.ask('DELETE', `${path}/manifests/${parts[0].digest}`);
      assert.equal(refused.status, 409, refused.text);
      assert.match(refused.json.detail, /all/);
      await admin.must('DELETE', `${path}/tags/amd64`);
      assert.equal(await client.digest('team/multi', parts[1].digest), parts[1].digest, 'a part of what "all" leads to lives');

      const preview = (await admin.must('POST', `${path}/deletion-preview`, { digests: [index.digest] })).json;
      assert.deepEqual(preview.manifests[0].parts.map((one: { digest: string }) => one.digest).sort(), parts.slice(0, 2).map((one) => one.digest).sort());
      await admin.must('DELETE', `${path}/manifests/${index.digest}`);
      for (const gone of [index, parts[0], parts[1]]) assert.equal(await client.digest('team/multi', gone.digest), undefined);
      for (const kept of [other, parts[2]]) assert.equal(await client.digest('team/multi', kept.digest), kept.digest);

      const entry = (await trashOf('team/multi', registry)).find((one) => one.digest === index.digest);
      await admin.must('POST', `/trash/${entry.id}/restore`, {});
      for (const back of [index, parts[0], parts[1]]) assert.equal(await client.digest('team/multi', back.digest), back.digest);
      assert.equal(await client.digest('team/multi', 'all'), index.digest);
    });

    test('several tags at once, each with its own outcome; then everything', async () => {
      const client = pusher();
      const one = await client.image('team/bulk', 'a', 'b');
      const two = await client.image('team/bulk', 'c');
      await client.image('team/bulk', 'd');
      const path = await pathOf(registry, 'team/bulk', ['a', 'b', 'c', 'd']);
      const outcomes = (await admin.must('POST', `${path}/deletions`, { tags: ['a', 'c', 'nowhere'] })).json;
      assert.deepEqual(outcomes.map(({ tag, outcome }: Record<string, string>) => `${tag} ${outcome}`).sort(), ['a deleted', 'c deleted', 'nowhere missing']);
      assert.deepEqual(await client.tags('team/bulk'), ['b', 'd']);
      assert.equal(await client.digest('team/bulk', 'b'), one.digest);
      assert.equal(await client.digest('team/bulk', two.digest), undefined);
      const all = (await admin.must('DELETE', path)).json;
      assert.deepEqual(all.map((each: { tag: string }) => each.tag).sort(), ['b', 'd']);
      assert.deepEqual(await client.tags('team/bulk'), []);
      assert.equal((await admin.must('GET', path)).json.tags, 0, 'the registry goes on listing the name');
    });

    test('a body that is wrong says where', async () => {
      const client = pusher();
      await client.image('team/wrong', 'a');
      const path = await pathOf(registry, 'team/wrong', ['a']);
      for (const [place, body, field] of [
        ['deletions', {}, 'tags'],
        ['deletions', { tags: [] }, 'tags'],
        ['deletions', { tags: ['a', 'no tag'] }, 'tags[1]'],
        ['deletion-preview', {}, 'tags'],
        ['deletion-preview', { tags: ['a'], all: true }, 'tags'],
        ['deletion-preview', { digests: ['sha256:x'] }, 'digests[0]'],
      ] as const) {
        const answer = await admin.ask('POST', `${path}/${place}`, body);
        assert.deepEqual([answer.status, answer.json.field], [400, field], answer.text);
      }
      assert.equal((await admin.ask('DELETE', `${path}/tags/a?digest=x`)).status, 400);
      assert.deepEqual(await client.tags('team/wrong'), ['a']);
    });

    test('FULL deletes and brings back, READ does neither', async () => {
      const client = pusher();
      await client.image('team/rights', 'a');
      const path = await pathOf(registry, 'team/rights', ['a']);
      const [alice, carol, dave] = await Promise.all(['alice', 'carol', 'dave'].map((name) => Caller.signIn(server.url, name)));
      assert.equal((await carol.ask('DELETE', `${path}/tags/a`)).status, 403);
      assert.equal((await dave.ask('DELETE', `${path}/tags/a`)).status, 404);
      await alice.must('DELETE', `${path}/tags/a`);
      const [entry] = await trashOf('team/rights', registry);
      assert.deepEqual((await carol.list('/trash')).map((one) => one.repository), []);
      assert.equal((await carol.ask('POST', `/trash/${entry.id}/restore`, {})).status, 403);
      assert.equal((await dave.ask('POST', `/trash/${entry.id}/restore`, {})).status, 404);
      assert.ok((await alice.list('/trash?q=team/rights')).length > 0);
      await alice.must('POST', `/trash/${entry.id}/restore`, {});
      assert.deepEqual(await client.tags('team/rights'), ['a']);
    });

    test('retention: a dry run says why, is needed to enable, and happens', async () => {
      const client = pusher();
      for (const tag of ['ci-1', 'ci-2', 'ci-3', 'v1']) await client.image('team/retained', tag);
      await pathOf(registry, 'team/retained', ['ci-1', 'ci-2', 'ci-3', 'v1']);
      const ns = (await admin.list('/namespaces?q=team')).find((one) => one.name === 'team' && one.registry.name === registry);
      const path = `/namespaces/${ns.id}/retention`;
      const rules = { rules: [{ repositories: 'retained', tags: 'ci-*', keep_newest: 1 }], protected: ['v*'] };
      const tried = (await admin.must('POST', `${path}/dry-run`, rules)).json;
      assert.equal(tried.deleted, 2);
      const verdicts = Object.fromEntries(tried.tags.filter((one: { repository: string }) => one.repository === 'team/retained').map((one: { tag: string; verdict: string }) => [one.tag, one.verdict]));
      assert.equal(verdicts.v1, 'keep');
      assert.deepEqual(Object.values(verdicts).sort(), ['delete', 'delete', 'keep', 'keep']);
      assert.deepEqual(await client.tags('team/retained'), ['ci-1', 'ci-2', 'ci-3', 'v1'], 'nothing is deleted by it');

      for (const dry_run of [undefined, null, 'x', tried.digest.slice(1)]) {
        const refused = await admin.ask('PUT', path, { ...rules, enabled: true, dry_run });
        assert.deepEqual([refused.status, refused.json.field], [409, 'dry_run'], refused.text);
      }
      const other = await admin.ask('PUT', path, { rules: [{ keep_newest: 1 }], enabled: true, dry_run: tried.digest });
      assert.equal(other.status, 409, 'a dry run of other rules');
      await admin.must('PUT', path, { ...rules, enabled: true, dry_run: tried.digest });
      const kept = Object.keys(verdicts).filter((tag) => verdicts[tag] === 'keep').sort();
      await eventually(30, async () => (await client.tags('team/retained')).length === 2);
      assert.deepEqual(await client.tags('team/retained'), kept);
      const ran = await eventually(30, async () => {
        const now = (await admin.must('GET', path)).json;
        return now.ran_at && now;
      });
      assert.deepEqual([ran.removed, ran.failed, ran.enabled], [2, 0, true]);
      assert.deepEqual((await trashOf('team/retained', registry)).map((one) => one.deleted_by), ['(retention)', '(retention)']);
      await admin.must('PUT', path, {});
    });
  });
}

test('a registry that deletes nothing: which setting to change, and nothing half', async () => {
  const client = kinds['distribution 3'].pusher();
  await client.image('team/fixed', 'a', 'b');
  const path = await pathOf('third', 'team/fixed', ['a', 'b']);
  double.deletes = false;
  for (const [method, place, body] of [['DELETE', `${path}/tags/a`], ['DELETE', path], ['POST', `${path}/deletions`, { tags: ['a', 'b'] }]] as const) {
    const answer = await admin.ask(method, place, body);
    assert.equal(answer.status, 409, answer.text);
    assert.match(answer.json.detail, /REGISTRY_STORAGE_DELETE_ENABLED=true/);
  }
  double.deletes = true;
  assert.deepEqual(await client.tags('team/fixed'), ['a', 'b']);
  assert.deepEqual((await admin.list(`${path}/tags`)).map((one) => one.name), ['a', 'b']);
  assert.deepEqual(await trashOf('team/fixed'), []);
});

test('distribution 2.8 that deletes nothing keeps its tag, too', async () => {
  const fixed = await Registry.start({ realm: server.realm, rootcertbundle: server.certificate, service: 'fixed' }, undefined, { environment: { REGISTRY_STORAGE_DELETE_ENABLED: 'false' } });
  try {
    await server.apply(`registries:\n  - {name: fixed, url: "${fixed.url}", public: "${fixed.host}", service: fixed, key_mode: x5c}\n`);
    const client = new Pusher(fixed.url, server.realm, 'fixed', ['admin', passwords.admin]);
    const image = await client.image('x/fixed', 'a', 'b');
    const path = await pathOf('fixed', 'x/fixed', ['a', 'b']);
    const refused = await admin.ask('DELETE', `${path}/tags/a`);
    assert.equal(refused.status, 409, refused.text);
    assert.match(refused.json.detail, /REGISTRY_STORAGE_DELETE_ENABLED=true/);
    assert.equal(await client.digest('x/fixed', 'a'), image.digest);
  } finally {
    await fixed.stop();
  }
});

test('a registry that is away: 503, and nothing half', async () => {
  const client = kinds['distribution 3'].pusher();
  await client.image('team/away', 'a');
  const path = await pathOf('third', 'team/away', ['a']);
  double.away = true;
  for (const [method, place] of [['DELETE', `${path}/tags/a`], ['DELETE', path], ['GET', `${path}/tags/a/deletion`]]) {
    const answer = await admin.ask(method, place);
    assert.equal(answer.status, 503, answer.text);
    assert.match(answer.json.detail, /third/);
  }
  double.away = false;
  assert.deepEqual(await client.tags('team/away'), ['a']);
  assert.deepEqual((await admin.list(`${path}/tags`)).map((one) => one.name), ['a']);
  assert.deepEqual(await trashOf('team/away'), []);
});

test('what lost its layers cannot be brought back, and is noted', async () => {
  const client = kinds['distribution 3'].pusher();
  const image = await client.image('team/gone', 'a');
  const path = await pathOf('third', 'team/gone', ['a']);
  await admin.must('DELETE', `${path}/tags/a`);
  double.blobs.delete(image.layer ?? '');
  const [entry] = await trashOf('team/gone');
  const refused = await admin.ask('POST', `/trash/${entry.id}/restore`, {});
  assert.equal(refused.status, 409);
  assert.match(refused.json.detail, /layers are gone/);
  assert.equal((await trashOf('team/gone'))[0].state, 'gone');
  assert.equal(double.repository('team/gone').manifests.size, 0, 'nothing was pushed');
});

test('nobody gets a token that deletes but in this program', () => assert.doesNotMatch(server.log, /\(removal\)/));
