// Pictures of people: drawn again, bounded, seen by who may see the user, gone with him.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Answer } from '../support/http.ts';
import { chunk, png } from '../support/png.ts';
import type { Spectacles } from '../support/spectacles.ts';
import { Caller, passwords, startWorld } from '../support/world.ts';

let server: Spectacles;
let admin: Caller;
let alice: Caller;
let path: string;
before(async () => {
  server = await startWorld();
  admin = await Caller.signIn(server.url, 'admin');
  alice = await Caller.signIn(server.url, 'alice');
  path = `${await admin.pathOf('/users', 'alice')}/avatar`;
});
after(() => server.stop());

const put = (caller: Caller, body: Buffer, type = 'image/png', to = path): Promise<Answer> =>
  caller.send({ method: 'PUT', path: to, headers: { 'content-type': type }, body });
const sizeOf = ({ bytes }: Answer): number[] => [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
const events = async (): Promise<string[]> => (await admin.list('/activity?kind=user&q=alice')).map((one) => one.action).filter((one) => one.startsWith('user.avatar'));

test('a pattern stands for who has none', async () => {
  const answer = await alice.get(path);
  assert.equal(answer.status, 200);
  assert.equal(answer.headers['content-type'], 'image/png');
  assert.equal(answer.headers['x-content-type-options'], 'nosniff');
  assert.equal(answer.headers['x-avatar'], 'identicon');
  assert.deepEqual(sizeOf(answer), [64, 64]);
  assert.deepEqual(sizeOf(await alice.get(`${path}?size=256`)), [256, 256]);
  assert.deepEqual((await alice.get(path)).bytes, answer.bytes);
  for (const size of ['63', '0', '-1', 'x', '1e9']) {
    const refused = await alice.get(`${path}?size=${size}`);
    assert.deepEqual([refused.status, refused.json.field], [400, 'size']);
  }
});

test('what was uploaded is drawn again, and known by its ETag', async () => {
  const pattern = await alice.get(path);
  const sent = png(300, 200, [1, 2, 3], [chunk('tEXt', Buffer.from('Comment\0where I live'))]);
  assert.equal((await put(alice, sent)).status, 204);
  const shown = await alice.get(path);
  assert.equal(shown.headers['x-avatar'], 'uploaded');
  assert.deepEqual(sizeOf(shown), [64, 64]);
  assert.deepEqual(sizeOf(await alice.get(`${path}?size=256`)), [256, 256]);
  assert.ok(!shown.bytes.includes('where I live'));
  assert.notEqual(shown.headers.etag, pattern.headers.etag);
  const again = await alice.send({ path, headers: { 'if-none-match': shown.headers.etag } });
  assert.deepEqual([again.status, again.bytes.length], [304, 0]);
  assert.deepEqual((await admin.get(path)).bytes, shown.bytes);

  assert.equal((await put(alice, sent)).status, 204);
  assert.deepEqual(await events(), ['user.avatar_changed'], 'the same again changes nothing');
  const other = await put(admin, png(10, 10, [9, 9, 9]));
  assert.equal(other.status, 204);
  assert.equal((await alice.send({ path, headers: { 'if-none-match': shown.headers.etag } })).status, 200);

  assert.equal((await alice.ask('DELETE', path)).status, 204);
  assert.equal((await alice.ask('DELETE', path)).status, 204);
  assert.deepEqual((await alice.get(path)).bytes, pattern.bytes);
  assert.deepEqual(await events(), ['user.avatar_removed', 'user.avatar_changed', 'user.avatar_changed']);
});

test('what is no small PNG is refused and changes nothing', async () => {
  const huge = png(1, 1);
  huge.writeUInt32BE(50_000, 16);
  huge.writeUInt32BE(50_000, 20);
  const rows: [string, Buffer, string, number][] = [
    ['nothing', Buffer.alloc(0), 'image/png', 400],
    ['text', Buffer.from('hello'), 'image/png', 400],
    ['markup', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'), 'image/png', 400],
    ['markup that says so', Buffer.from('<svg/>'), 'image/svg+xml', 415],
    ['a JPEG that calls itself PNG', Buffer.from([0xff, 0xd8, 0xff, 0xe0]), 'image/png', 400],
    ['half of one', png(64, 64).subarray(0, 60), 'image/png', 400],
    ['one that states a size it has not', huge, 'image/png', 413],
    ['one that is too wide', png(4097, 1), 'image/png', 413],
    ['JSON', Buffer.from('{}'), 'application/json', 415],
  ];
  const before = (await events()).length;
  for (const [name, body, type, status] of rows) {
    const answer = await put(alice, body, type);
    assert.deepEqual([answer.status, answer.json.field], [status, 'avatar'], `${name}: ${answer.text}`);
  }
  assert.equal((await put(alice, Buffer.alloc(1024 * 1024 + 1))).status, 413);
  assert.equal((await put(alice, png(4096, 4096))).status, 204, 'a large one of few bytes');
  assert.equal((await events()).length, before + 1);
});

test('goes with its user', async () => {
  passwords.zoe = 'the words of one who is new';
  const made = await admin.must('POST', '/users', { username: 'zoe', password: passwords.zoe });
  const place = `/users/${made.json.id}/avatar`;
  assert.equal((await put(admin, png(5, 5), 'image/png', place)).status, 204);
  await admin.must('DELETE', `/users/${made.json.id}`);
  assert.equal((await admin.get(place)).status, 404);
});
