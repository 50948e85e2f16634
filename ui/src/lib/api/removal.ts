// What goes and can come back: deletions, the trash, retention, pauses for garbage collection.
import { keepPreviousData } from '@tanstack/svelte-query';
import { type Query, type Schemas, api, pageOf, value } from './client';

// What is to be deleted: tags, each alone; a manifest with all its tags; everything.
export type Targets = { tags: string[] } | { digests: string[] } | { all: true };

// Asked of the registry, and anew each time.
export const deletionPreview = (id: number, body: Targets) => ({
  queryKey: ['deletion', id, body],
  queryFn: () => value(api.POST('/repositories/{id}/deletion-preview', { params: { path: { id } }, body })),
  staleTime: 0,
  gcTime: 0,
  retry: false,
});

export const trash = (query: Query<'/trash'>) => ({
  queryKey: ['trash', query],
  queryFn: () => pageOf(api.GET('/trash', { params: { query } })),
  refetchInterval: 4000,
  placeholderData: keepPreviousData,
});

// Under the tags that it had and that are free, unless others are given.
export const restore = (id: number, tags?: string[]) => value(api.POST('/trash/{id}/restore', { params: { path: { id } }, body: { tags } }));

export const retention = (id: number) => ({
  queryKey: ['namespaces', id, 'retention'],
  queryFn: () => value(api.GET('/namespaces/{id}/retention', { params: { path: { id } } })),
});

export const tryRetention = (id: number, body: Schemas['RetentionRules']) => value(api.POST('/namespaces/{id}/retention/dry-run', { params: { path: { id } }, body }));
export const changeRetention = (id: number, body: Schemas['RetentionChange']) => value(api.PUT('/namespaces/{id}/retention', { params: { path: { id } }, body }));

export const gcWindow = (id: number) => ({
  queryKey: ['registries', id, 'gc-window'],
  queryFn: () => value(api.GET('/registries/{id}/gc-window', { params: { path: { id } } })),
  refetchInterval: 4000,
});
