// What only the set-up asks for.
import { api, value } from './client';

export const signingKey = () => ({ queryKey: ['signing-key'], queryFn: () => value(api.GET('/signing-key')) });
