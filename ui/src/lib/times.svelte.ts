// Points in time as the user wants them: in his time zone, or in that of his browser.
const chosen = $state<{ zone: string | undefined }>({ zone: undefined });

export function setTimeZone(zone: string): void {
  chosen.zone = zone === 'browser' ? undefined : zone;
}

const formatted = (at: string, options: Intl.DateTimeFormatOptions) => new Date(at).toLocaleString(undefined, { ...options, timeZone: chosen.zone });

export const fullTime = (at: string): string => formatted(at, { dateStyle: 'medium', timeStyle: 'long' });

// Of an hour or a day in a chart.
export const shortTime = (at: string, interval: 'hour' | 'day'): string => formatted(at, interval === 'hour' ? { hour: '2-digit', minute: '2-digit' } : { day: 'numeric', month: 'short' });
