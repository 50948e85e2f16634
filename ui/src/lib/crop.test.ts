import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mostZoom, moved, squareOf, tooLarge, tooWide, whole, zoomed } from './crop.ts';

const wide = { width: 400, height: 200 };

test('at first the largest square in the middle is kept', () => {
  assert.deepEqual(squareOf(wide, whole), { left: 100, top: 0, side: 200 });
});

test('the picture follows what drags it, and stops at its edges', () => {
  assert.deepEqual(squareOf(wide, moved(wide, whole, 0.25, 0)), { left: 50, top: 0, side: 200 });
  assert.deepEqual(squareOf(wide, moved(wide, whole, 9, 9)), { left: 0, top: 0, side: 200 });
  assert.deepEqual(squareOf(wide, moved(wide, whole, -9, -9)), { left: 200, top: 0, side: 200 });
});

test('zooming keeps the middle', () => {
  assert.deepEqual(squareOf(wide, zoomed(wide, whole, 2)), { left: 150, top: 50, side: 100 });
  const corner = { zoom: 2, x: 0, y: 0 };
  assert.deepEqual(squareOf(wide, zoomed(wide, corner, 1)), { left: 0, top: 0, side: 200 });
  assert.equal(zoomed(wide, whole, 99).zoom, mostZoom);
});

test('what is too large is refused with its size', () => {
  assert.equal(tooLarge({ size: 1024 * 1024 }), undefined);
  assert.match(tooLarge({ size: 1024 * 1024 * 2.5 }) ?? '', /2\.5 MB/);
  assert.equal(tooWide({ width: 4096, height: 4096 }), undefined);
  assert.match(tooWide({ width: 4097, height: 1 }) ?? '', /4097 by 1/);
});
