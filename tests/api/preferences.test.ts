// How people want the console to look: their own, kept, checked word by word.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Spectacles } from '../support/spectacles.ts';
import { Caller, startWorld } from '../support/world.ts';

let server: Spectacles;
let alice: Caller;
before(async () => {
  server = await startWorld();
  alice = await Caller.signIn(server.url, 'alice');
});
after(() => server.stop());

const standard = { theme: 'system', density: 'comfortable', time_zone: 'browser' };

test('are kept for whoever chose them', async () => {
  assert.deepEqual((await alice.get('/preferences')).json, standard);
  assert.deepEqual((await alice.must('PATCH', '/preferences', { theme: 'dark' })).json, { ...standard, theme: 'dark' });
  const changed = { theme: 'dark', density: 'compact', time_zone: 'Europe/Berlin' };
  assert.deepEqual((await alice.must('PATCH', '/preferences', { density: 'compact', time_zone: 'Europe/Berlin' })).json, changed);
  assert.deepEqual((await alice.must('PATCH', '/preferences', {})).json, changed);
  const elsewhere = await Caller.signIn(server.url, 'alice');
  assert.deepEqual((await elsewhere.get('/preferences')).json, changed);
  assert.deepEqual((await (await Caller.signIn(server.url, 'bob')).get('/preferences')).json, standard);
  const events = await alice.list('/activity?action=user.preferences_changed');
  assert.deepEqual(events.map((one) => [one.before, one.after]), [[{ ...standard, theme: 'dark' }, changed], [standard, { ...standard, theme: 'dark' }]]);
});

test('other words are refused by name', async () => {
  const before = (await alice.get('/preferences')).json;
  const rows: [string, unknown][] = [
    ['theme', 'Dark'], ['theme', ''], ['theme', 1], ['theme', null], ['density', 'tight'],
    ['time_zone', ''], ['time_zone', 'Mars/Olympus'], ['time_zone', 'europe/berlin'], ['time_zone', 'Europe/Berlin\n'], ['time_zone', '../etc/passwd'],
    ['time_zone', 'Europe/Berlin\nEurope/Paris'], ['colour', 'red'],
  ];
  for (const [field, value] of rows) {
    const answer = await alice.ask('PATCH', '/preferences', { [field]: value });
    assert.deepEqual([answer.status, answer.json.field], [400, field], `${field} ${value}`);
  }
  for (const zone of ['UTC', 'Etc/GMT+12', 'America/Argentina/Buenos_Aires', 'Asia/Kolkata', 'browser']) {
    assert.equal((await alice.must('PATCH', '/preferences', { time_zone: zone })).json.time_zone, zone);
  }
  await alice.must('PATCH', '/preferences', before);
});
