// What is in a registry, as the API shows it: a real registry, filled by its own API with images that say what they like.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { basic, send } from '../support/http.ts';
import { eventually } from '../support/process.ts';
import { Site, passwords as secrets } from '../support/site.ts';
import { Caller } from '../support/world.ts';

const types = {
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  index: 'application/vnd.oci.image.index.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar',
};

let site: Site;
let ada: Caller;
let bob: Caller; // reads team
let eve: Caller; // reads what is open
const ids: Record<string, number> = {};

const digestOf = (bytes: string): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

interface Blob {
  mediaType: string;
  digest: string;
  size: number;
}

// Pushes as ada, who may everything.
class Pusher {
  private readonly repository: string;
  constructor(repository: string) {
    this.repository = repository;
  }

  private async bearer(): Promise<Record<string, string>> {
    const query = new URLSearchParams({ service: 'Docker registry', scope: `repository:${this.repository}:pull,push` });
    const answer = await send(site.spectacles.url, { path: `/token_auth?${query}`, headers: basic('ada', secrets.ada) });
    return { authorization: `Bearer ${answer.json.token}` };
  }

  async blob(bytes: string, mediaType: string): Promise<Blob> {
    const headers = await this.bearer();
    const begun = await send(site.registry.url, { method: 'POST', path: `/v2/${this.repository}/blobs/uploads/`, headers });
    assert.equal(begun.status, 202, begun.text);
    const place = new URL(begun.headers.location, site.registry.url);
    place.searchParams.set('digest', digestOf(bytes));
    const done = await send(site.registry.url, { method: 'PUT', path: place.pathname + place.search, headers: { ...headers, 'content-type': 'application/octet-stream' }, body: bytes });
    assert.equal(done.status, 201, done.text);
    return { mediaType, digest: digestOf(bytes), size: Buffer.byteLength(bytes) };
  }

  async manifest(tag: string, manifest: { mediaType: string }): Promise<Blob> {
    const bytes = JSON.stringify(manifest, undefined, 1);
    const answer = await send(site.registry.url, {
      method: 'PUT', path: `/v2/${this.repository}/manifests/${tag}`, headers: { ...(await this.bearer()), 'content-type': manifest.mediaType }, body: bytes,
    });
    assert.equal(answer.status, 201, answer.text);
    return { mediaType: manifest.mediaType, digest: digestOf(bytes), size: Buffer.byteLength(bytes) };
  }

  async image(tag: string, layers: string[], config: object): Promise<Blob> {
    const pushed = [];
    for (const layer of layers) pushed.push(await this.blob(layer, types.layer));
    const configured = await this.blob(JSON.stringify({ rootfs: { type: 'layers', diff_ids: layers.map(digestOf) }, ...config }), types.config);
    return this.manifest(tag, { schemaVersion: 2, mediaType: types.manifest, config: configured, layers: pushed } as never);
  }
}

const hostile = '<img src=x onerror=alert(1)>\u001b[31m\u202e';
const config = {
  architecture: 'amd64',
  os: 'linux',
  created: '2024-05-06T07:08:09Z',
  config: { Env: ['PATH=/bin'], Cmd: ['serve'], User: hostile, Labels: { '<b>': 'x' }, ExposedPorts: { '80/tcp': {} } },
  history: [{ created_by: 'ADD base /' }, { created_by: `ENV ${hostile}`, empty_layer: true }, { created_by: 'COPY app /' }],
};
let image: Blob;
let index: Blob;

before(async () => {
  site = await Site.start('a generated P-256 key');
  const app = new Pusher('team/app');
  image = await app.image('v1.10', ['base', 'the app'], config);
  await app.manifest('v1.9', JSON.parse(JSON.stringify(await manifestOf(app, ['base', 'the app'], config))));
  const arm = await app.image('arm', ['base for arm'], { architecture: 'arm64', os: 'linux' });
  index = await app.manifest('multi', {
    schemaVersion: 2,
    mediaType: types.index,
    manifests: [{ ...image, platform: { os: 'linux', architecture: 'amd64' } }, { ...arm, platform: { os: 'linux', architecture: 'arm64' } }],
  } as never);
  await app.image(`${image.digest.replace(':', '-')}.sig`, ['a signature'], {});
  await new Pusher('open/app').image('v1.10', ['base', 'the app'], config);
  await new Pusher('stray/deep/app').image('x', ['base'], config);
  ada = await Caller.signIn(site.spectacles.url, 'ada', secrets.ada);
  bob = await Caller.signIn(site.spectacles.url, 'bob', secrets.bob);
  eve = await Caller.signIn(site.spectacles.url, 'eve', secrets.eve);
  await eventually(40, async () => {
    const all = await ada.list('/repositories');
    for (const one of all) ids[one.name] = one.id;
    return all.length === 3 && all.find((one) => one.name === 'team/app').tags === 5;
  });
  // What an image says of itself is read after all tags are known.
  const images = { 'team/app': ['v1.10', 'v1.9', 'arm'], 'open/app': ['v1.10'], 'stray/deep/app': ['x'] };
  for (const [repository, tags] of Object.entries(images)) {
    for (const tag of tags) {
      await eventually(40, async () => (await ada.must('GET', `/repositories/${ids[repository]}/tags/${tag}`)).json.config !== null);
    }
  }
});
after(() => site.stop());

// The manifest of an image that is there already.
async function manifestOf(pusher: Pusher, layers: string[], of: object): Promise<{ mediaType: string }> {
  const pushed = [];
  for (const layer of layers) pushed.push(await pusher.blob(layer, types.layer));
  const configured = await pusher.blob(JSON.stringify({ rootfs: { type: 'layers', diff_ids: layers.map(digestOf) }, ...of }), types.config);
  return { schemaVersion: 2, mediaType: types.manifest, config: configured, layers: pushed } as never;
}

describe('a tag', () => {
  test('shows what the image says, with its layers at the steps that made them', async () => {
    const { json: tag } = await bob.must('GET', `/repositories/${ids['team/app']}/tags/v1.10`);
    assert.deepEqual([tag.name, tag.digest, tag.state, tag.kind, tag.platform, tag.created_at], ['v1.10', image.digest, 'read', 'image', 'linux/amd64', config.created]);
    assert.deepEqual(tag.layers.map((one: Blob) => one.digest), ['base', 'the app'].map(digestOf));
    const steps = tag.history.map((step: { created_by: string; layer: Blob | null }) => [step.created_by, step.layer?.digest]);
    assert.deepEqual([steps[0], steps[2]], [['ADD base /', digestOf('base')], ['COPY app /', digestOf('the app')]]);
    assert.equal(steps[1][1], undefined);
    assert.deepEqual([tag.config.env, tag.config.cmd, tag.config.exposed_ports, tag.config.labels], [['PATH=/bin'], ['serve'], ['80/tcp'], { '<b>': 'x' }]);
    assert.equal(tag.config.user, '<img src=x onerror=alert(1)>\ufffd[31m\ufffd', 'nothing in it acts on a screen');
    assert.deepEqual(tag.attached.map((one: { type: string }) => one.type), ['signature']);
  });

  test('names the tags that share its digest, as far as the reader sees them', async () => {
    const shared = async (who: Caller, repository: string): Promise<string[]> => {
      const { json } = await who.must('GET', `/repositories/${ids[repository]}/tags/v1.10`);
      return json.shared_with.map((one: { repository: { name: string }; tag: string }) => `${one.repository.name}:${one.tag}`);
    };
    assert.deepEqual(await shared(bob, 'team/app'), ['team/app:v1.9', 'open/app:v1.10']);
    assert.deepEqual(await shared(eve, 'open/app'), [], 'team is no business of hers');
    assert.deepEqual(await shared(ada, 'open/app'), ['team/app:v1.9', 'team/app:v1.10']);
  });

  test('that is an index leads to its manifests', async () => {
    const { json: tag } = await bob.must('GET', `/repositories/${ids['team/app']}/tags/multi`);
    assert.deepEqual([tag.kind, tag.manifests.map((one: { platform: string; state: string }) => `${one.platform} ${one.state}`)], ['index', ['linux/amd64 read', 'linux/arm64 read']]);
    const { json: child } = await bob.must('GET', `/repositories/${ids['team/app']}/manifests/${image.digest}`);
    assert.equal(child.config.cmd[0], 'serve');
  });

  test('is shown to nobody who may not pull it, whatever he knows of it', async () => {
    const place = `/repositories/${ids['team/app']}`;
    for (const path of [place, `${place}/tags`, `${place}/tags/v1.10`, `${place}/manifests/${image.digest}`, `${place}/manifests/${image.digest}/raw`]) {
      assert.equal((await eve.get(path)).status, 404, path);
    }
    // He may pull open/app, but not by that the index that lies elsewhere.
    assert.equal((await eve.get(`/repositories/${ids['open/app']}/manifests/${index.digest}`)).status, 404);
    assert.equal((await eve.get(`/repositories/${ids['open/app']}/manifests/${image.digest}`)).status, 200);
    for (const wrong of ['sha256:0', 'latest', '..%2f', '%00', `${image.digest}x`]) assert.ok([400, 404].includes((await bob.get(`${place}/manifests/${wrong}`)).status), wrong);
  });
});

test('the very bytes of a manifest come as a file that no browser takes for a page', async () => {
  const answer = await bob.must('GET', `/repositories/${ids['team/app']}/manifests/${image.digest}/raw`);
  assert.equal(digestOf(answer.text), image.digest);
  assert.match(answer.headers['content-security-policy'], /sandbox/);
  assert.match(answer.headers['content-disposition'], /^attachment/);
  assert.equal(answer.headers['x-content-type-options'], 'nosniff');
  assert.equal(answer.headers['content-type'], 'application/json');
});

test('sizes are sums of what repositories hold, each blob once', async () => {
  const repositories = await ada.list('/repositories');
  const sum = (names: RegExp): number => repositories.filter((one) => names.test(one.name)).reduce((all, one) => all + one.size, 0);
  const { json: team } = await bob.must('GET', await ada.pathOf('/namespaces', 'team'));
  assert.deepEqual([team.repositories, team.size], [1, sum(/^team/)]);
  const { json: registry } = await ada.must('GET', await ada.pathOf('/registries', 'main'));
  assert.deepEqual([registry.repositories, registry.tags, registry.size], [3, 7, sum(/./)]);
  assert.equal((await bob.must('GET', await ada.pathOf('/registries', 'main'))).json.size, undefined);
  const tags = await bob.list(`/repositories/${ids['team/app']}/tags?sort=-size`);
  assert.equal(tags[0].name, 'multi', 'an index is as big as all that it leads to');
});

describe('the search', () => {
  const find = async (who: Caller, q: string): Promise<string[]> => {
    const hits = await who.list(`/search?q=${encodeURIComponent(q)}`, 2);
    return hits.map((hit) => hit.repository.name + (hit.tag ? `:${hit.tag}` : ''));
  };

  test('finds repositories and tags by words', async () => {
    assert.deepEqual(await find(ada, 'app'), ['open/app', 'stray/deep/app', 'team/app']);
    assert.deepEqual(await find(ada, 'app v1.1'), ['open/app:v1.10', 'team/app:v1.10']);
    assert.deepEqual(await find(ada, 'team app'), ['team/app']);
    assert.deepEqual(await find(ada, `${site.registry.host}/team/app:v1`), ['team/app:v1.10', 'team/app:v1.9']);
    assert.deepEqual(await find(ada, 'nothing'), []);
  });
  test('shows only what the caller may pull', async () => {
    assert.deepEqual(await find(eve, 'app'), ['open/app']);
    assert.deepEqual(await find(bob, 'v1.10'), ['open/app:v1.10', 'team/app:v1.10']);
  });
  test('refuses what it cannot look for by its name', async () => {
    for (const query of ['', 'q=', 'q=%20', 'q=a:1+b:2', `q=${'x'.repeat(300)}`]) {
      const answer = await ada.get(`/search?${query}`);
      assert.deepEqual([answer.status, answer.json.field], [400, 'q'], query);
    }
    for (const key of [['x', 'a', '1', ''], ['t', 'a', '-1', ''], ['r', 'a', 'b', 'c'], ['t', 'a', '1']]) {
      const answer = await ada.get(`/search?q=app&cursor=${Buffer.from(JSON.stringify(key)).toString('base64url')}`);
      assert.deepEqual([answer.status, answer.json.field], [400, 'cursor'], `${key}`);
    }
  });
});

test('what no namespace covers is adopted with one request', async () => {
  assert.deepEqual((await ada.list('/repositories?unassigned=true')).map((one) => one.name), ['stray/deep/app']);
  assert.deepEqual(await bob.list('/repositories?unassigned=true'), []);
  const place = `/repositories/${ids['stray/deep/app']}/adopt`;
  assert.equal((await bob.ask('POST', place, { owner: 'bob' })).status, 403);
  for (const [body, field] of [[{}, 'owner'], [{ owner: 'nobody-here' }, 'owner'], [{ owner: 'eve', namespace: 'team' }, 'namespace'], [{ owner: 'eve', namespace: 'stray/deep/app' }, 'namespace'], [{ owner: 'eve', more: 1 }, 'more']] as const) {
    const answer = await ada.ask('POST', place, body);
    assert.deepEqual([answer.status, answer.json.field], [400, field], answer.text);
  }
  const adopted = await ada.must('POST', place, { owner: 'eve' });
  assert.deepEqual([adopted.status, adopted.json.name, adopted.json.owner, adopted.json.moved], [201, 'stray/deep', 'eve', ['stray/deep/app']]);
  assert.equal((await eve.must('GET', `/repositories/${ids['stray/deep/app']}`)).json.namespace.name, 'stray/deep');
  assert.deepEqual(await ada.list('/repositories?unassigned=true'), []);
  assert.equal((await ada.ask('POST', place, { owner: 'eve' })).status, 409);
  assert.equal((await ada.must('GET', '/activity?action=namespace.created&limit=1')).json[0].subject.includes('stray/deep'), true);
});

test('nothing of all this was a fault of the server', () => assert.doesNotMatch(site.spectacles.log, /request failed/));
