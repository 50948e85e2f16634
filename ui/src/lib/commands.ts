// What can be gone to and done from everywhere.
import { resolve } from '$app/paths';
import type { Schemas } from './api/client';
import type { Found } from './api/search';
import type { Opened } from './keys';
import { pagesFor } from './parts/Navigation.svelte';
import { withQuery } from './paths';
import { signOut } from './sign_out';
import { setTheme } from './theme.svelte';
import type { IconName } from './ui/Icon.svelte';

export interface Entry {
  key: string;
  label: string;
  note?: string;
  icon: IconName;
  href?: string;
  run?: () => unknown;
}

export function commandsFor(user: Schemas['User'], open: (what: Opened) => void): { pages: Entry[]; actions: Entry[] } {
  const page = (label: string, href: string, icon: IconName): Entry => ({ key: href, label, href, icon });
  const action = (label: string, icon: IconName, run: () => unknown): Entry => ({ key: label, label, icon, run });
  const isAdmin = user.role === 'admin';
  return {
    pages: [...pagesFor(user).map(({ path, label, icon }) => page(label, resolve(path), icon)), page('Your profile', resolve('/profile'), 'users')],
    actions: [
      ...(isAdmin ? [page('Create namespace', resolve('/namespaces/new'), 'plus'), page('Add registry', resolve('/registries/add'), 'plus'), page('Set up', resolve('/setup'), 'settings')] : []),
      action('Theme: light', 'sun', () => setTheme('light')),
      action('Theme: dark', 'moon', () => setTheme('dark')),
      action('Theme: as the system has it', 'screen', () => setTheme('system')),
      action('Show what the keyboard can do', 'menu', () => open('keys')),
      action('Sign out', 'out', signOut),
    ],
  };
}

// Those whose names hold all words.
export function matching(entries: Entry[], text: string): Entry[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return entries.filter(({ label }) => words.every((word) => label.toLowerCase().includes(word)));
}

export function found({ hits, namespaces, users, groups }: Found): Entry[] {
  return [
    ...namespaces.map((each): Entry => ({ key: `n${each.id}`, label: each.name, note: `Namespace of ${each.registry.name}`, icon: 'namespaces', href: resolve(`/namespaces/${each.id}`) })),
    ...hits.map(hitEntry),
    ...users.map((each): Entry => ({ key: `u${each.id}`, label: each.username, note: 'User', icon: 'users', href: resolve(`/users/${each.id}`) })),
    ...groups.map((each): Entry => ({ key: `g${each.id}`, label: each.name, note: 'Group', icon: 'groups', href: resolve(`/groups/${each.id}`) })),
  ];
}

function hitEntry({ repository, tag }: Schemas['SearchHit']): Entry {
  const href = resolve(`/repositories/${repository.id}`);
  if (tag === null) return { key: `r${repository.id}`, label: repository.name, note: `Repository of ${repository.registry.name}`, icon: 'repositories', href };
  return { key: `t${repository.id}:${tag}`, label: `${repository.name}:${tag}`, note: `Tag in ${repository.registry.name}`, icon: 'tag', href: withQuery(resolve(`/repositories/${repository.id}/image`), { tag }) };
}
