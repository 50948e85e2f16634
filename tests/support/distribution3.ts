// A registry that behaves as distribution 3 does where it differs from 2.8: a tag can be deleted without its manifest, and
// tags come in pages, the last of which may be empty. It holds everything in memory and believes every token.
import { createHash } from 'node:crypto';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Stored {
  type: string;
  bytes: Buffer;
}

export const digestOf = (bytes: Buffer | string): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

export class Distribution3 {
  readonly service: string;
  realm: string;
  url = '';
  deletes = true; // REGISTRY_STORAGE_DELETE_ENABLED
  away = false; // answers 503
  readonly asked: string[] = []; // "DELETE /v2/..."
  readonly blobs = new Map<string, Buffer>();
  readonly repositories = new Map<string, { tags: Map<string, string>; manifests: Map<string, Stored> }>();

  private constructor(service: string, realm: string) {
    this.service = service;
    this.realm = realm;
  }

  // With an image of its own behind each tag. It goes with the test process.
  static async start(service: string, realm: string, repositories: Record<string, string[]> = {}): Promise<Distribution3> {
    const registry = new Distribution3(service, realm);
    for (const [name, tags] of Object.entries(repositories)) for (const tag of tags) registry.add(name, tag);
    const server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part)).on('end', () => registry.answer(request, response, Buffer.concat(parts)));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    server.unref();
    registry.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return registry;
  }

  add(name: string, tag: string): void {
    const blob = Buffer.from(`{"of":"${name}:${tag}"}`);
    this.blobs.set(digestOf(blob), blob);
    const config = { mediaType: 'application/vnd.oci.image.config.v1+json', digest: digestOf(blob), size: blob.length };
    const type = 'application/vnd.oci.image.manifest.v1+json';
    const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: type, config, layers: [] }));
    const { tags, manifests } = this.repository(name);
    manifests.set(digestOf(bytes), { type, bytes });
    tags.set(tag, digestOf(bytes));
  }

  repository(name: string): { tags: Map<string, string>; manifests: Map<string, Stored> } {
    const found = this.repositories.get(name) ?? { tags: new Map(), manifests: new Map() };
    this.repositories.set(name, found);
    return found;
  }

  private answer(request: IncomingMessage, response: ServerResponse, body: Buffer): void {
    const { pathname: path, searchParams: query } = new URL(request.url ?? '', 'http://registry');
    const method = request.method ?? '';
    const json = (status: number, value: object): unknown => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    const refuse = (status: number, code: string): unknown => json(status, { errors: [{ code, message: code }] });
    this.asked.push(`${method} ${path}`);
    if (this.away) return void response.writeHead(503).end();
    if (!request.headers.authorization) return void response.writeHead(401, { 'www-authenticate': `Bearer realm="${this.realm}",service="${this.service}"` }).end();
    if (path === '/v2/') return void json(200, {});
    if (path === '/v2/_catalog') return void json(200, { repositories: [...this.repositories.keys()] });
    const [, name, kind, reference] = /^\/v2\/(.+)\/(tags|manifests|blobs)\/(.*)$/.exec(path) ?? [];
    if (!name) return void refuse(404, 'UNSUPPORTED');
    if (kind === 'blobs') return void this.answerBlob(method, reference, query.get('digest'), body, response, refuse);
    if (method !== 'PUT' && !this.repositories.has(name)) return void refuse(404, 'NAME_UNKNOWN');
    const { tags, manifests } = this.repository(name);
    if (kind === 'tags') return void this.answerTags(name, tags, Number(query.get('n') ?? 1000), query.get('last') ?? '', response);

    const isDigest = reference.startsWith('sha256:');
    const digest = isDigest ? reference : tags.get(reference);
    if (method === 'PUT') {
      const content = JSON.parse(body.toString());
      const blobs = [content.config, ...(content.layers ?? [])].filter(Boolean);
      if (blobs.some((one) => !this.blobs.has(one.digest))) return void refuse(404, 'MANIFEST_BLOB_UNKNOWN');
      if ((content.manifests ?? []).some((one: { digest: string }) => !manifests.has(one.digest))) return void refuse(404, 'MANIFEST_BLOB_UNKNOWN');
      manifests.set(digestOf(body), { type: request.headers['content-type'] ?? '', bytes: body });
      if (!isDigest) tags.set(reference, digestOf(body));
      return void response.writeHead(201, { 'docker-content-digest': digestOf(body) }).end();
    }
    if (method === 'DELETE' && !this.deletes) return void refuse(405, 'UNSUPPORTED');
    const stored = digest === undefined ? undefined : manifests.get(digest);
    if (!stored || digest === undefined) return void refuse(404, 'MANIFEST_UNKNOWN');
    if (method === 'DELETE' && !isDigest) tags.delete(reference);
    if (method === 'DELETE' && isDigest) {
      manifests.delete(digest);
      for (const [tag, of] of tags) if (of === digest) tags.delete(tag);
    }
    if (method === 'DELETE') return void response.writeHead(202).end();
    if (request.headers['if-none-match'] === `"${digest}"`) return void response.writeHead(304).end();
    response.writeHead(200, { 'content-type': stored.type, 'docker-content-digest': digest, 'content-length': stored.bytes.length });
    response.end(method === 'HEAD' ? undefined : stored.bytes);
  }

  private answerTags(name: string, tags: Map<string, string>, n: number, last: string, response: ServerResponse): void {
    const page = [...tags.keys()].sort().filter((tag) => tag > last).slice(0, n);
    const link = page.length === n ? { link: `</v2/${name}/tags/list?last=${page.at(-1)}&n=${n}>; rel="next"` } : undefined;
    response.writeHead(200, { 'content-type': 'application/json', ...link }).end(JSON.stringify({ name, tags: page.length > 0 ? page : null }));
  }

  private answerBlob(method: string, reference: string, digest: string | null, body: Buffer, response: ServerResponse, refuse: (status: number, code: string) => unknown): void {
    if (method === 'POST') return void response.writeHead(202, { location: '/v2/x/blobs/uploads/1' }).end();
    if (method === 'PUT' && digest) {
      this.blobs.set(digest, body);
      return void response.writeHead(201).end();
    }
    const blob = this.blobs.get(reference);
    if (!blob) return void refuse(404, 'BLOB_UNKNOWN');
    response.writeHead(200, { 'content-length': blob.length }).end(method === 'HEAD' ? undefined : blob);
  }
}
