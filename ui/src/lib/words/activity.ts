// Words for what is remembered of changes.
export const kinds = [
  { value: 'user', label: 'Users' },
  { value: 'session', label: 'Sessions' },
  { value: 'group', label: 'Groups' },
  { value: 'namespace', label: 'Namespaces' },
  { value: 'registry', label: 'Registries' },
  { value: 'repository', label: 'Repositories' },
  { value: 'tag', label: 'Tags' },
  { value: 'manifest', label: 'Manifests' },
  { value: 'catalog', label: 'Reading of registries' },
  { value: 'gc_window', label: 'Pauses' },
  { value: 'webhook', label: 'Webhooks' },
  { value: 'retention', label: 'Retention' },
  { value: 'settings', label: 'Settings' },
];
