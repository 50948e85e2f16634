// Words for rights, decisions and what changes about them.
import type { Schemas } from '../api/client';
import { ruleNames } from '../words';

// "pull and push"
export const listed = new Intl.ListFormat('en', { type: 'conjunction' });
const actions: Record<string, string> = { '*': 'read the catalog' };
export const inOneWord = (list: readonly string[], none = 'nothing') => (list.length ? listed.format(list.map((each) => actions[each] ?? each)) : none);

export const ruleName = (rule: string) => (rule === 'credentials' ? 'Name or password wrong' : (ruleNames[rule as Schemas['Rule']] ?? rule));
export const rules = [...Object.keys(ruleNames), 'credentials'].map((value) => ({ value, label: ruleName(value) }));

export const abilityNames: Record<Schemas['Abilities'], string> = {
  NONE: 'None',
  READ: 'Read',
  WRITE: 'Write',
  'READ+WRITE': 'Read and write',
  FULL: 'Full',
};

export const personOf = (user: string | null | undefined) => user ?? 'Anonymous';

export const actionChoices = [
  { value: 'pull', label: 'Pull' },
  { value: 'pull,push', label: 'Push (and pull with it)' },
  { value: 'delete', label: 'Delete' },
  { value: '*', label: 'Everything' },
];
