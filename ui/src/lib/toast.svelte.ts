// Short notices of what was done; shown and announced by Toasts.svelte.
export const toasts = $state<{ id: number; text: string }[]>([]);

let last = 0;

export function notify(text: string): void {
  const id = ++last;
  toasts.push({ id, text });
  setTimeout(() => {
    const at = toasts.findIndex((toast) => toast.id === id);
    if (at >= 0) toasts.splice(at, 1);
  }, 5000);
}
