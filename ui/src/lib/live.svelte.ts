// What happens on the server, as it happens: has asked again what a page shows of it, by the first words of its queries' keys.
// Where the stream does not come through, the page looks from time to time instead.
import { base } from '$app/paths';
import type { QueryClient } from '@tanstack/svelte-query';
import { live as pace, session } from './api/queries';

const touched = {
  activity: ['activity', 'summary', 'repositories', 'statistics'],
  refusal: ['decisions', 'statistics'],
  pull: ['statistics'],
  sync: ['registries', 'summary'],
} as const;
const together = 500; // milliseconds in which events are answered at once

// For a component, for as long as it is there. `asks` are how its queries are to be renewed.
export function live(client: QueryClient) {
  let paused = $state(false);
  let open = $state(false);
  let round = $state(0); // of streams

  $effect(() => {
    if (paused) return;
    void round;
    const source = new EventSource(`${base}/api/v1/live`);
    const waiting = new Set<string>();
    let timer: ReturnType<typeof setTimeout> | undefined;

    function renew(keys: Iterable<string>) {
      for (const key of keys) waiting.add(key);
      timer ??= setTimeout(() => {
        timer = undefined;
        for (const key of waiting) void client.invalidateQueries({ queryKey: [key] });
        waiting.clear();
      }, together);
    }
    source.onopen = () => {
      open = true;
    };
    source.onerror = () => {
      open = false;
    };
    for (const [event, keys] of Object.entries(touched)) source.addEventListener(event, () => renew(keys));
    source.addEventListener('gap', () => renew(Object.values(touched).flat()));
    source.addEventListener('end', async () => {
      source.close();
      open = false;
      await client.refetchQueries({ queryKey: session().queryKey }); // waits until who was signed in is so again
      round++;
    });
    return () => {
      source.close();
      clearTimeout(timer);
      open = false;
    };
  });
  // What happened during a pause.
  $effect(() => {
    if (open) for (const key of new Set(Object.values(touched).flat())) void client.invalidateQueries({ queryKey: [key] });
  });

  return {
    get paused() {
      return paused;
    },
    set paused(wanted: boolean) {
      paused = wanted;
    },
    get open() {
      return open;
    },
    get asks() {
      return { refetchInterval: paused || open ? (false as const) : pace, refetchOnWindowFocus: !paused };
    },
  };
}
