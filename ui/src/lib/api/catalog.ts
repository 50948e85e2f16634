// What the pages about repositories, tags and manifests ask the server for.
import { createQuery } from '@tanstack/svelte-query';
import { currentUser } from '../roles';
import { type Query, type Schemas, api, pageOf, value } from './client';
import { registries } from './queries';

export const tag = (id: number, name: string) => ({
  queryKey: ['repositories', id, 'tag', name],
  queryFn: () => value(api.GET('/repositories/{id}/tags/{tag}', { params: { path: { id, tag: name } } })),
});

export const manifest = (id: number, digest: string) => ({
  queryKey: ['repositories', id, 'manifest', digest],
  queryFn: () => value(api.GET('/repositories/{id}/manifests/{digest}', { params: { path: { id, digest } } })),
});

// The very bytes; they never change.
export const rawManifest = (id: number, digest: string) => ({
  queryKey: ['repositories', id, 'raw', digest],
  queryFn: () => value(api.GET('/repositories/{id}/manifests/{digest}/raw', { params: { path: { id, digest } }, parseAs: 'text' })) as Promise<string>,
  staleTime: Infinity,
});

// What somebody may do in a repository: by the very decision that his token would be granted by.
export const rightsIn = (repository: Schemas['Repository'], user: string) => ({
  queryKey: ['explanation', 'rights', repository.registry.name, repository.name, user],
  queryFn: () =>
    value(api.GET('/access/explain', { params: { query: { registry: repository.registry.name, repository: repository.name, user, action: 'pull,push,delete' } } })),
});

// Whether who is signed in may delete here; not while the registry is paused.
export function mayDelete(repository: () => Schemas['Repository'] | undefined) {
  const me = currentUser();
  const query = createQuery(() => {
    const [here, user] = [repository(), me.user];
    return here && user ? rightsIn(here, user.username) : { queryKey: ['explanation', 'nobody'], queryFn: () => null, enabled: false };
  });
  return {
    get yes() {
      return query.data?.granted_actions.includes('delete') ?? false;
    },
  };
}

// Registries that take nothing in at the moment, by their ids. Who is not signed in cannot push, and need not know.
export function pauses() {
  const me = currentUser();
  const query = createQuery(() => ({ ...registries(), enabled: !!me.user }));
  return {
    of(registry: number | undefined) {
      return query.data?.items.find((each) => each.id === registry && each.paused);
    },
    get all() {
      return (query.data?.items ?? []).filter((each) => each.paused);
    },
  };
}

export const events = (query: Query<'/activity'>) => ({
  queryKey: ['activity', query],
  queryFn: () => pageOf(api.GET('/activity', { params: { query } })),
});
