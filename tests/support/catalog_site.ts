// A registry with images of every kind in it, and people with every right: what the tests of the console's catalog need.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { eventually, freePort } from './process.ts';
import { type Pushed, Pusher } from './pusher.ts';
import { Registry } from './registry.ts';
import { type ApiClient, Spectacles } from './spectacles.ts';

export const password = 'correct horse battery';
export const longTag = `v1.2.3-${'feature_branch.with-a-very-long-name-'.repeat(4)}`.slice(0, 128);
export const longName = `team/${'a-long-part/'.repeat(12)}application`;

const world = (host: string): string => `
registries:
  - {name: main, url: "http://127.0.0.1:1", public: "${host}", service: "Docker registry", key_mode: x5c}
users:
  - {username: ada, password: "${password}", role: admin}
  - {username: audrey, password: "${password}", role: auditor}
  - {username: olga, password: "${password}"}
  - {username: bob, password: "${password}"}
  - {username: fred, password: "${password}"}
namespaces:
  - registry: main
    name: team
    owner: olga
    members: [bob]
    member_access: READ
    claims:
      - {user: fred, repository: "app", access: FULL}
      - {user: fred, repository: "web", access: READ}
  - {registry: main, name: open, owner: ada, anonymous_access: READ}
`;

const config = {
  architecture: 'amd64',
  os: 'linux',
  created: '2026-01-02T03:04:05Z',
  author: 'The <b>team</b>',
  config: {
    Env: ['PATH=/usr/local/bin:/usr/bin:/bin', 'GREETING=hello=world'],
    Entrypoint: ['/bin/app', '--serve'],
    Cmd: ['--port', '8080'],
    WorkingDir: '/srv',
    User: '1000:1000',
    ExposedPorts: { '8080/tcp': {} },
    Labels: { 'org.opencontainers.image.source': 'https://example.org/team/app', note: '<img src=x onerror=alert(1)>' },
  },
  rootfs: { type: 'layers', diff_ids: [] },
  history: [
    { created: '2026-01-01T00:00:00Z', created_by: '/bin/sh -c #(nop) ADD file:0123 in / ' },
    { created: '2026-01-02T03:04:05Z', created_by: 'RUN /bin/sh -c apt-get update && apt-get install --yes everything # buildkit' },
    { created: '2026-01-02T03:04:05Z', created_by: 'CMD ["--port" "8080"]', empty_layer: true },
  ],
};

export class CatalogSite {
  readonly spectacles: Spectacles;
  readonly registry: Registry;
  readonly pusher: Pusher;
  admin!: ApiClient;
  readonly digests: Record<string, string> = {};

  private constructor(spectacles: Spectacles, registry: Registry) {
    this.spectacles = spectacles;
    this.registry = registry;
    this.pusher = new Pusher(registry.url, spectacles.realm, 'Docker registry', ['ada', password]);
  }

  // Resolves once all of it shows.
  static async start(): Promise<CatalogSite> {
    const spectacles = await Spectacles.create({ SPECTACLES_BACKGROUND: 'inside', SPECTACLES_BACKGROUND_UPDATE: '2' });
    await spectacles.start();
    const port = await freePort();
    const site = new CatalogSite(spectacles, await Registry.start({ realm: spectacles.realm, rootcertbundle: spectacles.certificate }, port));
    await spectacles.apply(world(site.registry.host));
    site.admin = await eventually(5, () => spectacles.signIn('ada', password).catch(() => undefined));
    await site.push();
    // Read only now: what is missing was never seen.
    await spectacles.apply(`registries:\n  - {name: main, url: "${site.registry.url}"}\n`);
    await eventually(60, async () => (await site.admin.get('/summary')).body.tags === 27);
    return site;
  }

  private async push(): Promise<void> {
    const { pusher } = this;
    const image = (await pusher.imageOf('team/app', config, ['base '.repeat(4000), 'everything '.repeat(400)], '1.0.0', '1.0', 'latest')) as Pushed;
    await pusher.imageOf('team/app', config, ['a signature'], `${image.digest.replace(':', '-')}.sig`);
    const arm = await pusher.imageOf('team/app', { ...config, architecture: 'arm64', variant: 'v8' }, ['another base']);
    const lost = await pusher.imageOf('team/app', { ...config, architecture: 's390x' }, ['lost']);
    const index = await pusher.index(
      'team/app',
      [
        { ...image, platform: { os: 'linux', architecture: 'amd64' } },
        { ...arm, platform: { os: 'linux', architecture: 'arm64', variant: 'v8' } },
        { ...lost, platform: { os: 'linux', architecture: 's390x' } },
      ],
      'multi',
    );
    rmSync(join(this.registry.storage, 'docker/registry/v2/repositories/team/app/_manifests/revisions/sha256', lost.digest.slice(7)), { recursive: true });
    Object.assign(this.digests, { image: image.digest, arm: arm.digest, lost: lost.digest, index: index.digest });
    for (const tag of ['pr-1', 'pr-2', 'pr-10', 'pr-11', longTag]) await pusher.image('team/web', tag);
    await pusher.image(longName, 'latest');
    for (let at = 1; at <= 12; at++) await pusher.image('team/many', `build-${at}`);
    await pusher.image('open/tools/hello', 'latest', '2');
    await pusher.index('open/tools/hello', [], 'nothing');
    await pusher.image('nowhere/lost', 'latest');
  }

  async repository(name: string): Promise<number> {
    const found = (await this.admin.get(`/repositories?q=${encodeURIComponent(name)}`)).body.find((each: { name: string }) => each.name === name);
    return found.id;
  }
  async namespace(name: string): Promise<number> {
    return (await this.admin.get('/namespaces')).body.find((each: { name: string }) => each.name === name).id;
  }

  async stop(): Promise<void> {
    await Promise.all([this.registry.stop(), this.spectacles.stop()]);
  }
}
