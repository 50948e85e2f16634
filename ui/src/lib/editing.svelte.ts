// A form over an object of the server. It knows the state that was loaded and what is typed over it, sends only what is
// different, and only to the state that was loaded: when somebody else changed the object meanwhile, nothing is lost.
import { beforeNavigate } from '$app/navigation';
import { untrack } from 'svelte';
import { ApiError, type Tagged } from './api/client';

interface Options<O extends object, V extends object> {
  present: () => Tagged<O>; // as the server told it last
  pick: (object: O) => V; // what the form shows of it
  send: (changes: Partial<V>, loaded: Tagged<O>) => Promise<Tagged<O>>;
  saved?: (object: Tagged<O>) => unknown;
  refresh: () => Promise<Tagged<O>>; // asks the server again; `present` shows the answer soon after
  merge?: (base: V, mine: V, present: V) => V; // what is typed, over what the server holds now; else each field as it is typed
}

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

// What the frame of a form needs of it.
export interface Editing {
  readonly changed: readonly unknown[];
  readonly busy: boolean;
  readonly error: unknown;
  readonly isConflict: boolean;
  save(): Promise<void>;
  discard(): void;
  keep(): void;
}

export function editing<O extends object, V extends object>({ present, pick, send, saved, refresh, merge }: Options<O, V>) {
  let loaded = $state.raw(untrack(present));
  let values = $state(untrack(() => pick(loaded)));
  let busy = $state(false);
  let error = $state<unknown>();

  const base = $derived(pick(loaded));
  const keys = Object.keys(untrack(() => base)) as (keyof V)[];
  const changed = $derived(keys.filter((key) => !same(values[key], base[key])));
  const isConflict = $derived(error instanceof ApiError && error.isConflict);
  // What is otherwise on the server than it was loaded.
  const moved = $derived(isConflict ? keys.filter((key) => !same(pick(present())[key], base[key])) : []);

  function take(object: Tagged<O>) {
    loaded = object;
    values = pick(object);
    error = undefined;
  }

  // While nothing is typed, what others change shows by itself; what the form does not show may change under it.
  $effect(() => {
    const now = present();
    untrack(() => {
      if (busy || error) return;
      if (!changed.length) take(now);
      else if (same(pick(now), base)) loaded = now;
    });
  });
  beforeNavigate((navigation) => {
    // Who closes the page is asked by the browser itself.
    if (changed.length && (navigation.type === 'leave' || !confirm('Leave without saving the changes?'))) navigation.cancel();
  });

  const typed = () => Object.fromEntries(changed.map((key) => [key, $state.snapshot(values[key])])) as Partial<V>;

  async function put(): Promise<Tagged<O>> {
    try {
      return await send(typed(), loaded);
    } catch (problem) {
      if (!(problem instanceof ApiError && problem.isConflict)) throw problem;
      const now = await refresh();
      if (!same(pick(now), base)) throw problem;
      loaded = now; // only what the form does not show was changed
      return send(typed(), loaded);
    }
  }

  return {
    get values() {
      return values;
    },
    // What was loaded.
    get base() {
      return base;
    },
    get changed() {
      return changed;
    },
    // The fields that are different from what was loaded.
    typed,
    get moved() {
      return moved;
    },
    get busy() {
      return busy;
    },
    get error() {
      return error;
    },
    get isConflict() {
      return isConflict;
    },
    async save() {
      busy = true;
      error = undefined;
      try {
        const object = await put();
        take(object);
        await saved?.(object);
      } catch (problem) {
        error = problem;
      }
      busy = false;
    },
    // Back to what the server holds.
    discard() {
      take(present());
    },
    // What is typed, over what the server holds now.
    keep() {
      const next = merge ? merge(base, $state.snapshot(values) as V, pick(present())) : typed();
      take(present());
      Object.assign(values, next);
    },
  };
}
