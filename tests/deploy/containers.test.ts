// The image and the examples for compose, with a real engine: the quick start of deploy/README.md as it is written there.
import assert from 'node:assert/strict';
import { cpSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { makeBaseImages } from '../support/base_images.ts';
import { type DockerClient, Engine, imageContext } from '../support/docker.ts';
import { send } from '../support/http.ts';
import { commandsOf } from '../support/manual.ts';
import { type Output, eventually, must, run, temporaryFolder } from '../support/process.ts';

const root = resolve(import.meta.dirname, '../..');
const url = 'http://localhost:5050';
const password = 'correct horse battery';
const minutes = 60_000;
const [prepare, push, ...more] = commandsOf(join(root, 'deploy/README.md'), 'Quick start: MySQL, a registry, the web server and its background');
const [smallest] = commandsOf(join(root, 'deploy/README.md'), 'The smallest one: SQLite');

// What a user's clone holds of it, with the program that was built already.
function clone(): string {
  const folder = temporaryFolder('clone');
  for (const path of ['deploy', 'docker-compose_EXAMPLE.yml', '.dockerignore', 'build/release/spectacles']) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    cpSync(join(root, path), join(folder, path), { recursive: true });
  }
  return folder;
}

describe('in containers', { timeout: 30 * minutes }, () => {
  let engine: Engine;
  let client: DockerClient;
  let folder: string;
  let cookie = '';

  const shell = (commands: string, timeout = 10 * minutes): Promise<Output> =>
    must('bash', ['-euc', commands], { cwd: folder, env: client.environment, timeout });

  async function api(method: string, path: string, body?: unknown) {
    const headers: Record<string, string> = { 'content-type': 'application/json', ...(cookie && { cookie }) };
    const answer = await send(url, { method, path: `/api/v1${path}`, headers, body: body === undefined ? undefined : JSON.stringify(body) });
    assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${answer.text}`);
    const set = answer.headers['set-cookie'];
    if (set) cookie = set.split(';')[0] ?? '';
    return answer;
  }

  before(async () => {
    engine = await Engine.start({ networks: true });
    client = engine.client();
    folder = clone();
    await makeBaseImages(client);
  }, { timeout: 20 * minutes });
  after(async () => {
    await engine?.stop();
  });

  test('the image is built, and the example comes up', async () => {
    assert.equal(more.length, 0, 'the manual has other commands than this test knows');
    assert.match(prepare ?? '', /^docker build --file deploy\/Dockerfile /);
    await shell((prepare ?? '').replace('docker build', 'docker build --build-arg PROGRAM=release'));
    await eventually(120, async () => (await send(url, { path: '/readyz' }).catch(() => undefined))?.status === 200);
  });

  test('it runs as the user spectacles, on a root file system that nobody writes', async () => {
    const compose = 'docker-compose --file docker-compose_EXAMPLE.yml exec -T spectacles';
    assert.match((await shell(`${compose} id`)).stdout, /^uid=1001\(spectacles\)/);
    const written = await run('bash', ['-c', `${compose} touch /usr/local/bin/x`], { cwd: folder, env: client.environment });
    assert.notEqual(written.code, 0);
    await eventually(60, async () => /healthy/.test((await shell('docker ps --filter name=_spectacles_ --format "{{.Status}}"')).stdout));
  });

  test('the quick start ends with a repository on the page', async () => {
    await api('POST', '/registration', { username: 'ada', password });
    await api('POST', '/registries', { name: 'main', url: 'https://registry:5000', public: 'localhost:5000' });
    await api('POST', '/namespaces', { registry: 'main', name: 'test' });
    await shell(`docker build --quiet --tag hello-world:latest ${imageContext('hello world')}`);
    const login = `docker login --username ada --password-stdin localhost:5000 <<<'${password}'`;
    await shell((push ?? '').replace('docker login localhost:5000', login));
    await eventually(60, async () => {
      const found = await api('GET', '/repositories?q=hello');
      return found.json.some((repository: { name: string }) => repository.name === 'test/hello-world');
    });
  });

  test('a volume of another owner is named in the error', async () => {
    const foreign = temporaryFolder('foreign');
    const refused = await client.run('run', '--rm', '--volume', `${foreign}:/app/data`, 'spectacles:latest');
    assert.notEqual(refused.code, 0);
    assert.match(refused.text, /\/app\/data|data/);
    assert.match(refused.text, /1001/);
  });

  test('runbackground is a command, also behind manager.py', async () => {
    for (const args of [['runbackground', '--help'], ['manager.py', 'runbackground', '--help']]) {
      assert.match((await client.must('run', '--rm', 'spectacles:latest', ...args)).stdout, /background|registries/i);
    }
  });

  test('the image tells what it is, and how much it adds to its base', async (context) => {
    const inspected = JSON.parse((await client.must('image', 'inspect', 'debian:bookworm-slim', 'spectacles:latest')).stdout);
    const [base, image] = inspected as { Size: number; Config: { User: string; Labels: Record<string, string>; Cmd: string[] } }[];
    assert.ok(base && image);
    assert.equal(image.Config.User, 'spectacles');
    assert.deepEqual(image.Config.Cmd, ['runserver']);
    assert.equal(image.Config.Labels['org.opencontainers.image.title'], 'Spectacles');
    context.diagnostic(`the image is ${((image.Size - base.Size) / 1e6).toFixed(1)} MB larger than its base`);
  });

  test('the smallest example comes up with a key of its own', async () => {
    await shell('docker-compose --file docker-compose_EXAMPLE.yml down --volumes');
    await shell(smallest ?? '');
    const challenge = await eventually(120, async () => {
      const answer = await send('http://localhost:5000', { path: '/v2/' }).catch(() => undefined);
      return answer?.headers['www-authenticate'];
    });
    assert.match(challenge, /realm="http:\/\/localhost:5050\/token_auth"/);
    await shell('docker-compose --file deploy/compose.yaml down --volumes');
  });
});
