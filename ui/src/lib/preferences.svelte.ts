// How a user wants the console to look. The server keeps it; this browser remembers it for the first paint (static/theme.js).
import type { QueryClient } from '@tanstack/svelte-query';
import { type Schemas, api, value } from './api/client';
import { setTheme } from './theme.svelte';
import { setTimeZone } from './times.svelte';

export type Preferences = Schemas['Preferences'];

export const preferences = () => ({ queryKey: ['preferences'], queryFn: () => value(api.GET('/preferences')), staleTime: 60_000 });

export function apply({ theme, density, time_zone }: Preferences): void {
  setTheme(theme);
  setTimeZone(time_zone);
  document.documentElement.dataset.density = density;
  try {
    localStorage.setItem('spectacles-density', density);
  } catch {
    // Storage is switched off: it comes with the answer of the server.
  }
}

// Shows at once; what the server refuses is taken back.
export async function choose(client: QueryClient, change: Partial<Preferences>): Promise<void> {
  const { queryKey } = preferences();
  const before = client.getQueryData<Preferences>(queryKey);
  if (before) client.setQueryData(queryKey, { ...before, ...change });
  try {
    client.setQueryData(queryKey, await value(api.PATCH('/preferences', { body: change })));
  } catch (problem) {
    client.setQueryData(queryKey, before);
    throw problem;
  }
}
