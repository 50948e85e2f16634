// The generated client, and the three things every call wants: a value or an ApiError, pages of lists, and the way to the
// sign-in page when the session is over.
import { goto } from '$app/navigation';
import { base } from '$app/paths';
import { page } from '$app/state';
import createClient from 'openapi-fetch';
import { signInPath } from '../paths';
import type { components, paths } from './schema';

export type Schemas = components['schemas'];
export type Problem = Schemas['Problem'] & { checks?: Schemas['Check'][] };

export const api = createClient<paths>({ baseUrl: `${base}/api/v1` });

api.use({
  onResponse({ request, response }) {
    // Who asks for the session, or signs in, handles the refusal himself.
    const isSession = new URL(request.url).pathname.endsWith('/api/v1/session');
    if (response.status === 401 && !isSession) void goto(signInPath(page.url), { invalidateAll: true });
  },
});

// What the server refused, or that it could not be asked.
export class ApiError extends Error {
  constructor(
    readonly status: number, // 0: no answer
    message: string,
    readonly problem?: Problem,
  ) {
    super(message);
  }
  get field(): string | undefined {
    return this.problem?.field;
  }
}

type Outcome<T> = { data?: T; error?: unknown; response: Response };

async function outcome<T>(call: Promise<Outcome<T>>): Promise<Outcome<T>> {
  let result: Outcome<T>;
  try {
    result = await call;
  } catch {
    throw new ApiError(0, 'The server does not answer. Check that it runs and that you are connected.');
  }
  if (result.response.ok) return result;
  const problem = isProblem(result.error) ? result.error : undefined;
  throw new ApiError(result.response.status, problem?.detail || `The server answered ${result.response.status}.`, problem);
}

function isProblem(value: unknown): value is Problem {
  return typeof value === 'object' && value !== null && 'request_id' in value;
}

export async function value<T>(call: Promise<Outcome<T>>): Promise<T> {
  return (await outcome(call)).data as T;
}

export interface Page<T> {
  items: T[];
  total: number;
  next: string | undefined; // cursor of the next page
}

export async function pageOf<T>(call: Promise<Outcome<T[]>>): Promise<Page<T>> {
  const { data = [], response } = await outcome(call);
  const total = Number(response.headers.get('X-Total-Count') ?? data.length);
  return { items: data, total, next: nextCursor(response.headers.get('Link')) };
}

// The cursor in `<...?cursor=...>; rel="next"`.
function nextCursor(link: string | null): string | undefined {
  const address = /<([^>]*)>\s*;[^,]*rel="?next"?/.exec(link ?? '')?.[1];
  return address ? (new URL(address, location.href).searchParams.get('cursor') ?? undefined) : undefined;
}
