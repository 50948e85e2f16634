// What every call wants: a value or an ApiError, objects with their tag, pages of
// lists.
import { api } from './call';
import type { components, paths } from './schema';

export { api };
export type Schemas = components['schemas'];
// What a list can be asked for.
export type Query<P extends keyof paths> = paths[P] extends { get: { parameters: { query?: infer Q } } } ? NonNullable<Q> : never;
export type Problem = Schemas['Problem'] & { checks?: Schemas['Check'][] };

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
  // Whether the object is not any more what it was when it was loaded.
  get isConflict(): boolean {
    return this.status === 412;
  }
}

// What is wrong with the field of a form, for it to show.
export function aboutField(error: unknown, field: string): string | undefined {
  return error instanceof ApiError && error.field === field ? error.message : undefined;
}

// What a form has to show by itself, since none of its fields does.
export function aboutNoField<T>(error: T, ...fields: string[]): T | undefined {
  return error instanceof ApiError && fields.includes(error.field ?? '') ? undefined : error;
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

// An object and which state of it this is; no tag where the caller may not change it.
export type Tagged<T> = T & { etag?: string };

export async function tagged<T>(call: Promise<Outcome<T>>): Promise<Tagged<T>> {
  const { data, response } = await outcome(call);
  return { ...(data as T), etag: response.headers.get('ETag') ?? undefined };
}

// The header by which a change is made only to the state that was loaded.
export function ifMatch({ etag }: { etag?: string }) {
  return { 'If-Match': etag };
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
