// Calls of the API by method and path, with the types of openapi-fetch: a tenth of what that brings to run is all that this
// contract needs. Answers with the status of an error are values, too; only what has no answer at all throws.
import { base } from '$app/paths';
import type { Client } from 'openapi-fetch';
import type { paths } from './schema';

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
type Api = Pick<Client<paths>, (typeof methods)[number]>;

interface Init {
  params?: { path?: Record<string, unknown>; query?: Record<string, unknown>; header?: Record<string, unknown> };
  body?: unknown;
  parseAs?: 'json' | 'text' | 'blob';
  signal?: AbortSignal;
}

// Asked when a call was refused because nobody is signed in (any more); says whether somebody is again, so that the call is
// worth being made once more. Others wait meanwhile.
type Renewal = () => Promise<boolean>;
let renew: Renewal = () => Promise.resolve(false);
let renewing: Promise<boolean> | undefined;
let renewals = 0;

export function whenSignedOut(callback: Renewal): void {
  renew = callback;
}

async function isRenewed(): Promise<boolean> {
  const again = await renew();
  if (again) renewals++;
  renewing = undefined;
  return again;
}

// The address of a call, such as that of a file to download. What is not given is left out, what has several values repeated.
export function addressOf(path: string, { path: parts = {}, query = {} }: NonNullable<Init['params']> = {}): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(parts[name])));
  const search = new URLSearchParams();
  for (const [name, given] of Object.entries(query)) {
    for (const one of [given].flat()) if (one !== undefined && one !== null) search.append(name, String(one));
  }
  return `${base}/api/v1${filled}${search.size ? `?${search}` : ''}`;
}

type Answer = { data?: unknown; error?: unknown; response: Response };

async function call(method: string, path: string, init: Init = {}): Promise<Answer> {
  const { params, body, parseAs = 'json', signal } = init;
  const headers = new Headers();
  for (const [name, given] of Object.entries(params?.header ?? {})) if (given !== undefined) headers.set(name, String(given));
  const isFile = body instanceof Blob;
  if (body !== undefined && !isFile) headers.set('Content-Type', 'application/json');

  // Who signs in, or out, handles a refusal himself.
  const isSigning = path === '/session' && method !== 'GET';
  if (!isSigning) await renewing;
  const before = renewals;
  const response = await fetch(addressOf(path, params), { method, headers, body: isFile || body === undefined ? body : JSON.stringify(body), signal });
  if (response.status === 401 && !isSigning) {
    const again = before !== renewals || (await (renewing ??= isRenewed()));
    if (again) return call(method, path, init);
  }
  if (!response.ok) return { error: await response.json().catch(() => undefined), response };
  const isEmpty = response.status === 204 || response.headers.get('Content-Length') === '0';
  return { data: isEmpty ? undefined : await response[parseAs](), response };
}

export const api = Object.fromEntries(methods.map((method) => [method, (path: string, init?: Init) => call(method, path, init)])) as unknown as Api;
