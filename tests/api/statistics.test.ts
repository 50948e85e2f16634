// Counts for the dashboard and the audit page: right, and of nothing that the caller may not see.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Distribution3 } from '../support/distribution3.ts';
import { basic, send } from '../support/http.ts';
import { eventually } from '../support/process.ts';
import type { Spectacles } from '../support/spectacles.ts';
import { Caller, passwords, startWorld } from '../support/world.ts';

let server: Spectacles;
let admin: Caller;
let alice: Caller;
let dave: Caller;
before(async () => {
  const registry = await Distribution3.start('Docker registry', '', { 'team/app': ['v1', 'v2'], 'open/app': ['v1'], 'nowhere/app': ['v1'] });
  server = await startWorld({ SPECTACLES_BACKGROUND: 'inside', SPECTACLES_BACKGROUND_UPDATE: '86400' }, `registries:\n  - {name: main, url: "${registry.url}"}\n`);
  registry.realm = server.realm;
  admin = await Caller.signIn(server.url, 'admin');
  alice = await Caller.signIn(server.url, 'alice');
  dave = await Caller.signIn(server.url, 'dave');
  await eventually(30, async () => (await admin.list('/repositories')).every((one) => one.size > 0) && (await admin.list('/repositories')).length === 3);
});
after(() => server.stop());

const ask = (user: string, repository: string, actions: string): Promise<unknown> =>
  send(server.url, { path: `/token_auth?service=Docker+registry&scope=repository:${repository}:${actions}`, headers: basic(user, passwords[user]) });
interface Bucket {
  at: string;
  [counted: string]: unknown;
}
const sum = (buckets: Bucket[], counted: string): number => buckets.reduce((all, one) => all + Number(one[counted]), 0);

test('pulls and refusals are counted for who may see them', async () => {
  await ask('alice', 'team/app', 'pull');
  await ask('alice', 'team/app', 'pull');
  await ask('alice', 'team/app', 'pull,push'); // is no pull
  await ask('dave', 'team/app', 'push');
  await ask('dave', 'nowhere/app', 'push');
  const of = async (caller: Caller): Promise<number[]> => {
    const { buckets, refusals } = (await caller.must('GET', '/statistics')).json;
    assert.equal(sum(buckets, 'refusals'), refusals);
    return [sum(buckets, 'pulls'), refusals];
  };
  assert.deepEqual(await of(admin), [2, 2]);
  assert.deepEqual(await of(alice), [2, 1], 'what she did, and what happened in what she owns');
  assert.deepEqual(await of(dave), [0, 2]);
});

test('periods are whole, in order', async () => {
  for (const [period, interval, length] of [['day', 'hour', 25], ['week', 'day', 8], ['month', 'day', 31]] as const) {
    const answer = (await admin.must('GET', `/statistics?period=${period}`)).json;
    assert.deepEqual([answer.period, answer.interval], [period, interval]);
    assert.ok(Math.abs(answer.buckets.length - length) <= 1, `${answer.buckets.length}`);
    const times = answer.buckets.map((one: Bucket) => one.at);
    assert.deepEqual(times, [...times].sort());
    assert.equal(sum(answer.buckets, 'pulls'), 2);
  }
  for (const [query, field] of [['period=year', 'period'], ['top=0', 'top'], ['top=51', 'top'], ['top=x', 'top']]) {
    const answer = await admin.get(`/statistics?${query}`);
    assert.deepEqual([answer.status, answer.json.field], [400, field]);
  }
});

test('namespaces by size, the rest in one', async () => {
  const repositories = await admin.list('/repositories');
  const sizeOf = (name: string): number => repositories.find((one) => one.name === name).size;
  const { storage } = (await admin.must('GET', '/statistics')).json;
  assert.equal(storage.total_bytes, sizeOf('team/app') + sizeOf('open/app') + sizeOf('nowhere/app'));
  assert.equal(storage.other_bytes, sizeOf('nowhere/app'), 'what lies in no namespace');
  assert.deepEqual(storage.namespaces.map((one: { name: string; bytes: number }) => [one.name, one.bytes]), [['team', sizeOf('team/app')], ['open', sizeOf('open/app')]]);
  const top = (await admin.must('GET', '/statistics?top=1')).json.storage;
  assert.deepEqual([top.namespaces.length, top.other_bytes], [1, sizeOf('nowhere/app') + sizeOf('open/app')]);
  const ofDave = (await dave.must('GET', '/statistics')).json.storage;
  assert.ok(!ofDave.namespaces.some((one: { name: string }) => one.name === 'team'), 'what he may not pull');
});

test('activity is counted by the filters of its list', async () => {
  const of = async (caller: Caller, query: string): Promise<[number, number]> => {
    const { buckets, interval } = (await caller.must('GET', `/activity/summary?${query}`)).json;
    assert.ok(['hour', 'day'].includes(interval));
    return [sum(buckets, 'done'), sum(buckets, 'refused')];
  };
  await admin.must('POST', '/groups', { name: 'counted' });
  await new Caller(server.url).ask('POST', '/session', { username: 'dave', password: 'not his' });
  for (const query of ['', 'kind=group', 'actor=admin', 'action=session.created', 'q=dave', 'outcome=refused', 'kind=session&outcome=done']) {
    const events = await admin.list(`/activity?${query}`);
    const expected = ['done', 'refused'].map((outcome) => events.filter((one) => one.outcome === outcome).length);
    assert.deepEqual(await of(admin, query), expected, query);
  }
  assert.deepEqual(await of(alice, ''), [(await alice.list('/activity')).length, 0]);
  const long = (await admin.must('GET', '/activity/summary?since=2026-01-01T00:00:00Z')).json;
  assert.equal(long.interval, 'day');
  for (const [query, field] of [['since=2020-01-01T00:00:00Z', 'since'], ['since=x', 'since'], ['since=2026-03-02T00:00:00Z&until=2026-03-01T00:00:00Z', 'since'], ['outcome=x', 'outcome']]) {
    const answer = await admin.get(`/activity/summary?${query}`);
    assert.deepEqual([answer.status, answer.json.field], [400, field]);
  }
});
