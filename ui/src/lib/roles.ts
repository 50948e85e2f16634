// What a role may see and do in the console. The server decides again; this only hides what would be refused.
import { createQuery } from '@tanstack/svelte-query';
import { session } from './api/queries';

export function currentUser() {
  const query = createQuery(() => session());
  return {
    get user() {
      return query.data?.user;
    },
    get isAdmin() {
      return query.data?.user.role === 'admin';
    },
    // Administrators and auditors.
    get seesAll() {
      return query.data?.user.role === 'admin' || query.data?.user.role === 'auditor';
    },
  };
}
