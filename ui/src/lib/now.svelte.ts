// One clock for all relative times on a page.
export const clock = $state({ now: Date.now() });

setInterval(() => {
  clock.now = Date.now();
}, 5000);
