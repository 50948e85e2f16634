import assert from 'node:assert/strict';
import { test } from 'node:test';
import { laidOut } from './json.ts';

test('JSON is laid out as JSON.stringify does it', () => {
  for (const value of [{}, [], 1, 'a "quoted" {text}', { a: [1, { b: null, c: [] }], 'x:y': 'z,\\' }, [[], {}, [true]]]) {
    assert.equal(laidOut(JSON.stringify(value)), JSON.stringify(value, null, 2));
  }
  assert.equal(laidOut('{ "a" :\t1,\n"b":[ ] }'), '{\n  "a": 1,\n  "b": []\n}');
});

test('nothing of it is changed', () => {
  assert.equal(laidOut('{"size":12345678901234567890,"size":1.50}'), '{\n  "size": 12345678901234567890,\n  "size": 1.50\n}');
});

test('what is no JSON loses nothing but blanks', () => {
  for (const text of ['<html>', '}{', '"open', '[1,']) assert.equal(laidOut(text).replaceAll(/\s/g, '').replace('"', ''), text.replace('"', ''));
});
