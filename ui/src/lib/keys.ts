// Keys that work on every page, and whether those of one letter are wanted: who speaks to his machine may switch them off.
const setting = 'spectacles-keys';

export type Opened = 'find' | 'keys';

export const oneLetterKeys = {
  get on(): boolean {
    try {
      return localStorage.getItem(setting) !== 'off';
    } catch {
      return true;
    }
  },
  set on(wanted: boolean) {
    try {
      localStorage.setItem(setting, wanted ? 'on' : 'off');
    } catch {
      // Storage is switched off: they stay.
    }
  },
};

// What the keys ask to be opened. Moves along the rows of a list by itself.
export function pressed(event: KeyboardEvent): Opened | undefined {
  if (event.defaultPrevented || event.altKey || document.querySelector('dialog[open]')) return undefined;
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') return take(event, 'find');
  if (event.ctrlKey || event.metaKey || isTyping(event.target)) return undefined;

  const row = event.target instanceof Element ? event.target.closest('main tbody tr') : null;
  if (row && event.key === 'ArrowDown') return move(event, 1);
  if (row && event.key === 'ArrowUp') return move(event, -1);
  if (!oneLetterKeys.on) return undefined;
  if (event.key === 'j') return move(event, 1);
  if (event.key === 'k') return move(event, -1);
  if (event.key === '/') return take(event, 'find');
  if (event.key === '?') return take(event, 'keys');
  return undefined;
}

function take(event: KeyboardEvent, opened: Opened): Opened {
  event.preventDefault();
  return opened;
}

const isTyping = (target: EventTarget | null) => target instanceof Element && !!target.closest('input:not([type="checkbox"], [type="radio"]), select, textarea, [contenteditable]');

// To the link of the next row, which Enter opens; from elsewhere to that of the first.
function move(event: KeyboardEvent, by: 1 | -1): undefined {
  const links = [...document.querySelectorAll('main tbody tr')].flatMap((row) => row.querySelector<HTMLElement>('a[href]') ?? []);
  const at = links.findIndex((link) => link.closest('tr')?.contains(document.activeElement));
  const next = at < 0 ? links[by > 0 ? 0 : links.length - 1] : links[at + by];
  if (!next) return;
  event.preventDefault();
  next.focus();
  next.closest('tr')?.scrollIntoView({ block: 'nearest' });
}
