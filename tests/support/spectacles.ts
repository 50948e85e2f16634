// A running `spectacles runserver` with a data folder of its own, and its command line on the same data.
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Output, type RunOptions, Service, freePort, must, run, temporaryFolder } from './process.ts';

const root = join(import.meta.dirname, '..', '..');

// The program under test: SPECTACLES_PROGRAM, else the release build.
export const program = process.env.SPECTACLES_PROGRAM ?? join(root, 'build', 'release', 'spectacles');

// The tests' settings, and none that the caller's shell happens to have.
function environment(folder: string, port: number, extra: Record<string, string>): Record<string, string> {
  const foreign = Object.keys(process.env).filter((name) => /^(SPECTACLES|DB|MYSQL|POSTGRES|SQLALCHEMY|OIDC)_/.test(name));
  return {
    ...Object.fromEntries(foreign.map((name) => [name, ''])),
    SPECTACLES_DATA_DIR: folder,
    SPECTACLES_LISTEN: `127.0.0.1:${port}`,
    SPECTACLES_PUBLIC_URL: `http://localhost:${port}${extra.WEB_ROOT ?? ''}`,
    ...extra,
  };
}

export class Spectacles {
  readonly folder: string;
  readonly port: number;
  private readonly env: Record<string, string>;
  private service: Service | undefined;

  private constructor(folder: string, port: number, env: Record<string, string>) {
    this.folder = folder;
    this.port = port;
    this.env = env;
  }

  // A prepared instance that does not run yet. `prepare` may put files into its data folder.
  static async create(env: Record<string, string> = {}, prepare?: (folder: string) => Promise<void>): Promise<Spectacles> {
    if (!existsSync(program)) throw new Error(`there is no ${program}: build it, or set SPECTACLES_PROGRAM`);
    const folder = temporaryFolder('data');
    const port = await freePort();
    await prepare?.(folder);
    return new Spectacles(folder, port, environment(folder, port, env));
  }

  get url(): string {
    return `http://localhost:${this.port}${this.env.WEB_ROOT ?? ''}`;
  }
  get realm(): string {
    return `${this.url}/token_auth`;
  }
  get certificate(): string {
    return join(this.folder, 'certs', 'domain.crt');
  }
  get pid(): number {
    return this.service?.child.pid ?? 0;
  }
  get log(): string {
    return this.service?.log ?? '';
  }

  // Resolves once it answers.
  async start(): Promise<void> {
    this.service = new Service('spectacles', program, ['runserver'], this.env, this.folder);
    await this.service.until(async () => (await fetch(`${this.url}/api/v1/instance`)).status === 200);
  }

  async stop(): Promise<number | string> {
    return (await this.service?.stop()) ?? 0;
  }

  // A command on the same data, beside the server or without it.
  run(args: string[], options: RunOptions = {}): Promise<Output> {
    return run(program, args, { ...options, env: { ...this.env, ...options.env }, cwd: this.folder });
  }

  // Brings the database to what the YAML text says.
  async apply(yaml: string): Promise<Output> {
    const file = join(this.folder, 'world.yaml');
    writeFileSync(file, yaml, { mode: 0o600 });
    return await must(program, ['apply', file], { env: this.env, cwd: this.folder });
  }

  // A signed-in user of the REST interface.
  async signIn(username: string, password: string): Promise<ApiClient> {
    const client = new ApiClient(this.url);
    const reply = await client.request('POST', '/session', { username, password });
    if (reply.status !== 200) throw new Error(`sign-in answered ${reply.status}: ${JSON.stringify(reply.body)}`);
    return client;
  }
}

export interface Reply {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever the server sent
  body: any;
}

// Speaks /api/v1 and keeps the session cookie, as a browser does.
export class ApiClient {
  private readonly base: string;
  cookie = '';

  constructor(url: string) {
    this.base = `${url}/api/v1`;
  }

  async request(method: string, path: string, body?: unknown): Promise<Reply> {
    const headers: Record<string, string> = { accept: 'application/json' };
    if (body !== undefined) headers['content-type'] = 'application/json';
    if (this.cookie) headers.cookie = this.cookie;
    const response = await fetch(this.base + path, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      redirect: 'manual',
    });
    for (const line of response.headers.getSetCookie()) this.cookie = line.split(';')[0];
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
  }

  get(path: string): Promise<Reply> {
    return this.request('GET', path);
  }
}
