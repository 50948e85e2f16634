// A registry that holds what a test says and lets everybody read it: the challenge that a connection test looks for, and
// catalog, tags and manifests for the background.
import { createHash } from 'node:crypto';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export class FakeRegistry {
  // The tags of each repository. What is taken out is gone, what is put in is new.
  readonly repositories: Record<string, string[]>;
  readonly service: string;
  // Where it sends its clients for tokens. A connection test wants it to be the server that tests.
  realm: string;
  url = '';

  private constructor(service: string, realm: string, repositories: Record<string, string[]>) {
    this.service = service;
    this.realm = realm;
    this.repositories = repositories;
  }

  // It goes with the test process.
  static async start(service: string, realm: string, repositories: Record<string, string[]> = {}): Promise<FakeRegistry> {
    const registry = new FakeRegistry(service, realm, repositories);
    const server = createServer((request, response) => answer(request, response, registry));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    server.unref();
    registry.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return registry;
  }
}

const sha256 = (bytes: string): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
const type = 'application/vnd.oci.image.manifest.v1+json';
const config = '{"os":"linux","architecture":"amd64"}';

// An image of its own for each tag.
function imageOf(name: string, tag: string): string {
  const descriptor = { mediaType: 'application/vnd.oci.image.config.v1+json', digest: sha256(config), size: config.length };
  return JSON.stringify({ schemaVersion: 2, mediaType: type, config: descriptor, layers: [], annotations: { of: `${name}:${tag}` } });
}

function answer(request: IncomingMessage, response: ServerResponse, { realm, service, repositories }: FakeRegistry): void {
  const path = (request.url ?? '').split('?')[0];
  const [, name, kind, reference] = /^\/v2\/(.+)\/(tags|manifests|blobs)\/([^/]+)$/.exec(path) ?? [];
  const json = (body: object): unknown => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  const tag = repositories[name]?.find((one) => one === reference || sha256(imageOf(name, one)) === reference);
  if (!request.headers.authorization) response.writeHead(401, { 'www-authenticate': `Bearer realm="${realm}",service="${service}"` }).end();
  else if (path === '/v2/') json({});
  else if (path === '/v2/_catalog') json({ repositories: Object.keys(repositories) });
  else if (kind === 'tags' && name in repositories) json({ name, tags: repositories[name] });
  else if (kind === 'blobs' && reference === sha256(config)) response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(config);
  else if (kind === 'manifests' && tag !== undefined) {
    const bytes = imageOf(name, tag);
    const known = request.headers['if-none-match'] === `"${sha256(bytes)}"`;
    response.writeHead(known ? 304 : 200, { 'content-type': type, 'docker-content-digest': sha256(bytes) }).end(known ? undefined : bytes);
  } else response.writeHead(404).end();
}
