// What the dashboard asks for beside what other pages ask for too.
import { keepPreviousData } from '@tanstack/svelte-query';
import { type Query, type Schemas, api, pageOf, value } from './client';

export type Period = Schemas['Statistics']['period'];

export const statistics = (period: Period) => ({
  queryKey: ['statistics', period],
  queryFn: () => value(api.GET('/statistics', { params: { query: { period, top: 6 } } })),
  placeholderData: keepPreviousData,
});

export const decisions = (query: Query<'/decisions'>) => ({
  queryKey: ['decisions', query],
  queryFn: () => pageOf(api.GET('/decisions', { params: { query } })),
});
