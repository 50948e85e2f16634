// How fast a pass is, and what it costs, beside a client that only asks for the same manifests by HEAD.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { parseArgs } from 'node:util';
import { basic, send } from '../tests/support/http.ts';
import { Service, freePort, temporaryFolder } from '../tests/support/process.ts';
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
interface Head {
  path: string;
  token: string;
}
async function listHeads(server: Spectacles): Promise<Head[]> {
  const heads: Head[] = [];
  const names = Array.from({ length: repositories }, (_, n) => nameOf(n)).sort();
  for (let first = 0; first < names.length; first += 16) {
    const group = names.slice(first, first + 16);
    const scopes = group.map((name) => `scope=repository:${name}:pull`).join('&');
    const answer = await send(server.url, { path: `/token_auth?service=Docker+registry&${scopes}`, headers: basic('root', password) });
    for (const name of group) for (let tag = 0; tag < tags; ++tag) heads.push({ path: `/v2/${name}/manifests/v1.${tag}`, token: answer.json.token });
  }
  return heads;
}

// Seconds of processor time that a process has used, all its threads together.
function processorSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

interface Heads {
  perSecond: number;
  clientMicroseconds: number; // of processor for each HEAD, here
  registryMicroseconds: number; // and at the registry
}

async function askHeads(url: string, heads: Head[], registry: number): Promise<Heads> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const ask = ({ path, token }: Head): Promise<void> =>
    new Promise((resolve, reject) => {
      const headers = { accept: manifestType, authorization: `Bearer ${token}` };
      const question = request(`${url}${path}`, { method: 'HEAD', agent, headers }, (answer) => {
        answer.resume().on('end', () => (answer.statusCode === 200 ? resolve() : reject(new Error(`${path} answers ${answer.statusCode}`))));
      });
      question.on('error', reject).end();
    });
  const [begin, own, its] = [performance.now(), process.cpuUsage(), processorSeconds(registry)];
  let next = 0;
  const client = async (): Promise<void> => {
    while (next < heads.length) await ask(heads[next++]);
  };
  await Promise.all(Array.from({ length: connections }, client));
  agent.destroy();
  const { user, system } = process.cpuUsage(own);
  return {
    perSecond: heads.length / ((performance.now() - begin) / 1000),
    clientMicroseconds: (user + system) / heads.length,
    registryMicroseconds: ((processorSeconds(registry) - its) * 1e6) / heads.length,
  };
}

interface Pass {
  seconds: number;
  peakMegabytes: number;
  cpuSeconds: number;
  registrySeconds: number; // of processor
  listedSeconds: number; // until all tags were shown with what they stand for; configurations of images come after that
  requests: Record<string, number>;
}

async function pass(server: Spectacles, debug: number, registry: number): Promise<Pass> {
  const before = await countRequests(debug);
  const its = processorSeconds(registry);
  const begin = performance.now();
  const child = spawn(program, ['sync'], { cwd: server.folder, env: { ...process.env, SPECTACLES_DATA_DIR: server.folder, SPECTACLES_BACKGROUND: 'off' }, stdio: ['ignore', 'pipe', 'inherit'] });
  let peak = 0;
  let cpu = 0;
  const watch = setInterval(() => {
    try {
      const kilobytes = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1];
      if (kilobytes) peak = Math.max(peak, (Number(kilobytes) * 1024) / 1e6);
      cpu = Math.max(cpu, processorSeconds(child.pid ?? 0));
    } catch {} // it has just ended
  }, 50);
  const code = await new Promise((resolve) => child.on('exit', resolve));
  clearInterval(watch);
  const seconds = (performance.now() - begin) / 1000;
  assert.equal(code, 0);
  const after = await countRequests(debug);
  const requests = Object.fromEntries(Object.entries(after).map(([kind, count]) => [kind, count - (before[kind] ?? 0)]).filter(([, count]) => count));
  const database = new DatabaseSync(join(server.folder, 'db', 'spectacles.db'), { readOnly: true });
  const listed = database.prepare('SELECT complete_at - started_at AS milliseconds FROM registry_sync').get()?.milliseconds;
  database.close();
  return { seconds, peakMegabytes: peak, cpuSeconds: cpu, registrySeconds: processorSeconds(registry) - its, listedSeconds: Number(listed) / 1000, requests };
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
const pid = registry.child.pid ?? 0;
try {
  const all = await listHeads(server);
  await askHeads(`http://127.0.0.1:${port}`, all.slice(0, 2000), pid); // both are warm now
  const before = await askHeads(`http://127.0.0.1:${port}`, all, pid);
  const first = await pass(server, debug, pid);
  const second = await pass(server, debug, pid);
  const after = await askHeads(`http://127.0.0.1:${port}`, all, pid);
  const count = repositories * tags;
  const mean = (of: (heads: Heads) => number): number => (of(before) + of(after)) / 2;
  const baseline = mean((heads) => heads.perSecond);
  const show = (name: string, one: Pass): void => {
    const asked = Object.values(one.requests).reduce((sum, number) => sum + number, 0);
    console.log(`${name}: ${one.seconds.toFixed(2)} s, of these ${one.listedSeconds.toFixed(2)} s until all tags were shown (${(count / one.listedSeconds).toFixed(0)} tags/s); ${(asked / one.seconds).toFixed(0)} requests/s, peak ${one.peakMegabytes.toFixed(1)} MB`);
    console.log(`  processor for a tag: ${((one.cpuSeconds * 1e6) / count).toFixed(0)} us here, ${((one.registrySeconds * 1e6) / count).toFixed(0)} us at the registry`);
    console.log(`  ${Object.entries(one.requests).map(([kind, number]) => `${number} ${kind}`).join(', ')}`);
  };
  console.log(`${repositories} repositories of ${tags} tags, ${images} images each`);
  console.log(`plain HEADs over ${connections} connections: ${baseline.toFixed(0)}/s (${before.perSecond.toFixed(0)} before, ${after.perSecond.toFixed(0)} after)`);
  console.log(`  processor for each: ${mean((heads) => heads.clientMicroseconds).toFixed(0)} us here, ${mean((heads) => heads.registryMicroseconds).toFixed(0)} us at the registry`);
  show('first pass', first);
  show('pass without changes', second);
  const share = (seconds: number): string => `${((100 * count) / seconds / baseline).toFixed(0)} %`;
  console.log(`first pass against plain HEADs: tags shown ${share(first.listedSeconds)}, with all configurations ${share(first.seconds)}`);
  if (options.json) writeFileSync(options.json, JSON.stringify({ repositories, tags, images, heads: { before, after }, first, second }, null, 2));
} finally {
  await registry.stop();
  await server.stop();
}
