// A small world that the tests of the API share, and callers to ask as.
import { type Answer, type Request, send } from './http.ts';
import { checkDocumented } from './openapi.ts';
import { Spectacles } from './spectacles.ts';

export const passwords: Record<string, string> = {
  admin: 'the admin opens all',
  auditor: 'the auditor only looks',
  alice: 'alice owns the team',
  bob: 'bob owns what is open',
  carol: 'carol is a member',
  dave: 'dave has nothing',
  eve: 'eve was let go of',
  colon: 'with:colons:and é ü 漢字',
};

const user = (name: string, more = ''): string => `  - {username: ${name}, password: "${passwords[name]}"${more}}`;

export const world = `
registries:
  - {name: main, url: "http://127.0.0.1:1", public: "registry.example.org:5000", service: "Docker registry", key_mode: x5c}
  - {name: third, url: "http://127.0.0.1:2", public: third.example.org, service: "the third: one", key_mode: jwks}
users:
${user('admin', ', role: admin')}
${user('auditor', ', role: auditor')}
${user('alice', ', email: alice@example.org')}
${['bob', 'carol', 'dave', 'colon'].map((name) => user(name)).join('\n')}
${user('eve', ', disabled: true')}
groups:
  - {name: crew, members: [dave]}
namespaces:
  - registry: main
    name: team
    owner: alice
    description: what the team builds
    members: [carol]
    groups: [crew]
    member_access: WRITE
    claims:
      - {user: bob, repository: "shared/*", access: READ}
  - {registry: main, name: open, owner: bob, other_access: READ, anonymous_access: READ}
  - {registry: third, name: other, owner: bob, anonymous_access: READ}
`;

export async function startWorld(env: Record<string, string> = {}): Promise<Spectacles> {
  const server = await Spectacles.create({ SPECTACLES_BACKGROUND: 'off', ...env });
  await server.apply(world);
  await server.start();
  return server;
}

// Somebody who asks the API; every answer is compared with api/openapi.yaml. Paths are without /api/v1.
export class Caller {
  private readonly url: string;
  readonly cookie: string;

  constructor(url: string, cookie = '') {
    this.url = url;
    this.cookie = cookie;
  }

  static async signIn(url: string, username: string, password = passwords[username]): Promise<Caller> {
    const answer = await new Caller(url).ask('POST', '/session', { username, password });
    if (answer.status !== 200) throw new Error(`${username} was not let in: ${answer.text}`);
    return new Caller(url, answer.headers['set-cookie'].split(';')[0]);
  }

  // As the request stands; a cookie is added.
  async send(request: Request): Promise<Answer> {
    const cookie: Record<string, string> = this.cookie ? { cookie: this.cookie } : {};
    const answer = await send(this.url, { ...request, path: `/api/v1${request.path}`, headers: { ...cookie, ...request.headers } });
    checkDocumented(request.method ?? 'GET', request.path, answer);
    return answer;
  }

  ask(method: string, path: string, body?: unknown): Promise<Answer> {
    if (body === undefined) return this.send({ method, path });
    return this.send({ method, path, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  }
  // The id of a namespace that the caller sees.
  async namespaceId(name: string): Promise<number> {
    const all: { id: number; name: string }[] = (await this.ask('GET', `/namespaces?q=${name}`)).json;
    const found = all.find((one) => one.name === name);
    if (!found) throw new Error(`there is no namespace ${name}`);
    return found.id;
  }
}
