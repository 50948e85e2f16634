// What happened, asked page by page.
import { keepPreviousData } from '@tanstack/svelte-query';
import { type Query, api, pageOf } from './client';
import { live } from './queries';

export const events = (query: Query<'/activity'>, isLive: boolean) => ({
  queryKey: ['activity', query],
  queryFn: () => pageOf(api.GET('/activity', { params: { query } })),
  placeholderData: keepPreviousData,
  refetchInterval: isLive && live,
});
