// What happened, page by page and counted.
import { keepPreviousData } from '@tanstack/svelte-query';
import { type Query, api, pageOf, value } from './client';

export const events = (query: Query<'/activity'>) => ({
  queryKey: ['activity', query],
  queryFn: () => pageOf(api.GET('/activity', { params: { query } })),
  placeholderData: keepPreviousData,
});

export const activitySummary = (query: Query<'/activity/summary'>) => ({
  queryKey: ['activity', 'summary', query],
  queryFn: () => value(api.GET('/activity/summary', { params: { query } })),
  placeholderData: keepPreviousData,
});
