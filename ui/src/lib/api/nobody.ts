// Looking around without an account.
import { api, value } from './client';

// Whether who is not signed in may look at what everybody may pull. A session that is over would be refused, so that its
// owner notices; he has, and it is forgotten.
export const browsing = () => ({
  queryKey: ['nobody'],
  queryFn: async () => {
    const { anonymous_browsing } = await value(api.GET('/instance'));
    if (anonymous_browsing) await value(api.DELETE('/session'));
    return anonymous_browsing;
  },
});
