import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Folder, type TreeItem, leafOf, treeOf } from './repository_tree.ts';

let ids = 0;
const item = (name: string, size = 1, registry = { id: 1, name: 'main' }): TreeItem => ({ id: ++ids, name, size, tags: 1, registry });

// "label(count,size) [ folders ] names", which is easy to compare.
function drawn(folder: Folder<TreeItem>): string {
  const inside = [...folder.folders.map(drawn), ...folder.repositories.map((each) => leafOf(each.name))];
  return `${folder.label}(${folder.count},${folder.size})[${inside.join(' ')}]`;
}

test('folders hold what is below them, in the order of the list', () => {
  const tree = treeOf([item('alone', 5), item('team/app', 2), item('team/app/sub', 3), item('team/web', 4)]);
  assert.deepEqual(tree.map(drawn), ['main(4,14)[team(3,9)[app(1,3)[sub] app web] alone]']);
});

test('folders with one folder alone are one', () => {
  assert.deepEqual(treeOf([item('a/b/c/x'), item('a/b/c/y')]).map(drawn), ['main(2,2)[a/b/c(2,2)[x y]]']);
  assert.deepEqual(treeOf([item('a/b/c/x'), item('a/y')]).map(drawn), ['main(2,2)[a(2,2)[b/c(1,1)[x] y]]']);
});

test('the same names in two registries stay apart', () => {
  const tree = treeOf([item('team/app'), item('team/app', 7, { id: 2, name: 'other' })]);
  assert.deepEqual(tree.map(drawn), ['main(1,1)[team(1,1)[app]]', 'other(1,7)[team(1,7)[app]]']);
  assert.equal(new Set(tree.flatMap((root) => root.folders.map((each) => each.path))).size, 2);
});

test('ten thousand repositories take no time', () => {
  const items = Array.from({ length: 10_000 }, (_, at) => item(`team-${at % 100}/group-${at % 1000}/app-${at}`));
  assert.equal(treeOf(items)[0]?.count, 10_000);
});
