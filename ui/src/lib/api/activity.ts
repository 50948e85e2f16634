// What happened, page by page and counted.
import { keepPreviousData } from '@tanstack/svelte-query';
import { type Query, api, pageOf, value } from './client';
import { live } from './queries';

export const events = (query: Query<'/activity'>, isLive: boolean) => ({
  queryKey: ['activity', query],
  queryFn: () => pageOf(api.GET('/activity', { params: { query } })),
  placeholderData: keepPreviousData,
  refetchInterval: isLive && live,
});

export const activitySummary = (query: Query<'/activity/summary'>, isLive: boolean) => ({
  queryKey: ['activity', 'summary', query],
  queryFn: () => value(api.GET('/activity/summary', { params: { query } })),
  placeholderData: keepPreviousData,
  refetchInterval: isLive && live,
});
