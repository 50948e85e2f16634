// The way from an empty server to the first image, and how far somebody is on it.
export const steps = [
  { name: 'account', title: 'Administrator' },
  { name: 'address', title: 'Public address' },
  { name: 'key', title: 'Signing key' },
  { name: 'settings', title: 'Settings of the registry' },
  { name: 'connection', title: 'Connection' },
  { name: 'namespace', title: 'First namespace' },
  { name: 'push', title: 'First push' },
] as const;
export type Step = (typeof steps)[number]['name'];

// What the server says.
export interface Progress {
  hasAddress: boolean;
  registries: number;
  namespaces: number;
  tags: number;
}

// Which steps are done, as far as the server can tell. A key is always there; settings are in place once a registry was added.
export function doneSteps({ hasAddress, registries, namespaces, tags }: Progress): Set<Step> {
  const done: [Step, boolean][] = [
    ['account', true],
    ['address', hasAddress],
    ['key', registries > 0],
    ['settings', registries > 0],
    ['connection', registries > 0],
    ['namespace', namespaces > 0],
    ['push', tags > 0],
  ];
  return new Set(done.filter(([, is]) => is).map(([step]) => step));
}

// Where to go on.
export function firstOpen(done: Set<Step>): Step {
  return steps.find(({ name }) => !done.has(name))?.name ?? 'push';
}

export function stepAfter(step: Step): Step | undefined {
  return steps[steps.findIndex(({ name }) => name === step) + 1]?.name;
}

export const isStep = (text: string | undefined): text is Step => steps.some(({ name }) => name === text);
