// Repositories as folders: what stands before each "/" of their names.

export interface TreeItem {
  id: number;
  name: string;
  size: number;
  tags: number;
  registry: { id: number; name: string };
}

export interface Folder<T extends TreeItem> {
  path: string; // unlike that of all others
  label: string;
  folders: Folder<T>[];
  repositories: T[];
  count: number; // of repositories in it and below it
  size: number;
}

const empty = <T extends TreeItem>(path: string, label: string): Folder<T> => ({ path, label, folders: [], repositories: [], count: 0, size: 0 });

// The outermost folders are the registries. The order is that of the items.
export function treeOf<T extends TreeItem>(items: readonly T[]): Folder<T>[] {
  const roots: Folder<T>[] = [];
  const known = new Map<string, Folder<T>>();
  const folder = (among: Folder<T>[], path: string, label: string): Folder<T> => {
    let found = known.get(path);
    if (!found) {
      found = empty(path, label);
      known.set(path, found);
      among.push(found);
    }
    return found;
  };
  for (const item of items) {
    let at = folder(roots, `${item.registry.id}:`, item.registry.name);
    const way = [at];
    for (const segment of item.name.split('/').slice(0, -1)) {
      at = folder(at.folders, `${at.path}/${segment}`, segment);
      way.push(at);
    }
    at.repositories.push(item);
    for (const each of way) {
      each.count++;
      each.size += item.size;
    }
  }
  return roots.map((root) => ({ ...root, folders: root.folders.map(joined) }));
}

// A folder that holds nothing but one folder is one line with it: "team/tools".
function joined<T extends TreeItem>(folder: Folder<T>): Folder<T> {
  const [only, ...others] = folder.folders;
  if (only && !others.length && !folder.repositories.length) return joined({ ...only, label: `${folder.label}/${only.label}` });
  return { ...folder, folders: folder.folders.map(joined) };
}

// The last part of a name.
export const leafOf = (name: string): string => name.slice(name.lastIndexOf('/') + 1);
