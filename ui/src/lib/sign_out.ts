// Ends the session. The page is loaded anew, so that nothing of it stays in memory.
import { resolve } from '$app/paths';
import { api, value } from './api/client';
import { instance } from './api/queries';
import { notify } from './toast.svelte';

export async function signOut(): Promise<void> {
  try {
    const { portal_url } = await instance().queryFn();
    await value(api.DELETE('/session'));
    location.assign(portal_url ?? resolve('/sign-in'));
  } catch (error) {
    notify(error instanceof Error ? error.message : String(error));
  }
}
