// Passes over a registry that behaves as distribution 3: pages of tags, and tags that go alone.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Distribution3 } from '../support/distribution3.ts';
import { type ApiClient, Spectacles } from '../support/spectacles.ts';

const password = 'it holds a thousand tags a page';
const many = Array.from({ length: 2000 }, (_, n) => `t${n}`);
let server: Spectacles;
let registry: Distribution3;
let admin: ApiClient;

before(async () => {
  server = await Spectacles.create({ SPECTACLES_BACKGROUND: 'off' });
  await server.start();
  registry = await Distribution3.start('Registry', server.realm, { 'team/many': many, 'team/two': ['one'], empty: [] });
  const two = registry.repository('team/two');
  two.tags.set('other', two.tags.get('one') ?? '');
  registry.repository('empty');
  await server.apply(`
registries: [{name: three, url: "${registry.url}", service: Registry}]
users: [{username: ada, password: "${password}", role: admin}]
`);
  admin = await server.signIn('ada', password);
});
after(() => server?.stop());

async function sync(): Promise<void> {
  const output = await server.run(['sync']);
  assert.equal(output.code, 0, output.text);
}
async function tagsOf(repository: string): Promise<string[]> {
  const list = (await admin.request('GET', `/repositories?search=${repository}`)).body as { id: number; name: string }[];
  const found = list.find((one) => one.name === repository);
  const tags = (await admin.request('GET', `/repositories/${found?.id}/tags?limit=500`)).body as { name: string }[];
  return tags.map((tag) => tag.name).sort();
}

test('all pages of tags are read, also when the last is empty, and when there are none', async () => {
  await sync();
  const list = (await admin.request('GET', '/repositories')).body as { name: string; tags: number }[];
  assert.deepEqual(Object.fromEntries(list.map(({ name, tags }) => [name, tags])), { empty: 0, 'team/many': 2000, 'team/two': 2 });
  const pages = registry.asked.filter((asked) => asked === 'GET /v2/team/many/tags/list');
  assert.equal(pages.length, 3);
});

test('a second pass asks by digest alone', async () => {
  const begin = registry.asked.length;
  await sync();
  const again = registry.asked.slice(begin).filter((asked) => asked.includes('/manifests/') || asked.includes('/blobs/'));
  assert.equal(again.length, 2002);
  assert.ok(again.every((asked) => asked.startsWith('HEAD ')));
});

test('a tag that goes alone leaves the other one of its digest', async () => {
  const answer = await fetch(`${registry.url}/v2/team/two/manifests/one`, { method: 'DELETE', headers: { authorization: 'Bearer x' } });
  assert.equal(answer.status, 202);
  await sync();
  assert.deepEqual(await tagsOf('team/two'), ['one', 'other'], 'missing once, it stays');
  await sync();
  assert.deepEqual(await tagsOf('team/two'), ['other']);
});
