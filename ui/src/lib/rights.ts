// What a person changes about the rights of a namespace, taken apart into single changes: each says what it is, can be made
// on what somebody else has saved meanwhile, and can be taken back alone.
import type { components } from './api/schema';
import { levelNames } from './words.ts';

type Schemas = components['schemas'];
export type Level = Schemas['Level'];
export type Claim = Schemas['Claim'];

// What the form of a namespace holds.
export type Draft = Required<Omit<Schemas['NamespaceChange'], 'owner'>>;

export interface Change {
  id: string;
  what: string; // "Members", "Member bob"
  before: string; // "" for what was not there
  after: string; // "" for what goes
  make: (draft: Draft) => Draft;
  undo: (draft: Draft) => Draft;
}

// In one order, so that what was changed and changed back is the same again.
export function tidy(draft: Draft): Draft {
  const inOrder = ({ user, group, repository, access }: Claim): Claim => ({ ...(user === undefined ? { group } : { user }), repository, access });
  return {
    ...draft,
    members: draft.members.toSorted(),
    groups: draft.groups.toSorted(),
    claims: draft.claims.map(inOrder).toSorted((a, b) => (claimKey(a) < claimKey(b) ? -1 : 1)),
  };
}

export function draftOf(namespace: Schemas['Namespace']): Draft {
  return tidy({
    description: namespace.description,
    member_access: namespace.member_access ?? 'NONE',
    group_access: namespace.group_access ?? 'NONE',
    other_access: namespace.other_access ?? 'NONE',
    anonymous_access: namespace.anonymous_access ?? 'NONE',
    members: namespace.members ?? [],
    groups: namespace.groups ?? [],
    claims: namespace.claims ?? [],
  });
}

export const subjects = {
  member_access: 'Members',
  group_access: 'Groups',
  other_access: 'Everybody signed in',
  anonymous_access: 'Anonymous',
} as const;
const accessKeys = Object.keys(subjects) as (keyof typeof subjects)[];
const lists = { members: 'Member', groups: 'Group' } as const;

// Whom a custom right is for and where: there is one for each.
export const claimKey = (claim: Omit<Claim, 'access'>) => `${claim.user === undefined ? 'group' : 'user'} ${claim.user ?? claim.group} ${claim.repository}`;
export const claimName = (claim: Omit<Claim, 'access'>) => `${claim.user === undefined ? 'Group' : 'User'} ${claim.user ?? claim.group} on ${claim.repository}`;

export function withClaim(claims: readonly Claim[], claim: Claim): Claim[] {
  const at = claims.findIndex((each) => claimKey(each) === claimKey(claim));
  return at < 0 ? [...claims, claim] : claims.with(at, claim);
}
export const withoutClaim = (claims: readonly Claim[], claim: Omit<Claim, 'access'>) => claims.filter((each) => claimKey(each) !== claimKey(claim));

const withName = (names: readonly string[], name: string) => (names.includes(name) ? [...names] : [...names, name]);
const withoutName = (names: readonly string[], name: string) => names.filter((each) => each !== name);

function ofList(key: keyof typeof lists, base: Draft, draft: Draft): Change[] {
  const add = (name: string) => (to: Draft) => ({ ...to, [key]: withName(to[key], name) });
  const remove = (name: string) => (to: Draft) => ({ ...to, [key]: withoutName(to[key], name) });
  const change = (name: string, added: boolean): Change => ({
    id: `${key} ${name}`,
    what: `${lists[key]} ${name}`,
    before: added ? '' : 'on the list',
    after: added ? 'on the list' : '',
    make: added ? add(name) : remove(name),
    undo: added ? remove(name) : add(name),
  });
  return [
    ...draft[key].filter((name) => !base[key].includes(name)).map((name) => change(name, true)),
    ...base[key].filter((name) => !draft[key].includes(name)).map((name) => change(name, false)),
  ];
}

function ofClaims(base: Draft, draft: Draft): Change[] {
  const all = new Map([...base.claims, ...draft.claims].map((claim) => [claimKey(claim), claim]));
  const put = (claim: Claim, now: Claim | undefined) => (to: Draft) => ({ ...to, claims: now ? withClaim(to.claims, now) : withoutClaim(to.claims, claim) });
  return [...all].flatMap(([key, claim]) => {
    const was = base.claims.find((each) => claimKey(each) === key);
    const is = draft.claims.find((each) => claimKey(each) === key);
    if (was?.access === is?.access) return [];
    return { id: key, what: claimName(claim), before: was ? levelNames[was.access] : '', after: is ? levelNames[is.access] : '', make: put(claim, is), undo: put(claim, was) };
  });
}

// All that is otherwise in `draft` than in `base`.
export function changesOf(base: Draft, draft: Draft): Change[] {
  const plain = (key: 'description' | keyof typeof subjects, what: string, inWords: (value: string) => string): Change[] =>
    base[key] === draft[key]
      ? []
      : [{ id: key, what, before: inWords(base[key]), after: inWords(draft[key]), make: (to) => ({ ...to, [key]: draft[key] }), undo: (to) => ({ ...to, [key]: base[key] }) }];
  return [
    ...plain('description', 'Description', (text) => text || 'none'),
    ...accessKeys.flatMap((key) => plain(key, subjects[key], (level) => levelNames[level as Level])),
    ...ofList('members', base, draft),
    ...ofList('groups', base, draft),
    ...ofClaims(base, draft),
  ];
}

// What was changed from `base` to `mine`, made on `present`: both keep what they did where they did not touch the same.
export const merged = (base: Draft, mine: Draft, present: Draft): Draft => tidy(changesOf(base, mine).reduce((draft, change) => change.make(draft), present));

// "Read instead of None", "added: Full", "removed".
export function inWords({ before, after }: Pick<Change, 'before' | 'after'>): string {
  if (!before) return after === 'on the list' ? 'added' : `added, ${after}`;
  return after ? `${after} instead of ${before}` : 'removed';
}

// The members of `draft` that are otherwise than in `base`: what a request has to send.
export function difference(base: Draft, draft: Draft): Partial<Draft> {
  const keys = Object.keys(base) as (keyof Draft)[];
  return Object.fromEntries(keys.filter((key) => JSON.stringify(base[key]) !== JSON.stringify(draft[key])).map((key) => [key, draft[key]]));
}
