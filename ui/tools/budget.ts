// Ends the build when the console outgrows what a slow line carries: script and style of the first load, and all of it,
// each as gzip sends it.
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const build = join(import.meta.dirname, '..', 'build');
const manifestFile = join(import.meta.dirname, '..', '.svelte-kit', 'output', 'client', '.vite', 'manifest.json');

interface Chunk {
  file: string;
  src?: string;
  imports?: string[];
  css?: string[];
  isEntry?: boolean;
}
const manifest: Record<string, Chunk> = JSON.parse(readFileSync(manifestFile, 'utf8'));

const packed = (file: string) => gzipSync(readFileSync(join(build, file)), { level: 9 }).length;

// The chunk and everything that it imports at once.
function closure(key: string, seen = new Set<string>()): Set<string> {
  if (seen.has(key)) return seen;
  seen.add(key);
  for (const next of manifest[key]?.imports ?? []) closure(next, seen);
  return seen;
}

function weigh(keys: Iterable<string>): { script: number; style: number } {
  const scripts = new Set<string>();
  const styles = new Set<string>();
  for (const key of keys) {
    const chunk = manifest[key];
    if (!chunk) continue;
    if (chunk.file.endsWith('.js')) scripts.add(chunk.file);
    for (const style of chunk.css ?? []) styles.add(style);
  }
  const sum = (files: Set<string>) => [...files].reduce((total, file) => total + packed(file), 0);
  return { script: sum(scripts), style: sum(styles) };
}

// A first load fetches the start, the app, the outermost layout and error page, the inner layout, and one page.
const nodes = Object.keys(manifest).filter((key) => /\/nodes\/\d+\.js$/.test(key));
const numberOf = (key: string) => Number(/(\d+)\.js$/.exec(key)?.[1]);
const start = Object.keys(manifest).filter((key) => manifest[key]?.isEntry && !nodes.includes(key));
const layouts = nodes.filter((key) => numberOf(key) <= 2);
const first = nodes
  .map((page) => ({ page, ...weigh(new Set([...start, ...layouts, page].flatMap((key) => [...closure(key)]))) }))
  .reduce((worst, each) => (each.script > worst.script ? each : worst));

const files = readdirSync(build, { recursive: true, encoding: 'utf8' }).filter((file) => statSync(join(build, file)).isFile());
const all = files.reduce((total, file) => total + packed(file), 0);

let broken = false;
for (const [what, bytes, limit] of [
  ['script of the first load', first.script, 70_000],
  ['style of the first load', first.style, 10_000],
  ['the whole console', all, 300_000],
] as const) {
  const over = bytes > limit;
  broken ||= over;
  console.log(`${over ? 'TOO BIG: ' : ''}${what}: ${(bytes / 1000).toFixed(1)} kB of ${limit / 1000} kB`);
}
process.exit(broken ? 1 : 0);
