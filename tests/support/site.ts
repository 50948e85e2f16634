// Spectacles, a registry that trusts its key, and a small world of users and rights: what the tests with clients need.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { eventually, freePort, must } from './process.ts';
import { Registry } from './registry.ts';
import { Spectacles } from './spectacles.ts';

export const passwords = {
  ada: 'ada runs the place', // administrator
  olga: 'olga owns the team', // owner of both namespaces
  bob: 'bob only reads here', // member of team: READ
  carol: 'carol builds images', // in builders, which has WRITE on team
  fred: 'fred may delete too', // custom right FULL on team
  eve: 'eve has no business', // nothing
} as const;
export type User = keyof typeof passwords;

export const backgroundSeconds = 2;

function world(host: string): string {
  const user = (name: User, role = 'user'): string => `  - {username: ${name}, password: "${passwords[name]}", role: ${role}}`;
  return `
registries:
  - {name: main, url: "http://${host}", public: "${host}", service: "Docker registry", key_mode: x5c}
users:
${user('ada', 'admin')}
${(['olga', 'bob', 'carol', 'fred', 'eve'] as const).map((name) => user(name)).join('\n')}
groups:
  - {name: builders, members: [carol]}
namespaces:
  - registry: main
    name: team
    owner: olga
    members: [bob]
    groups: [builders]
    member_access: READ
    group_access: WRITE
    other_access: NONE
    anonymous_access: NONE
    claims:
      - {user: fred, repository: "*", access: FULL}
  - registry: main
    name: open
    owner: olga
    anonymous_access: READ
`;
}

// Key and certificate as an operator makes them: RSA-4096, X.509 v1 without a SAN.
async function makeRsaKey(folder: string): Promise<void> {
  const certs = join(folder, 'certs');
  const [key, request, certificate] = ['domain.key', 'domain.csr', 'domain.crt'].map((name) => join(certs, name));
  mkdirSync(certs, { recursive: true, mode: 0o700 });
  await must('openssl', ['req', '-newkey', 'rsa:4096', '-nodes', '-subj', '/CN=localhost', '-keyout', key, '-out', request]);
  await must('openssl', ['x509', '-req', '-in', request, '-signkey', key, '-days', '3650', '-out', certificate]);
}

export const keys = {
  'a generated P-256 key': undefined, // made by Spectacles on its first start
  'an RSA-4096 key by openssl': makeRsaKey,
} as const;
export type Key = keyof typeof keys;

export interface Explanation {
  granted: boolean;
  rule: string;
  reason: string;
}

export interface Decision {
  id: number;
  last_at: string;
  registry: string;
  requested: string[];
  granted: string[];
  rule: string;
  reason: string;
}

export class Site {
  readonly spectacles: Spectacles;
  readonly registry: Registry;

  private constructor(spectacles: Spectacles, registry: Registry) {
    this.spectacles = spectacles;
    this.registry = registry;
  }

  // Resolves once the world is loaded and the running server knows it.
  static async start(key: Key): Promise<Site> {
    const env = { SPECTACLES_BACKGROUND: 'inside', SPECTACLES_BACKGROUND_UPDATE: String(backgroundSeconds) };
    const spectacles = await Spectacles.create(env, keys[key]);
    await spectacles.start();
    const port = await freePort();
    const site = new Site(spectacles, await Registry.start({ realm: spectacles.realm, rootcertbundle: spectacles.certificate }, port));
    await spectacles.apply(world(site.registry.host));
    await eventually(3, () => site.isKnown('ada'));
    return site;
  }

  // Whether the token endpoint knows the user already.
  private async isKnown(user: User): Promise<boolean> {
    const authorization = `Basic ${Buffer.from(`${user}:${passwords[user]}`).toString('base64')}`;
    const query = new URLSearchParams({ service: 'Docker registry' });
    return (await fetch(`${this.spectacles.realm}?${query}`, { headers: { authorization } })).status === 200;
  }

  // An image's name as clients write it.
  image(repository: string, tag = 'latest'): string {
    return `${this.registry.host}/${repository}:${tag}`;
  }

  // What was decided when a token on a repository was asked for last ('' is anonymous).
  async lastDecision(user: User | '', repository: string): Promise<Decision> {
    const admin = await this.spectacles.signIn('ada', passwords.ada);
    const query = new URLSearchParams({ user: user || '-', repository });
    const decided: Decision[] = (await admin.get(`/decisions?${query}`)).body;
    // Grants are summed up: the last of them may have been given later than what stands before it.
    const [last] = decided.sort((a, b) => b.last_at.localeCompare(a.last_at) || b.id - a.id);
    return last ?? assert.fail(`nothing was decided for ${user || 'anybody'} on ${repository}:\n${this.spectacles.log}`);
  }

  async explain(user: User, repository: string, action: string): Promise<Explanation> {
    const output = await this.spectacles.run(['explain', user, repository, action, '--output', 'json']);
    return JSON.parse(output.stdout) as Explanation;
  }

  async stop(): Promise<void> {
    await Promise.all([this.registry.stop(), this.spectacles.stop()]);
  }
}
