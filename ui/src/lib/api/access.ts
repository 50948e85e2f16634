// Questions about rights: who may do what, what would change, and what was decided.
import { keepPreviousData } from '@tanstack/svelte-query';
import { type Query, type Schemas, api, pageOf, value } from './client';
import { namespaces, users } from './queries';

const placeholderData = keepPreviousData;

// Without `expand` rows are Reach, with it ReachedRepository: two questions, so that each has one type.
export const reach = (query: Omit<Query<'/access/reach'>, 'expand'>) => ({
  queryKey: ['reach', query],
  queryFn: async () => {
    const page = await pageOf(api.GET('/access/reach', { params: { query } }));
    return { ...page, items: page.items as Schemas['Reach'][] };
  },
  placeholderData,
});

export const reachedRepositories = (query: Omit<Query<'/access/reach'>, 'expand'>) => ({
  queryKey: ['reach', 'repositories', query],
  queryFn: async () => {
    const page = await pageOf(api.GET('/access/reach', { params: { query: { ...query, expand: 'repositories' } } }));
    return { ...page, items: page.items as Schemas['ReachedRepository'][] };
  },
  placeholderData,
});

export const grantees = (query: Query<'/access/who'>) => ({
  queryKey: ['grantees', query],
  queryFn: async () => {
    let asked = 0; // about how many repositories it was
    const call = api.GET('/access/who', { params: { query } }).then((outcome) => {
      asked = Number(outcome.response.headers.get('X-Repositories-Asked') ?? 1);
      return outcome;
    });
    const page = await pageOf(call);
    return { ...page, asked };
  },
  placeholderData,
});

export const simulation = (changes: Schemas['Proposal'][]) => ({
  queryKey: ['simulation', changes],
  queryFn: () => value(api.POST('/access/simulate', { body: { changes, limit: 100, days: 7 } })),
  placeholderData,
  staleTime: 0,
  gcTime: 0, // what was decided a while ago may be otherwise by now
});

export const decisions = (query: Query<'/decisions'>) => ({
  queryKey: ['decisions', query],
  queryFn: async () => {
    let isMinimum = false;
    const call = api.GET('/decisions', { params: { query } }).then((outcome) => {
      isMinimum = outcome.response.headers.get('X-Total-Count-Is-Minimum') === 'true';
      return outcome;
    });
    const page = await pageOf(call);
    return { ...page, isMinimum };
  },
  placeholderData,
});

export const decisionSummary = (query: Query<'/decisions/summary'>) => ({
  queryKey: ['decisions', 'summary', query],
  queryFn: () => value(api.GET('/decisions/summary', { params: { query } })),
  placeholderData,
});

// The namespace of this name that the caller sees, as lists show it.
export const namespaceByName = (registry: string, name: string) => ({
  queryKey: ['namespaces', 'by name', registry, name],
  queryFn: async () => (await namespaces({ registry, q: name, limit: 500 }).queryFn()).items.find((each) => each.name === name) ?? null,
});

// The user of this name; null for who may not look, or where there is none.
export const userByName = (username: string) => ({
  queryKey: ['users', 'by name', username],
  queryFn: async () => (await users({ q: username, limit: 500 }).queryFn()).items.find((each) => each.username === username) ?? null,
});
