// The columns of the matrix.
import { levelNames } from '../../words';
import type { Level } from '../../rights';

export type { Level };
export type Words = Record<Level, string>;
export const columns: { level: Level; label: string; hint: string }[] = [
  { level: 'NONE', label: levelNames.NONE, hint: 'nothing' },
  { level: 'READ', label: levelNames.READ, hint: 'pull' },
  { level: 'WRITE', label: levelNames.WRITE, hint: 'push' },
  { level: 'FULL', label: levelNames.FULL, hint: 'pull, push, delete' },
];
