// Webhooks in the words of people.
export const eventNames = { push: 'Pushes', pull: 'Pulls', delete: 'Deletes', test: 'Test' } as const;
export const hookEvents = ['push', 'pull', 'delete'] as const;

export const deliveryStates = {
  waiting: { label: 'Waiting', tone: 'warning', icon: 'clock' },
  delivered: { label: 'Delivered', tone: 'good', icon: 'check' },
  given_up: { label: 'Given up', tone: 'danger', icon: 'cross' },
} as const;
