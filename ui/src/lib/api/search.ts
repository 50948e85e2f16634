// What the console looks for everywhere.
import { keepPreviousData } from '@tanstack/svelte-query';
import { type Schemas, api, value } from './client';

export interface Found {
  hits: Schemas['SearchHit'][];
  namespaces: Schemas['Namespace'][];
  users: Schemas['User'][];
  groups: Schemas['Group'][];
}

const few = 5;

// `people`: whether the caller may list users and groups.
export const search = (q: string, people: boolean) => ({
  queryKey: ['search', q, people],
  queryFn: async (): Promise<Found> => {
    const query = { q, limit: few };
    const [hits, namespaces, users, groups] = await Promise.all([
      value(api.GET('/search', { params: { query: { q, limit: 2 * few } } })),
      value(api.GET('/namespaces', { params: { query } })),
      people ? value(api.GET('/users', { params: { query } })) : [],
      people ? value(api.GET('/groups', { params: { query } })) : [],
    ]);
    return { hits, namespaces, users, groups };
  },
  enabled: q !== '',
  placeholderData: keepPreviousData,
});
