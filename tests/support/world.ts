// A small world that the tests of the API share, and callers to ask as.
import { type Answer, type Request, basic, send } from './http.ts';
import { readToken } from './jwt.ts';
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

// `more` is applied on top of it before the server starts.
export async function startWorld(env: Record<string, string> = {}, more = ''): Promise<Spectacles> {
  const server = await Spectacles.create({ SPECTACLES_BACKGROUND: 'off', ...env });
  await server.apply(world);
  if (more) await server.apply(more);
  await server.start();
  return server;
}

// What the token endpoint says to a user: its status without a scope, so that it tells nothing but whether he is let in.
export async function tokenStatus(server: Spectacles, user: string, password = passwords[user]): Promise<number> {
  return (await send(server.url, { path: '/token_auth?service=Docker%20registry', headers: basic(user, password) })).status;
}

// Which of these actions on a repository of `main` the token endpoint grants to a user.
export async function granted(server: Spectacles, user: string, repository: string, actions = 'delete,pull,push', password = passwords[user]): Promise<string> {
  const query = new URLSearchParams({ service: 'Docker registry', scope: `repository:${repository}:${actions}` });
  const answer = await send(server.url, { path: `/token_auth?${query}`, headers: basic(user, password) });
  if (answer.status !== 200) throw new Error(`the token endpoint answered ${user} ${answer.status}: ${answer.text}`);
  return readToken(answer.json.token).claims.access.flatMap((entry) => entry.actions).sort().join();
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

  ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    if (body === undefined) return this.send({ method, path, headers });
    return this.send({ method, path, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) });
  }
  get(path: string): Promise<Answer> {
    return this.ask('GET', path);
  }
  // As ask, for steps that have to succeed: throws unless the answer is one of success.
  async must(method: string, path: string, body?: unknown): Promise<Answer> {
    const answer = await this.ask(method, path, body);
    if (answer.status < 200 || answer.status > 299) throw new Error(`${method} ${path} answered ${answer.status}: ${answer.text}`);
    return answer;
  }
  // The whole list, page by page.
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever the server sent
  async list(path: string, limit = 500): Promise<any[]> {
    const rows = [];
    for (let at: string | undefined = `${path}${path.includes('?') ? '&' : '?'}limit=${limit}`; at; ) {
      const answer: Answer = await this.must('GET', at);
      rows.push(...answer.json);
      at = nextPage(answer);
    }
    return rows;
  }
  // The path of the one with this name in a list.
  async pathOf(list: '/users' | '/groups' | '/registries' | '/namespaces', name: string): Promise<string> {
    const found = (await this.list(list)).find((one) => (one.username ?? one.name) === name);
    if (!found) throw new Error(`there is no ${name} among ${list}`);
    return `${list}/${found.id}`;
  }
  // The id of a namespace that the caller sees.
  async namespaceId(name: string): Promise<number> {
    const all: { id: number; name: string }[] = (await this.ask('GET', `/namespaces?q=${name}`)).json;
    const found = all.find((one) => one.name === name);
    if (!found) throw new Error(`there is no namespace ${name}`);
    return found.id;
  }
}

// The address of the next page without /api/v1, if there is one.
export const nextPage = (answer: Answer): string | undefined =>
  /^<\/api\/v1([^>]+)>; rel="next"$/.exec(answer.headers.link ?? '')?.[1];

// The path of a new object, without /api/v1.
export const placeOf = (made: Answer): string => made.headers.location.replace('/api/v1', '');
