// How the console looks: as the browser prefers, light, or dark. static/theme.js puts it in place before the first paint.
export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

const shown = $state<{ theme: Theme }>({ theme: themes.find((name) => name === document.documentElement.dataset.theme) ?? 'system' });

export const theme = (): Theme => shown.theme;

export function setTheme(next: Theme): void {
  shown.theme = next;
  if (next === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = next;
  try {
    localStorage.setItem('spectacles-theme', next);
  } catch {
    // Storage is switched off: the choice lasts as long as the page.
  }
}
