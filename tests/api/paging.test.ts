// Lists in pages: the bounds of `limit`, the round trip of `cursor`, Link, X-Total-Count and searching.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Answer } from '../support/http.ts';
import type { Spectacles } from '../support/spectacles.ts';
import { Caller, nextPage, startWorld } from '../support/world.ts';

let server: Spectacles;
let admin: Caller;
before(async () => {
  server = await startWorld();
  const many = Array.from({ length: 120 }, (_, i) => i);
  // One hash for all: making a hundred takes long.
  const hash = /password_hash: *["']?(\$argon2id[^"'\s}]+)/.exec((await server.run(['export'])).stdout)?.[1];
  await server.apply(`
users:
${many.map((i) => `  - {username: person-${i}, password_hash: "${hash}"}`).join('\n')}
groups:
${many.map((i) => `  - {name: group-${i}}`).join('\n')}
namespaces:
${many.map((i) => `  - {registry: main, name: many-${i}, owner: admin}`).join('\n')}
`);
  admin = await Caller.signIn(server.url, 'admin');
});
after(() => server.stop());

async function readAll(path: string): Promise<{ ids: number[]; pages: number; totals: Set<string> }> {
  const found = { ids: [] as number[], pages: 0, totals: new Set<string>() };
  for (let at: string | undefined = path; at; ) {
    const answer: Answer = await admin.ask('GET', at);
    assert.equal(answer.status, 200, answer.text);
    found.ids.push(...answer.json.map((one: { id: number }) => one.id));
    found.totals.add(answer.headers['x-total-count']);
    found.pages++;
    at = nextPage(answer);
  }
  return found;
}

for (const [list, total] of [['/users', 128], ['/groups', 121], ['/namespaces', 123], ['/registries', 2]] as const) {
  test(`${list}: every one of ${total} once, in pages of any size`, async () => {
    const whole = await readAll(`${list}?limit=500`);
    assert.equal(whole.pages, 1);
    assert.deepEqual([...whole.totals], [`${total}`]);
    for (const limit of ['limit=7', 'limit=50', '']) {
      const found = await readAll(`${list}?${limit}`);
      assert.deepEqual(found.ids, whole.ids, `${limit}: the same order`);
      assert.equal(new Set(found.ids).size, whole.ids.length);
    }
    assert.equal((await admin.ask('GET', list)).json.length, Math.min(50, whole.ids.length), '50 unless given');
  });

  test(`${list}: searching counts and pages what it found`, async () => {
    const found = await readAll(`${list}?limit=2&q=1`);
    assert.equal(`${found.ids.length}`, [...found.totals][0]);
    for (const strange of ['%25', '_', "'%20or%201=1--", '%00', '%F0%9F%90%B3', '%5C', '*']) {
      const answer = await admin.ask('GET', `${list}?q=${strange}`);
      assert.ok(answer.status === 400 || answer.json.length === 0, `${strange}: ${answer.text.slice(0, 200)}`);
    }
  });
}

for (const list of ['/users', '/groups', '/registries', '/namespaces', '/repositories', '/activity']) {
  test(`${list}: a limit or cursor that is none is refused by its name`, async () => {
    for (const limit of ['0', '-1', '501', 'x', '', '1.5', '1e2', '99999999999999999999', '%201']) {
      const answer = await admin.ask('GET', `${list}?limit=${limit}`);
      assert.deepEqual([answer.status, answer.json.field], [400, 'limit'], `limit=${limit}`);
    }
    for (const limit of ['1', '500']) assert.equal((await admin.ask('GET', `${list}?limit=${limit}`)).status, 200);
    const made = [null, 5, [], ['a', 'b', 'c', 'd', 'e'], [5], {}].map((value) => Buffer.from(JSON.stringify(value)).toString('base64url'));
    for (const cursor of ['x', '!!!', '%00', ...made]) {
      const answer = await admin.ask('GET', `${list}?cursor=${cursor}`);
      assert.deepEqual([answer.status, answer.json.field], [400, 'cursor'], `cursor=${cursor}`);
    }
  });
}

test('what is new between two pages changes no page that was read', async () => {
  const first = await admin.ask('GET', '/activity?limit=3');
  await admin.ask('POST', '/groups', { name: 'in-between' });
  const second = await admin.ask('GET', nextPage(first) ?? '');
  const ids = [...first.json, ...second.json].map((event: { id: number }) => event.id);
  assert.deepEqual(ids, [...new Set(ids)].sort((a, b) => b - a));
});
