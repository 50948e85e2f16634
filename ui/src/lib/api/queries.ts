// What the pages ask the server for. The first word of each key is what a change invalidates.
import { keepPreviousData } from '@tanstack/svelte-query';
import { ApiError, type Query, type Schemas, api, pageOf, tagged, value } from './client';

export const live = 4000; // milliseconds between looks where news should show by themselves
const most = 500; // that the server puts on one page

// While another page, order or search of a list is asked for, the rows before it stay.
const placeholderData = keepPreviousData;

// The same question, asked now whatever was answered before.
export const anew = <Q extends object>(query: Q) => ({ ...query, staleTime: 0 });

export const instance = () => ({ queryKey: ['instance'], queryFn: () => value(api.GET('/instance')) });

export const session = () => ({
  queryKey: ['session'],
  queryFn: async (): Promise<Schemas['Session'] | null> => {
    try {
      return await value(api.GET('/session'));
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return null;
      throw error;
    }
  },
});

export const summary = () => ({ queryKey: ['summary'], queryFn: () => value(api.GET('/summary')), refetchInterval: live });

export const activity = (query: Query<'/activity'>) => ({
  queryKey: ['activity', query],
  queryFn: () => pageOf(api.GET('/activity', { params: { query } })),
  refetchInterval: live,
});

export const users = (query: Query<'/users'>) => ({
  queryKey: ['users', query],
  queryFn: () => pageOf(api.GET('/users', { params: { query } })),
  placeholderData,
});

export const user = (id: number) => ({
  queryKey: ['users', id],
  queryFn: () => tagged(api.GET('/users/{id}', { params: { path: { id } } })),
});

export const sessionsOfUser = (id: number) => ({
  queryKey: ['users', id, 'sessions'],
  queryFn: () => pageOf(api.GET('/users/{id}/sessions', { params: { path: { id }, query: { limit: most } } })),
});

export const namespacesOfUser = (id: number) => ({
  queryKey: ['users', id, 'namespaces'],
  queryFn: () => pageOf(api.GET('/users/{id}/namespaces', { params: { path: { id }, query: { limit: most } } })),
});

export const groups = (query: Query<'/groups'>) => ({
  queryKey: ['groups', query],
  queryFn: () => pageOf(api.GET('/groups', { params: { query } })),
  placeholderData,
});

export const group = (id: number) => ({
  queryKey: ['groups', id],
  queryFn: () => tagged(api.GET('/groups/{id}', { params: { path: { id } } })),
});

export const namespacesOfGroup = (id: number) => ({
  queryKey: ['groups', id, 'namespaces'],
  queryFn: () => pageOf(api.GET('/groups/{id}/namespaces', { params: { path: { id }, query: { limit: most } } })),
});

export const settings = () => ({ queryKey: ['settings'], queryFn: () => tagged(api.GET('/settings')) });

export const registries = (query: Query<'/registries'> = { limit: most }) => ({
  queryKey: ['registries', query],
  queryFn: () => pageOf(api.GET('/registries', { params: { query } })),
  refetchInterval: live,
  placeholderData,
});

export const registry = (id: number) => ({
  queryKey: ['registries', id],
  queryFn: () => tagged(api.GET('/registries/{id}', { params: { path: { id } } })),
  refetchInterval: live,
});

// Those of a registry that was added hold the secret of its notifications, too.
export const registrySettings = (id?: number) => ({
  queryKey: ['registry-settings', id],
  queryFn: async () =>
    id === undefined ? await value(api.GET('/registry-settings')) : await value(api.GET('/registries/{id}/settings', { params: { path: { id } } })),
});

export const namespaces = (query: Query<'/namespaces'>) => ({
  queryKey: ['namespaces', query],
  queryFn: () => pageOf(api.GET('/namespaces', { params: { query } })),
  placeholderData,
});

export const namespace = (id: number) => ({
  queryKey: ['namespaces', id],
  queryFn: () => tagged(api.GET('/namespaces/{id}', { params: { path: { id } } })),
});

// The repositories that change hands with a namespace that is to be created, or deleted.
export const movesByCreation = (registry: string, name: string) => ({
  queryKey: ['namespaces', 'moves', registry, name],
  queryFn: () => pageOf(api.GET('/namespaces/moves', { params: { query: { registry, name } } })),
});

export const movesByDeletion = (id: number) => ({
  queryKey: ['namespaces', id, 'moves'],
  queryFn: () => pageOf(api.GET('/namespaces/{id}/moves', { params: { path: { id } } })),
});

export const repositories = (query: Query<'/repositories'>) => ({
  queryKey: ['repositories', query],
  queryFn: () => pageOf(api.GET('/repositories', { params: { query } })),
  refetchInterval: live,
  placeholderData,
});

export const repository = (id: number) => ({
  queryKey: ['repositories', id],
  queryFn: () => value(api.GET('/repositories/{id}', { params: { path: { id } } })),
  refetchInterval: live,
});

export const tags = (id: number, query: Query<'/repositories/{id}/tags'>) => ({
  queryKey: ['repositories', id, 'tags', query],
  queryFn: () => pageOf(api.GET('/repositories/{id}/tags', { params: { path: { id }, query } })),
  refetchInterval: live,
  placeholderData,
});

export const explanation = (query: Query<'/access/explain'>) => ({
  queryKey: ['explanation', query],
  queryFn: () => value(api.GET('/access/explain', { params: { query } })),
});

// The first names that hold the text, to choose from while typing.
export const suggestUsers = async (q: string) => (await users({ q, limit: 8 }).queryFn()).items.map((user) => user.username);
export const suggestGroups = async (q: string) => (await groups({ q, limit: 8 }).queryFn()).items.map((group) => group.name);
