// Whom a namespace tells of what happens in it.
import { keepPreviousData } from '@tanstack/svelte-query';
import { type Query, type Schemas, type Tagged, api, ifMatch, pageOf, tagged, value } from './client';
import { live } from './queries';

export const webhooks = (namespace: number) => ({
  queryKey: ['webhooks', 'of', namespace],
  queryFn: () => pageOf(api.GET('/namespaces/{id}/webhooks', { params: { path: { id: namespace } } })),
  refetchInterval: live,
});

export const webhook = (id: number) => ({
  queryKey: ['webhooks', id],
  queryFn: () => tagged(api.GET('/webhooks/{id}', { params: { path: { id } } })),
});

export const deliveries = (id: number, query: Query<'/webhooks/{id}/deliveries'>) => ({
  queryKey: ['webhooks', id, 'deliveries', query],
  queryFn: () => pageOf(api.GET('/webhooks/{id}/deliveries', { params: { path: { id }, query } })),
  refetchInterval: live,
  placeholderData: keepPreviousData,
});

const at = (id: number) => ({ path: { id } });

export const createWebhook = (namespace: number, body: Schemas['NewWebhook']) => tagged(api.POST('/namespaces/{id}/webhooks', { params: at(namespace), body }));
export const changeWebhook = (loaded: Tagged<Schemas['Webhook']>, body: Schemas['WebhookChange']) =>
  tagged(api.PATCH('/webhooks/{id}', { params: { ...at(loaded.id), header: ifMatch(loaded) }, body }));
export const deleteWebhook = (id: number) => value(api.DELETE('/webhooks/{id}', { params: at(id) }));
export const testWebhook = (id: number) => value(api.POST('/webhooks/{id}/test', { params: at(id) }));
export const rotateSecret = (id: number) => tagged(api.POST('/webhooks/{id}/rotate-secret', { params: at(id) }));
