// Pushes images and indexes the way clients do, with tokens of the server under test.
import { randomBytes } from 'node:crypto';
import { digestOf } from './distribution3.ts';
import { basic } from './http.ts';

const types = {
  image: 'application/vnd.oci.image.manifest.v1+json',
  index: 'application/vnd.oci.image.index.v1+json',
} as const;
const accept = Object.values(types).join(', ');

export interface Pushed {
  digest: string;
  type: string;
  bytes: string;
  layer?: string; // its digest
  platform?: { os: string; architecture: string; variant?: string }; // what an index says of it
}

export class Pusher {
  private readonly registry: string; // its URL
  private readonly realm: string;
  private readonly service: string;
  private readonly user: [string, string];

  constructor(registry: string, realm: string, service: string, user: [string, string]) {
    this.registry = registry;
    this.realm = realm;
    this.service = service;
    this.user = user;
  }

  async token(repository: string, actions: string): Promise<string> {
    const query = new URLSearchParams({ service: this.service, scope: `repository:${repository}:${actions}` });
    const answer = await fetch(`${this.realm}?${query}`, { headers: basic(...this.user) });
    return ((await answer.json()) as { token: string }).token;
  }

  async ask(repository: string, actions: string, method: string, path: string, body?: string, headers: Record<string, string> = {}): Promise<Response> {
    const authorization = `Bearer ${await this.token(repository, actions)}`;
    return await fetch(path.startsWith('http') ? path : `${this.registry}${path.startsWith('/') ? path : `/v2/${repository}/${path}`}`, { method, body, headers: { authorization, accept, ...headers } });
  }

  private async blob(repository: string, bytes: string): Promise<string> {
    const begun = await this.ask(repository, 'pull,push', 'POST', 'blobs/uploads/');
    if (begun.status !== 202) throw new Error(`the upload was answered ${begun.status}: ${await begun.text()}`);
    const place = begun.headers.get('location') ?? '';
    const digest = digestOf(bytes);
    const done = await this.ask(repository, 'pull,push', 'PUT', `${place}${place.includes('?') ? '&' : '?'}digest=${digest}`, bytes, { 'content-type': 'application/octet-stream' });
    if (done.status !== 201) throw new Error(`the blob was answered ${done.status}: ${await done.text()}`);
    return digest;
  }

  // An image that is like no other; without tags it has only its digest.
  image(repository: string, ...tags: string[]): Promise<Pushed> {
    return this.imageOf(repository, { random: randomBytes(8).toString('hex') }, [randomBytes(64).toString('hex')], ...tags);
  }

  // One with this configuration and these layers.
  async imageOf(repository: string, config: object, layers: string[], ...tags: string[]): Promise<Pushed> {
    const descriptor = async (mediaType: string, bytes: string) => ({ mediaType, digest: await this.blob(repository, bytes), size: bytes.length });
    const described = await descriptor('application/vnd.oci.image.config.v1+json', JSON.stringify(config));
    const parts = await Promise.all(layers.map((layer) => descriptor('application/vnd.oci.image.layer.v1.tar', layer)));
    const bytes = `{ "schemaVersion": 2,\n "mediaType": "${types.image}", "config": ${JSON.stringify(described)}, "layers": ${JSON.stringify(parts)} }`;
    return { ...(await this.put(repository, types.image, bytes, tags)), layer: parts[0]?.digest };
  }

  async index(repository: string, parts: Pushed[], ...tags: string[]): Promise<Pushed> {
    const manifests = parts.map(({ digest, type, bytes, platform }) => ({ mediaType: type, digest, size: bytes.length, platform }));
    return await this.put(repository, types.index, JSON.stringify({ schemaVersion: 2, mediaType: types.index, manifests, annotations: { random: randomBytes(8).toString('hex') } }), tags);
  }

  async put(repository: string, type: string, bytes: string, tags: string[]): Promise<Pushed> {
    const digest = digestOf(bytes);
    for (const reference of tags.length > 0 ? tags : [digest]) {
      const put = await this.ask(repository, 'pull,push', 'PUT', `manifests/${reference}`, bytes, { 'content-type': type });
      if (put.status !== 201) throw new Error(`${reference} was answered ${put.status}: ${await put.text()}`);
    }
    return { digest, type, bytes };
  }

  async tags(repository: string): Promise<string[]> {
    const answer = await this.ask(repository, 'pull', 'GET', 'tags/list');
    return ((await answer.json()) as { tags: string[] | null }).tags?.sort() ?? [];
  }

  // What a tag or digest stands for: the digest, or nothing.
  async digest(repository: string, reference: string): Promise<string | undefined> {
    const answer = await this.ask(repository, 'pull', 'HEAD', `manifests/${reference}`);
    return answer.status === 200 ? (answer.headers.get('docker-content-digest') ?? undefined) : undefined;
  }
}
