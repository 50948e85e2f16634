// How a request that was refused could be granted: what is offered to who may change the namespace that decided.
import type { components } from './api/schema';
import { type Draft, type Level, claimKey, withClaim } from './rights.ts';

type Action = components['schemas']['RecordedAction'];

export interface Refusal {
  user: string | null;
  repository: string;
  requested: readonly Action[];
  namespace: string; // that decided
  groups?: readonly string[]; // of the user, where they are known
}

export interface Fix {
  id: string;
  label: string;
  hint: string;
  make: (draft: Draft, level: Level) => Draft;
  levels: readonly Level[]; // to choose from, the least first; one where the namespace fixes it
}

// What a level grants to a request for just these actions.
export function grants(level: Level, actions: readonly Action[]): boolean {
  if (level === 'FULL') return true;
  if (level === 'READ') return actions.every((action) => action === 'pull');
  return level === 'WRITE' && actions.includes('push') && actions.every((action) => action !== 'delete' && action !== '*');
}
const all: readonly Level[] = ['READ', 'WRITE', 'FULL'];

// The levels by which all that was asked for is granted, the least first.
export const enough = (actions: readonly Action[]) => all.filter((level) => grants(level, actions));

// The rest of a repository's name behind its namespace: the pattern of a custom right that is about it alone.
export function patternOf(namespace: string, repository: string): string {
  return namespace === '/' ? repository : repository.slice(namespace.length + 1);
}

// Namespaces give to their owners, and to nobody without an account more than to pull.
export function fixesFor(refusal: Refusal, draft: Draft): Fix[] {
  const levels = enough(refusal.requested);
  const { user } = refusal;
  if (refusal.requested.includes('*') || !levels.length) return [];
  if (user === null) {
    if (!levels.includes('READ')) return [];
    return [{ id: 'anonymous', label: 'Let everybody pull here', hint: `All repositories of ${refusal.namespace}, also without signing in`, levels: ['READ'], make: (to) => ({ ...to, anonymous_access: 'READ' }) }];
  }
  const pattern = patternOf(refusal.namespace, refusal.repository);
  const custom = (who: { user: string } | { group: string }, repository: string, label: string, hint: string): Fix => ({
    id: claimKey({ ...who, repository }),
    label,
    hint,
    levels,
    make: (to, access) => ({ ...to, claims: withClaim(to.claims, { ...who, repository, access }) }),
  });
  const fixes = [
    custom({ user }, pattern, `A custom right of ${user} on this repository`, 'Comes before what membership and groups give there'),
    custom({ user }, '*', `A custom right of ${user} on all of ${refusal.namespace}`, 'Comes before what membership and groups give'),
  ];
  if (!draft.members.includes(user) && levels.includes(draft.member_access)) {
    fixes.push({ id: 'member', label: `Make ${user} a member of ${refusal.namespace}`, hint: 'Gets what all members have', levels: [draft.member_access], make: (to) => ({ ...to, members: [...to.members, user] }) });
  }
  for (const group of refusal.groups ?? []) {
    if (!draft.groups.includes(group) && levels.includes(draft.group_access)) {
      fixes.push({ id: `assign ${group}`, label: `Give ${refusal.namespace} to the group ${group}`, hint: 'All its people get what groups have', levels: [draft.group_access], make: (to) => ({ ...to, groups: [...to.groups, group] }) });
    }
    fixes.push(custom({ group }, pattern, `A custom right of the group ${group} on this repository`, 'All its people get it, where no right of their own comes before'));
  }
  return fixes;
}
