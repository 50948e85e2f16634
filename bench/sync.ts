// How fast a pass is, and what it costs, beside a client that only asks for the same manifests by HEAD.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { basic, send } from '../tests/support/http.ts';
import { Service, freePort, must, temporaryFolder } from '../tests/support/process.ts';
import { Spectacles, program } from '../tests/support/spectacles.ts';

const { values: options } = parseArgs({
  options: { repositories: { type: 'string', default: '1000' }, tags: { type: 'string', default: '20' }, images: { type: 'string', default: '20' }, json: { type: 'string' } },
});
const [repositories, tags, images] = [options.repositories, options.tags, options.images].map(Number);
const connections = 8; // as many as a pass opens
const manifestType = 'application/vnd.oci.image.manifest.v1+json';
const nameOf = (n: number): string => `team-${n % 50}/app-${n}`;
const password = 'the bench knows this one';

// The registry's files ------------------------------------------------------------------------------------------------

class Storage {
  readonly folder = temporaryFolder('storage');
  private readonly root = join(this.folder, 'docker', 'registry', 'v2');

  private write(path: string, content: string): void {
    const file = join(this.root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  blob(content: string): { digest: string; size: number; hex: string } {
    const hex = createHash('sha256').update(content).digest('hex');
    this.write(join('blobs', 'sha256', hex.slice(0, 2), hex, 'data'), content);
    return { digest: `sha256:${hex}`, size: content.length, hex };
  }
  link(repository: string, hex: string, ...place: string[]): void {
    this.write(join('repositories', repository, ...place, 'link'), `sha256:${hex}`);
  }
}

// Each image has a configuration and a layer of its own, and three layers that all share.
function fill(storage: Storage): void {
  const shared = [1, 2, 3].map((n) => storage.blob(`shared layer ${n}`));
  for (let n = 0; n < repositories; ++n) {
    const name = nameOf(n);
    for (const layer of shared) storage.link(name, layer.hex, '_layers', 'sha256', layer.hex);
    const made = Array.from({ length: images }, (_, image) => {
      const config = storage.blob(JSON.stringify({ os: 'linux', architecture: 'amd64', created: '2026-03-01T12:00:00Z', of: `${name} ${image}`, history: Array.from({ length: 12 }, (_, step) => ({ created_by: `RUN step ${step}` })) }));
      const own = storage.blob(`layer of ${name} ${image}`);
      const layers = [...shared, own].map(({ digest, size }) => ({ mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', digest, size }));
      const manifest = storage.blob(JSON.stringify({ schemaVersion: 2, mediaType: manifestType, config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: config.digest, size: config.size }, layers }));
      for (const { hex } of [config, own]) storage.link(name, hex, '_layers', 'sha256', hex);
      storage.link(name, manifest.hex, '_manifests', 'revisions', 'sha256', manifest.hex);
      return manifest.hex;
    });
    for (let tag = 0; tag < tags; ++tag) {
      const hex = made[tag % images];
      storage.link(name, hex, '_manifests', 'tags', `v1.${tag}`, 'current');
      storage.link(name, hex, '_manifests', 'tags', `v1.${tag}`, 'index', 'sha256', hex);
    }
  }
}

// What runs -----------------------------------------------------------------------------------------------------------

async function startRegistry(storage: Storage, server: Spectacles, port: number, debug: number): Promise<Service> {
  const config = join(storage.folder, 'config.yml');
  writeFileSync(config, 'version: 0.1\nlog: {level: error, accesslog: {disabled: true}}\n');
  const service = new Service('docker-registry', '/usr/bin/docker-registry', ['serve', config], {
    REGISTRY_HTTP_ADDR: `127.0.0.1:${port}`,
    REGISTRY_HTTP_DEBUG_ADDR: `127.0.0.1:${debug}`,
    REGISTRY_HTTP_DEBUG_PROMETHEUS_ENABLED: 'true',
    REGISTRY_STORAGE: 'filesystem',
    REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY: storage.folder,
    REGISTRY_AUTH: 'token',
    REGISTRY_AUTH_TOKEN_REALM: server.realm,
    REGISTRY_AUTH_TOKEN_SERVICE: 'Docker registry',
    REGISTRY_AUTH_TOKEN_ISSUER: 'Auth service',
    REGISTRY_AUTH_TOKEN_ROOTCERTBUNDLE: server.certificate,
    OTEL_TRACES_EXPORTER: 'none',
  });
  await service.until(async () => (await fetch(`http://127.0.0.1:${port}/v2/`)).status === 401);
  return service;
}

// How many requests there were, by method and kind.
async function countRequests(debug: number): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const line of (await (await fetch(`http://127.0.0.1:${debug}/metrics`)).text()).split('\n')) {
    const found = /^registry_http_requests_total\{(.*)\} ([0-9.e+]+)$/.exec(line);
    if (!found) continue;
    const label = (name: string): string => new RegExp(`${name}="([^"]*)"`).exec(found[1])?.[1] ?? '';
    const kind = `${label('method').toUpperCase()} ${label('handler')}`;
    counts[kind] = (counts[kind] ?? 0) + Number(found[2]);
  }
  return counts;
}

// Paths and tokens of all tags, each token for sixteen repositories, as a pass asks for them.
async function listHeads(server: Spectacles): Promise<string> {
  const lines: string[] = [];
  const names = Array.from({ length: repositories }, (_, n) => nameOf(n)).sort();
  for (let first = 0; first < names.length; first += 16) {
    const group = names.slice(first, first + 16);
    const scopes = group.map((name) => `scope=repository:${name}:pull`).join('&');
    const answer = await send(server.url, { path: `/token_auth?service=Docker+registry&${scopes}`, headers: basic('root', password) });
    for (const name of group) for (let tag = 0; tag < tags; ++tag) lines.push(`/v2/${name}/manifests/v1.${tag}`, answer.json.token);
  }
  const file = join(temporaryFolder('heads'), 'heads.txt');
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}

async function headsPerSecond(url: string, file: string): Promise<number> {
  const args = ['-t1', `-c${connections}`, '-d6s', '--timeout', '10s', '-s', join(import.meta.dirname, 'heads.lua'), url, '--', file];
  const result = JSON.parse((await must('wrk', args, { timeout: 60_000 })).stdout.trim().split('\n').at(-1) ?? '');
  assert.equal(result.failed, 0);
  return result.requests / (result.duration / 1e6);
}

interface Pass {
  seconds: number;
  peakMegabytes: number;
  cpuSeconds: number;
  requests: Record<string, number>;
}

async function pass(server: Spectacles, debug: number): Promise<Pass> {
  const before = await countRequests(debug);
  const begin = performance.now();
  const child = spawn(program, ['sync'], { cwd: server.folder, env: { ...process.env, SPECTACLES_DATA_DIR: server.folder, SPECTACLES_BACKGROUND: 'off' }, stdio: ['ignore', 'pipe', 'inherit'] });
  let peak = 0;
  let cpu = 0;
  const watch = setInterval(() => {
    try {
      peak = Math.max(peak, (Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) * 1024) / 1e6);
      const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1].split(' ');
      cpu = (Number(fields[11]) + Number(fields[12])) / 100;
    } catch {} // it has just ended
  }, 50);
  const code = await new Promise((resolve) => child.on('exit', resolve));
  clearInterval(watch);
  const seconds = (performance.now() - begin) / 1000;
  assert.equal(code, 0);
  const after = await countRequests(debug);
  const requests = Object.fromEntries(Object.entries(after).map(([kind, count]) => [kind, count - (before[kind] ?? 0)]).filter(([, count]) => count));
  return { seconds, peakMegabytes: peak, cpuSeconds: cpu, requests } as Pass;
}

// The run -------------------------------------------------------------------------------------------------------------

const storage = new Storage();
fill(storage);
const server = await Spectacles.create({ SPECTACLES_BACKGROUND: 'off' });
await server.start();
const [port, debug] = [await freePort(), await freePort()];
await server.apply(`
registries: [{name: main, url: "http://127.0.0.1:${port}", public: "localhost:${port}", service: "Docker registry"}]
users: [{username: root, password: "${password}", role: admin}]
`);
const registry = await startRegistry(storage, server, port, debug);
try {
  const file = await listHeads(server);
  const heads = await headsPerSecond(`http://127.0.0.1:${port}`, file);
  const first = await pass(server, debug);
  const second = await pass(server, debug);
  const again = await headsPerSecond(`http://127.0.0.1:${port}`, file);
  const baseline = (heads + again) / 2;
  const perSecond = (repositories * tags) / first.seconds;
  const show = (name: string, one: Pass): void => {
    const asked = Object.values(one.requests).reduce((sum, count) => sum + count, 0);
    console.log(`${name}: ${one.seconds.toFixed(2)} s, ${((repositories * tags) / one.seconds).toFixed(0)} tags/s, ${(asked / one.seconds).toFixed(0)} requests/s, ${one.cpuSeconds.toFixed(2)} s of processor, peak ${one.peakMegabytes.toFixed(1)} MB`);
    console.log(`  ${Object.entries(one.requests).map(([kind, count]) => `${count} ${kind}`).join(', ')}`);
  };
  console.log(`${repositories} repositories of ${tags} tags, ${images} images each, ${connections} connections`);
  console.log(`plain HEADs: ${baseline.toFixed(0)}/s (${heads.toFixed(0)} before, ${again.toFixed(0)} after)`);
  show('first pass', first);
  show('pass without changes', second);
  console.log(`first pass, tags against plain HEADs: ${((100 * perSecond) / baseline).toFixed(0)} %`);
  if (options.json) writeFileSync(options.json, JSON.stringify({ repositories, tags, images, heads: baseline, first, second }, null, 2));
} finally {
  await registry.stop();
  await server.stop();
}
