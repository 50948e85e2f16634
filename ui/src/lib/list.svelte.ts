// The state of a list is in its address: what is searched and filtered, and which page shows.
import { goto } from '$app/navigation';
import { page } from '$app/state';

// Whether the address holds one of the values that the server knows, the server says.
export function parameter<T extends string = string>(name: string): T | undefined {
  return (page.url.searchParams.get(name) as T | null) || undefined;
}

export function flag(name: string): boolean | undefined {
  const value = parameter(name);
  return value === undefined ? undefined : value === 'true';
}

// Puts filters into the address and starts at the first page again.
export function setParameters(changes: Record<string, string | undefined>): void {
  const url = new URL(page.url);
  url.searchParams.delete('cursor');
  for (const [name, value] of Object.entries(changes)) {
    if (value) url.searchParams.set(name, value);
    else url.searchParams.delete(name);
  }
  void goto(url, { replaceState: true, keepFocus: true, noScroll: true });
}

export function addressOfPage(cursor: string | undefined): string {
  const url = new URL(page.url);
  if (cursor) url.searchParams.set('cursor', cursor);
  else url.searchParams.delete('cursor');
  return url.pathname + url.search;
}
