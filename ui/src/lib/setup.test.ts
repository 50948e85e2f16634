import assert from 'node:assert/strict';
import { test } from 'node:test';
import { doneSteps, firstOpen, isStep, stepAfter, steps } from './setup.ts';

const nothing = { hasAddress: false, registries: 0, namespaces: 0, tags: 0 };

test('a fresh server goes on with its address, and then with the key', () => {
  assert.equal(firstOpen(doneSteps(nothing)), 'address');
  assert.equal(firstOpen(doneSteps({ ...nothing, hasAddress: true })), 'key');
});

test('who comes back goes on where something is missing', () => {
  const connected = { ...nothing, hasAddress: true, registries: 1 };
  assert.equal(firstOpen(doneSteps(connected)), 'namespace');
  assert.equal(firstOpen(doneSteps({ ...connected, namespaces: 1 })), 'push');
  assert.equal(firstOpen(doneSteps({ ...connected, namespaces: 1, tags: 1 })), 'push');
});

test('the steps follow each other, and the last has none behind it', () => {
  assert.deepEqual(steps.map(({ name }) => stepAfter(name)), [...steps.slice(1).map(({ name }) => name), undefined]);
  assert.ok(isStep('key'));
  assert.ok(!isStep('keys'));
  assert.ok(!isStep(undefined));
});
