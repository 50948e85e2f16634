// A registry beyond what it is called: whether it is paused.
import { api, value } from './client';
import { live } from './queries';

export const gcWindow = (id: number) => ({
  queryKey: ['registries', id, 'gc-window'],
  queryFn: () => value(api.GET('/registries/{id}/gc-window', { params: { path: { id } } })),
  refetchInterval: live,
});
