// The commands that a manual tells people to type.
import { readFileSync } from 'node:fs';

// Those of the `sh` blocks below the heading `title`, up to the next heading; one text for each block.
export function commandsOf(file: string, title: string): string[] {
  const text = readFileSync(file, 'utf8');
  const section = text.split(/^#+ /m).find((part) => part.startsWith(`${title}\n`));
  if (section === undefined) throw new Error(`${file} has no heading "${title}"`);
  return [...section.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, commands]) => commands ?? '');
}
