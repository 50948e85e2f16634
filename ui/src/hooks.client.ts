import type { HandleClientError } from '@sveltejs/kit';

// A misspelt address is no fault of the console: the error page says so, and the browser's log stays for what is.
export const handleError: HandleClientError = ({ error, status, message }) => {
  if (status !== 404) console.error(error);
  return { message };
};
