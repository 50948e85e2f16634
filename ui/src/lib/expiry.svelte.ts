// A session that ended while its user works: what is asked of the server waits until he has signed in again, and is asked then,
// so that nothing that is typed is lost.
import { whenSignedOut } from './api/call';

let settle = (_again: boolean) => {};

export const expiry = $state({ over: false });

// `wasSignedIn`: whether there is somebody whose session can be renewed.
export function renewSessions(wasSignedIn: () => boolean): void {
  whenSignedOut(async () => {
    if (!wasSignedIn()) return false;
    expiry.over = true;
    return new Promise((resolve) => (settle = resolve));
  });
}

// The same user is signed in again.
export function renewed(): void {
  expiry.over = false;
  settle(true);
}
