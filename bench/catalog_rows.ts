// A big catalog as SQL: made of numbers, so that every run measures the same.

export interface Size {
  repositories: number;
  tags: number; // of each repository
  namespaces: number;
}

// The repository that has a hundred thousand tags of its own, behind all others.
export const bigTags = 100_000;

const words = ['api', 'web', 'worker', 'cron', 'proxy', 'cache', 'auth', 'billing', 'search', 'mail', 'queue', 'metrics', 'logs', 'gateway', 'front'];

// A small generator with a seed (mulberry32).
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

// As names are sorted: numbers by their value.
const natural = (text: string): string => text.replace(/[0-9]+/g, (number) => `${number.replace(/^0+/, '').length}${number.replace(/^0+/, '')}`);

const start = Date.UTC(2024, 0, 1);

export interface RepositoryRow {
  id: number;
  name: string;
  ns: number | null; // its place among the namespaces; one in a thousand has none
  tags: number;
}

export function* repositories(size: Size): Generator<RepositoryRow & { values: string }> {
  const draw = random(1);
  for (let i = 0; i <= size.repositories; i++) {
    const big = i === size.repositories;
    const ns = i % 1000 === 999 ? null : i % size.namespaces;
    const folder = ns === null ? `stray-${i}` : `team-${ns}`;
    const name = big ? 'team-0/all-the-tags' : `${folder}/${words[draw(words.length)]}-${words[draw(words.length)]}-${i}`;
    const tags = big ? bigTags : size.tags;
    const [pushed, pulled, bytes] = [start + draw(60_000_000) * 1000, draw(3) ? start + draw(60_000_000) * 1000 : 0, draw(1_000_000_000)];
    const row = { id: i + 1, name, ns: big ? 0 : ns, tags };
    yield { ...row, values: `(${row.id},1,'${name}',${start},${pushed},'${natural(name)}',${row.ns === null ? 'NULL' : row.ns + 1},${tags},${bytes},${pushed},${pulled})` };
  }
}
export const repositoryColumns = 'repository (id, registry_id, name, first_seen_at, changed_at, natural_name, namespace_id, tag_count, size, pushed_at, pulled_at)';

export function* tags(size: Size): Generator<string> {
  const draw = random(2);
  for (const { id, tags: count } of repositories(size)) {
    for (let t = 0; t < count; t++) {
      const name = t === 0 ? 'latest' : count === bigTags ? `build-${t}` : `v${draw(9)}.${draw(30)}.${t}`;
      const [pushed, pulled, bytes] = [start + draw(60_000_000) * 1000, draw(3) ? start + draw(60_000_000) * 1000 : 0, draw(1_000_000_000)];
      const digest = `sha256:${(id * 1_000_000 + t).toString(16).padStart(64, '0')}`;
      yield `(${id},'${name}','${digest}','application/vnd.oci.image.manifest.v1+json',${start},${pushed},'${natural(name)}',${bytes},${pushed},${pulled})`;
    }
  }
}
export const tagColumns = 'tag (repository_id, name, digest, media_type, first_seen_at, changed_at, natural_name, size, pushed_at, pulled_at)';

// INSERT statements of many rows each.
export function* inserts(columns: string, rows: Iterable<string>, each = 1000): Generator<string> {
  let batch: string[] = [];
  for (const row of rows) {
    batch.push(row);
    if (batch.length < each) continue;
    yield `INSERT INTO ${columns} VALUES ${batch.join(',')};\n`;
    batch = [];
  }
  if (batch.length > 0) yield `INSERT INTO ${columns} VALUES ${batch.join(',')};\n`;
}
