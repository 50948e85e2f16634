// Requests exactly as a test words them: any header, any target, a body with or without Content-Length.
import { request as start } from 'node:http';

export interface Request {
  method?: string;
  path: string;
  headers?: Record<string, string>;
  body?: string | Buffer | string[]; // a list is sent in chunks, without Content-Length
}

export interface Answer {
  status: number;
  headers: Record<string, string>; // several Set-Cookie are joined by a line break
  text: string;
  bytes: Buffer;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever the server sent
  json: any; // undefined when the answer is no JSON
}

function parseJson(text: string, contentType: string): unknown {
  return /[/+]json\b/.test(contentType) && text !== '' ? JSON.parse(text) : undefined;
}

export function send(url: string, { method = 'GET', path, headers = {}, body }: Request): Promise<Answer> {
  const { hostname, port } = new URL(url);
  const whole = Array.isArray(body) ? undefined : body;
  const length: Record<string, string> = whole === undefined ? {} : { 'content-length': `${Buffer.byteLength(whole)}` };
  return new Promise((resolve, reject) => {
    const request = start({ hostname, port, method, path, headers: { ...length, ...headers }, agent: false }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', reject).on('end', () => {
        const pairs = Object.entries(response.headers).map(([name, value]) => [name, [value].flat().join('\n')]);
        const all: Record<string, string> = Object.fromEntries(pairs);
        const bytes = Buffer.concat(parts);
        const text = bytes.toString('utf8');
        resolve({ bytes, status: response.statusCode ?? 0, headers: all, text, json: parseJson(text, all['content-type'] ?? '') });
      });
    });
    request.on('error', reject);
    for (const part of Array.isArray(body) ? body : []) request.write(part);
    request.end(whole);
  });
}

export function basic(user: string, password: string, scheme = 'Basic'): Record<string, string> {
  return { authorization: `${scheme} ${Buffer.from(`${user}:${password}`).toString('base64')}` };
}
