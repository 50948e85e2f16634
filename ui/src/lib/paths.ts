// Addresses inside the console that carry something along.
import { base, resolve } from '$app/paths';

// Where to sign in, and to come back to afterwards.
export function signInPath(from: URL): string {
  const here = from.pathname.slice(base.length) + from.search;
  const signIn = resolve('/sign-in');
  return here === '/' || here.startsWith('/sign-in') ? signIn : `${signIn}?${new URLSearchParams({ next: here })}`;
}

// The place that `next` names, when it is one of this console; its start otherwise. "//host" and "/\host" are not.
export function afterSignIn(next: string | null): string {
  return base + (next && /^\/(?![/\\])/.test(next) ? next : '/');
}

// A path with the parameters that are not empty.
export function withQuery(path: string, parameters: Record<string, string | number | undefined>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined && value !== '') query.set(name, String(value));
  return query.size ? `${path}?${query}` : path;
}
