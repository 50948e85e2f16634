// What the pages ask the server for. The first word of each key is what a change invalidates.
import { ApiError, type Schemas, api, pageOf, value } from './client';

export const live = 4000; // milliseconds between looks where news should show by themselves

export interface ListQuery {
  q?: string;
  cursor?: string;
  limit?: number;
}

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

export const activity = (query: ListQuery) => ({
  queryKey: ['activity', query],
  queryFn: () => pageOf(api.GET('/activity', { params: { query } })),
  refetchInterval: live,
});

export const users = (query: ListQuery) => ({
  queryKey: ['users', query],
  queryFn: () => pageOf(api.GET('/users', { params: { query } })),
});

export const groups = (query: ListQuery) => ({
  queryKey: ['groups', query],
  queryFn: () => pageOf(api.GET('/groups', { params: { query } })),
});

export const registries = (query: ListQuery = { limit: 500 }) => ({
  queryKey: ['registries', query],
  queryFn: () => pageOf(api.GET('/registries', { params: { query } })),
  refetchInterval: live,
});

export const registry = (id: number) => ({
  queryKey: ['registries', id],
  queryFn: () => value(api.GET('/registries/{id}', { params: { path: { id } } })),
  refetchInterval: live,
});

export const registrySettings = (service?: string) => ({
  queryKey: ['registry-settings', service],
  queryFn: () => value(api.GET('/registry-settings', { params: { query: { service } } })),
});

export const namespaces = (query: ListQuery & { registry?: string }) => ({
  queryKey: ['namespaces', query],
  queryFn: () => pageOf(api.GET('/namespaces', { params: { query } })),
});

export const namespace = (id: number) => ({
  queryKey: ['namespaces', id],
  queryFn: () => value(api.GET('/namespaces/{id}', { params: { path: { id } } })),
});

export interface RepositoryQuery extends ListQuery {
  registry?: string;
  namespace?: number;
  unassigned?: boolean;
}

export const repositories = (query: RepositoryQuery) => ({
  queryKey: ['repositories', query],
  queryFn: () => pageOf(api.GET('/repositories', { params: { query } })),
  refetchInterval: live,
});

export const repository = (id: number) => ({
  queryKey: ['repositories', id],
  queryFn: () => value(api.GET('/repositories/{id}', { params: { path: { id } } })),
  refetchInterval: live,
});

export const tags = (id: number, query: ListQuery) => ({
  queryKey: ['repositories', id, 'tags', query],
  queryFn: () => pageOf(api.GET('/repositories/{id}/tags', { params: { path: { id }, query } })),
  refetchInterval: live,
});

export interface Question {
  registry?: string;
  user?: string; // none is anonymous
  repository: string;
  action: string;
}

export const explanation = (query: Question) => ({
  queryKey: ['explanation', query],
  queryFn: () => value(api.GET('/access/explain', { params: { query } })),
});

// The first names that hold the text, to choose from while typing.
export const suggestUsers = async (q: string) => (await users({ q, limit: 8 }).queryFn()).items.map((user) => user.username);
export const suggestGroups = async (q: string) => (await groups({ q, limit: 8 }).queryFn()).items.map((group) => group.name);
