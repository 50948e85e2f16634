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

// Hears of every answer.
export type Listener = (response: Response, path: string) => void;
const listeners = new Set<Listener>();
export function listen(listener: Listener): void {
  listeners.add(listener);
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

async function call(method: string, path: string, { params, body, parseAs = 'json', signal }: Init = {}) {
  const headers = new Headers();
  for (const [name, given] of Object.entries(params?.header ?? {})) if (given !== undefined) headers.set(name, String(given));
  const isFile = body instanceof Blob;
  if (body !== undefined && !isFile) headers.set('Content-Type', 'application/json');

  const response = await fetch(addressOf(path, params), { method, headers, body: isFile || body === undefined ? body : JSON.stringify(body), signal });
  for (const heard of listeners) heard(response, path);
  if (!response.ok) return { error: await response.json().catch(() => undefined), response };
  const isEmpty = response.status === 204 || response.headers.get('Content-Length') === '0';
  return { data: isEmpty ? undefined : await response[parseAs](), response };
}

export const api = Object.fromEntries(methods.map((method) => [method, (path: string, init?: Init) => call(method, path, init)])) as unknown as Api;
