// Edits at once: entity tags, If-Match, and that of several who change the same thing nobody loses what he wrote.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { FakeRegistry } from '../support/fake_registry.ts';
import type { Answer } from '../support/http.ts';
import type { Spectacles } from '../support/spectacles.ts';
import { Caller, placeOf, startWorld } from '../support/world.ts';

let server: Spectacles;
let admin: Caller;
let auditor: Caller;
before(async () => {
  server = await startWorld();
  admin = await Caller.signIn(server.url, 'admin');
  auditor = await Caller.signIn(server.url, 'auditor');
});
after(() => server.stop());

// What has tags. `make` gives the path of one that nobody else uses; the changes differ from each other and from what it is.
interface Thing {
  make: () => Promise<string>;
  changes: [object, object, object];
  isDeleted: boolean;
}
let made = 0;
const things: Record<string, Thing> = {
  'a user': {
    make: async () => placeOf(await admin.must('POST', '/users', { username: `user-${made++}`, password: 'long enough to be one' })),
    changes: [{ email: 'first@example.org' }, { email: 'second@example.org' }, { role: 'auditor' }],
    isDeleted: true,
  },
  'a group': {
    make: async () => placeOf(await admin.must('POST', '/groups', { name: `group-${made++}` })),
    changes: [{ members: ['bob'] }, { members: ['carol'] }, { members: ['bob', 'carol'] }],
    isDeleted: true,
  },
  'a namespace': {
    make: async () => placeOf(await admin.must('POST', '/namespaces', { registry: 'main', name: `namespace-${made++}` })),
    changes: [{ description: 'first' }, { description: 'second' }, { other_access: 'READ' }],
    isDeleted: true,
  },
  'a registry': {
    make: async () => {
      const registry = await FakeRegistry.start(`service ${made}`, server.realm);
      return placeOf(await admin.must('POST', '/registries', { name: `registry-${made++}`, url: registry.url }));
    },
    changes: [{ public: 'first.example.org' }, { public: 'second.example.org' }, { key_mode: 'jwks' }],
    isDeleted: true,
  },
  'the settings': {
    make: async () => {
      await admin.must('PATCH', '/settings', { personal_namespace_registry: null });
      return '/settings';
    },
    changes: [{ personal_namespace_registry: 'main' }, { personal_namespace_registry: 'third' }, { personal_namespace_registry: 'main' }],
    isDeleted: false,
  },
};

const tagOf = async (path: string, who = admin): Promise<string> => (await who.must('GET', path)).headers.etag;
const change = (path: string, body: object, tag: string): Promise<Answer> => admin.ask('PATCH', path, body, { 'if-match': tag });
const countEvents = async (): Promise<string> => (await admin.get('/activity?limit=1')).headers['x-total-count'];

for (const [name, { make, changes: [first, second, third], isDeleted }] of Object.entries(things)) {
  describe(name, () => {
    test('has a tag that stays while it stays, and changes when it changes', async () => {
      const path = await make();
      const tag = await tagOf(path);
      assert.match(tag, /^"[\x21\x23-\x7e]+"$/, 'strong');
      assert.equal(await tagOf(path), tag);
      assert.equal(await tagOf(path, auditor), tag, 'whoever reads it');
      const seen = new Set([tag]);
      for (const body of [first, second]) {
        const changed = await admin.must('PATCH', path, body);
        assert.equal(changed.headers.etag, await tagOf(path), 'the answer to a change has the new one');
        assert.ok(!seen.has(changed.headers.etag), JSON.stringify(body));
        seen.add(changed.headers.etag);
      }
      const now = await tagOf(path);
      await admin.must('PATCH', path, second);
      assert.equal(await tagOf(path), now, 'what changes nothing changes no tag');
    });

    test('is changed only by who saw it as it is', async () => {
      const path = await make();
      const old = await tagOf(path);
      assert.equal((await change(path, first, old)).status, 200);
      const before = await admin.get(path);
      const events = await countEvents();
      for (const wrong of [old, '"other"', '""', `W/${before.headers.etag}`, `${old}, "other"`, `W/${before.headers.etag}, ${old}`, before.headers.etag.toUpperCase().replace(/.$/, 'x"')]) {
        const refused = await change(path, second, wrong);
        assert.equal(refused.status, 412, `${wrong}: ${refused.text}`);
        assert.match(refused.headers['content-type'], /^application\/problem\+json/);
      }
      assert.deepEqual([(await admin.get(path)).text, await tagOf(path)], [before.text, before.headers.etag]);
      assert.equal(await countEvents(), events, 'what was refused leaves no event');

      const tag = before.headers.etag;
      const right = [tag, '*', `"other", ${tag}`, `"other",${tag},"another"`, ` ${tag} `];
      for (const [i, value] of right.entries()) {
        const current = await tagOf(path);
        const answer = await change(path, i % 2 ? first : second, value.replace(tag, current));
        assert.equal(answer.status, 200, `${value}: ${answer.text}`);
        assert.notEqual(answer.headers.etag, current, value);
      }
      assert.equal((await admin.ask('PATCH', path, third)).status, 200, 'without If-Match as before');
    });

    test('a request that is sent again is answered as the first time', async () => {
      const path = await make();
      const old = await tagOf(path);
      const done = await change(path, first, old);
      const events = await countEvents();
      const again = await change(path, first, old);
      assert.deepEqual([again.status, again.text, again.headers.etag], [200, done.text, done.headers.etag]);
      assert.equal(await countEvents(), events, 'and has changed nothing');
    });

    test('an If-Match that is none is refused by its name', async () => {
      const path = await make();
      const before = await admin.get(path);
      const tag = before.headers.etag;
      for (const wrong of ['x', tag.slice(1, -1), tag.slice(0, -1), `${tag} ${tag}`, 'W/x', `w/${tag}`, `*, ${tag}`, `${tag}, x`, "'x'", '"a"b"']) {
        const refused = await change(path, first, wrong);
        assert.deepEqual([refused.status, refused.json.field], [400, 'If-Match'], `${wrong}: ${refused.text}`);
        if (!isDeleted) continue;
        assert.equal((await admin.ask('DELETE', path, undefined, { 'if-match': wrong })).status, 400, wrong);
      }
      assert.equal((await admin.get(path)).text, before.text);
    });

    if (isDeleted) {
      test('is deleted only by who saw it as it is', async () => {
        const path = await make();
        const old = await tagOf(path);
        await admin.must('PATCH', path, first);
        const events = await countEvents();
        for (const wrong of [old, '"other"', `W/${await tagOf(path)}`]) {
          assert.equal((await admin.ask('DELETE', path, undefined, { 'if-match': wrong })).status, 412, wrong);
        }
        assert.equal((await admin.get(path)).status, 200);
        assert.equal(await countEvents(), events);
        const tag = await tagOf(path);
        assert.equal((await admin.ask('DELETE', path, undefined, { 'if-match': tag })).status, 204);
        assert.equal((await admin.get(path)).status, 404);
        for (const value of [tag, '*']) assert.equal((await admin.ask('DELETE', path, undefined, { 'if-match': value })).status, 404);

        assert.equal((await admin.ask('DELETE', await make(), undefined, { 'if-match': '*' })).status, 204);
      });
    }
  });
}

test('who sees but the outline of something gets no tag of what he does not see', async () => {
  const bob = await Caller.signIn(server.url, 'bob');
  const hidden: [string, object][] = [
    [await admin.pathOf('/registries', 'main'), { key_mode: 'jwks' }],
    [await admin.pathOf('/namespaces', 'team'), { members: ['dave'], group_access: 'READ' }],
  ];
  for (const [path, change] of hidden) {
    const before = await bob.must('GET', path);
    await admin.must('PATCH', path, change);
    const after = await bob.must('GET', path);
    assert.deepEqual([after.text, after.headers.etag], [before.text, before.headers.etag], path);
  }
  assert.equal((await bob.must('GET', hidden[0][0])).headers.etag, undefined, 'of a registry he gets none');
  assert.match((await bob.must('GET', await admin.pathOf('/namespaces', 'open'))).headers.etag, /^"/);
});

test('a tag changes with what others do to the names in it', async () => {
  const member = placeOf(await admin.must('POST', '/users', { username: 'passing', password: 'long enough to be one' }));
  const group = await things['a group'].make();
  const { name } = (await admin.get(group)).json;
  const space = await things['a namespace'].make();
  const tags = async (): Promise<string[]> => [await tagOf(group), await tagOf(space)];
  let [ofGroup, ofSpace] = await tags();
  const step = async (what: string, method: string, path: string, body: unknown, changes: [boolean, boolean]): Promise<void> => {
    await admin.must(method, path, body);
    const now = await tags();
    assert.deepEqual([now[0] !== ofGroup, now[1] !== ofSpace], changes, what);
    [ofGroup, ofSpace] = now;
  };
  await step('a member comes to the group', 'PUT', `${group}/members/passing`, undefined, [true, false]);
  await step('again', 'PUT', `${group}/members/passing`, undefined, [false, false]);
  await step('the namespace gets both', 'PATCH', space, { members: ['passing'], groups: [name] }, [false, true]);
  await step('a member has another address', 'PATCH', member, { email: 'x@example.org' }, [false, false]);
  await step('the group has another name', 'PATCH', group, { name: 'renamed' }, [true, true]);
  await step('the user is deleted', 'DELETE', member, undefined, [true, true]);
  await admin.must('DELETE', group);
  assert.notEqual(await tagOf(space), ofSpace, 'the group is deleted');
});

describe('thirty at the same moment', () => {
  const parallel = 30;
  const numbers = Array.from({ length: parallel }, (_, i) => i);

  for (const [name, path, body] of [
    ['a namespace', () => things['a namespace'].make(), (i: number) => ({ description: `written by ${i}` })],
    ['a group', () => things['a group'].make(), (i: number) => ({ name: `written by ${i}` })],
  ] as const) {
    test(`of those who saw the same state of ${name} one wins`, async () => {
      const place = await path();
      for (let round = 0; round < 3; round++) {
        const tag = await tagOf(place);
        const answers = await Promise.all(numbers.map((i) => change(place, body(round * parallel + i), tag)));
        const winners = answers.flatMap((answer, i) => (answer.status === 200 ? [i] : []));
        assert.equal(winners.length, 1, `${answers.map((answer) => answer.status)}`);
        assert.deepEqual([...new Set(answers.map((answer) => answer.status))].sort(), [200, 412]);
        const now = await admin.get(place);
        assert.equal(now.text, answers[winners[0]].text);
        assert.equal(now.headers.etag, answers[winners[0]].headers.etag);
      }
    });
  }

  test('nobody loses what he wrote: who is refused reads again and tries again', async () => {
    const place = await things['a namespace'].make();
    const add = async (i: number): Promise<number> => {
      for (let tries = 1; ; tries++) {
        const seen = await admin.must('GET', place);
        const claims = [...seen.json.claims, { user: 'bob', repository: `by-${i}`, access: 'READ' }];
        const answer = await change(place, { claims }, seen.headers.etag);
        if (answer.status === 200) return tries;
        assert.equal(answer.status, 412, answer.text);
        assert.ok(tries <= parallel, 'each refusal is the success of another');
      }
    };
    await Promise.all(numbers.map(add));
    const written = (await admin.get(place)).json.claims.map((one: { repository: string }) => one.repository).sort();
    assert.deepEqual(written, numbers.map((i) => `by-${i}`).sort());
    assert.equal((await admin.list(`/activity?namespace=${place.split('/')[2]}&action=namespace.changed`)).length, parallel);
  });
});

test('nothing of all this was a fault of the server', () => assert.doesNotMatch(server.log, /request failed/));
