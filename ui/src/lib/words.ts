// Words of the server in the words of people.
import type { Schemas } from './api/client';

export const levels: { value: Schemas['Level']; label: string }[] = [
  { value: 'NONE', label: 'None' },
  { value: 'READ', label: 'Read: pull' },
  { value: 'WRITE', label: 'Write: push' },
  { value: 'FULL', label: 'Full: pull, push, delete' },
];
export const anonymousLevels = levels.slice(0, 2);

export const roles: { value: Schemas['Role']; label: string; hint: string }[] = [
  { value: 'user', label: 'User', hint: 'what namespaces give' },
  { value: 'auditor', label: 'Auditor', hint: 'reads everything here, pulls nothing by it' },
  { value: 'admin', label: 'Administrator', hint: 'may do everything' },
];
export const roleChoices = roles.map(({ value, label, hint }) => ({ value, label: `${label}: ${hint}` }));
export const roleName = (role: Schemas['Role'] = 'user') => roles.find((each) => each.value === role)?.label ?? role;
export const levelNames: Record<Schemas['Level'], string> = { NONE: 'None', READ: 'Read', WRITE: 'Write', FULL: 'Full' };

export const ruleNames: Record<Schemas['Rule'], string> = {
  admin: 'Administrator',
  owner: 'Owner of the namespace',
  user_claim: 'Custom right of the user',
  member: 'Member of the namespace',
  group_claim: 'Custom right of a group',
  group: 'Group of the namespace',
  other: 'Everybody signed in',
  anonymous: 'Anonymous',
  none: 'No rule',
  maintenance: 'The registry is paused',
};

export const syncNames: Record<Schemas['SyncState']['outcome'], string> = {
  never: 'Not read yet',
  running: 'Being read',
  complete: 'Up to date',
  partial: 'Read in part',
  failed: 'Failed',
};

export const checkNames: Record<Schemas['Check']['name'], string> = {
  address: 'Address',
  dns: 'Name look-up',
  tcp: 'Connection',
  tls: 'Certificate',
  challenge: 'Asks for tokens',
  realm: 'Sends clients here',
  service: 'Service name',
  clock: 'Clock',
  token: 'Accepts our tokens',
  deletes: 'Deletes',
};

const actions: Record<string, string> = {
  'session.created': 'signed in',
  'session.ended': 'signed out',
  'session.deleted': 'signed out',
  'session.refused': 'failed to sign in',
  'user.registered': 'registered',
};

// "namespace.changed" is "changed namespace"; some events have a word of their own.
export function actionInWords(action: string): string {
  const known = actions[action];
  if (known) return known;
  const [noun = '', verb] = action.split('.');
  return (verb ? `${verb} ${noun}` : noun).replaceAll('_', ' ');
}

export const keyModes: { value: Schemas['KeyMode']; label: string }[] = [
  { value: 'x5c', label: 'A certificate (rootcertbundle)' },
  { value: 'jwks', label: 'A key set (jwks)' },
];

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

const units: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
];
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

export function timeAgo(time: string, now: number): string {
  const apart = Math.round((Date.parse(time) - now) / 1000);
  const seconds = apart > 0 && apart < 30 ? 0 : apart; // the clocks of two machines differ a little
  const [unit, length] = units.find(([, size]) => Math.abs(seconds) >= size) ?? ['second', 1];
  return relative.format(Math.trunc(seconds / length), unit);
}
