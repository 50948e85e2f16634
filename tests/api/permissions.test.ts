// Every operation of api/openapi.yaml, asked by every kind of caller about what is his, what he only sees, what is somebody
// else's and what does not exist: the status is what x-allows says, nothing that is refused changes anything, and what
// must stay hidden answers as what is missing. A new operation has to say here what a request for it looks like.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Distribution3 } from '../support/distribution3.ts';
import { FakeRegistry } from '../support/fake_registry.ts';
import type { Answer } from '../support/http.ts';
import { type Operation, operations, policies } from '../support/openapi.ts';
import { png } from '../support/png.ts';
import { eventually } from '../support/process.ts';
import type { Spectacles } from '../support/spectacles.ts';
import { Caller, passwords, placeOf, startWorld, tokenStatus } from '../support/world.ts';

// Who asks, and by which account. Robots come here once there are any.
const accounts = {
  anonymous: undefined,
  user: 'dave', // owns nothing
  'other owner': 'bob',
  owner: 'alice',
  auditor: 'auditor',
  administrator: 'admin',
} as const;
type Kind = keyof typeof accounts;
const kinds = Object.keys(accounts) as Kind[];
const victim = 'carol'; // whose everything is foreign to all of them

// own: his user, his session, his namespace, what lies in it, a group that he is in. seen: he may see it, without
// managing it. foreign: there, and no business of his. missing: not there.
type Relation = 'own' | 'seen' | 'foreign' | 'missing';
type Parameters = Record<string, string>;

const own: Partial<Record<Kind, string>> = { 'other owner': 'open', owner: 'team', auditor: 'of-auditor', administrator: 'of-admin' };
const everybody = 'dave, bob, alice, auditor, admin';
const more = (registry: string): string => `
registries:
  - {name: main, url: "${registry}"}
groups:
  - {name: crew, members: [${everybody}]}
  - {name: strangers, members: [${victim}]}
namespaces:
  - {registry: main, name: of-auditor, owner: auditor}
  - {registry: main, name: of-admin, owner: admin}
  - {registry: main, name: shared, owner: ${victim}, members: [${everybody}], member_access: READ}
  - {registry: main, name: private, owner: ${victim}}
`;
// Beside what everybody asks about: tags and repositories that may be used up.
const namespaceNames = [...Object.values(own), 'shared', 'private'];
const spareTags = Array.from({ length: 20 }, (_, i) => `spare-${i}`);
const spareRepositories = ['gone-0', 'gone-1', 'gone-2'];
const repositories = namespaceNames.flatMap((namespace) => [
  [`${namespace}/app`, ['latest', ...spareTags]],
  ...spareRepositories.map((name) => [`${namespace}/${name}`, ['latest']]),
]);

let server: Spectacles;
let registry: Distribution3;
const callers = {} as Record<Kind, Caller>;
const paths: Record<string, string> = {}; // of what everybody asks about, by its name
const idOf = (name: string): string => paths[name].split('/').at(-1) ?? '';

before(async () => {
  registry = await Distribution3.start('Docker registry', '', Object.fromEntries(repositories));
  // One pass of the background right at the start.
  server = await startWorld({ SPECTACLES_BACKGROUND: 'inside', SPECTACLES_BACKGROUND_UPDATE: '86400' }, more(registry.url));
  registry.realm = server.realm;
  for (const kind of kinds) {
    const account = accounts[kind];
    callers[kind] = account ? await Caller.signIn(server.url, account) : new Caller(server.url);
  }
  const admin = callers.administrator;
  await eventually(30, async () => (await admin.list('/repositories')).length === repositories.length);
  for (const one of await admin.list('/users')) paths[one.username] = `/users/${one.id}`;
  for (const list of ['/groups', '/registries', '/namespaces', '/repositories']) {
    for (const one of await admin.list(list)) paths[one.name] = `${list}/${one.id}`;
  }
  for (const namespace of namespaceNames) {
    const path = `${paths[`${namespace}/app`]}/manifests/${digestOfTag(namespace, 'latest')}/raw`;
    await eventually(30, async () => (await admin.get(path)).status === 200);
    trashed[namespace] = await makeTrash(namespace);
  }
  for (const namespace of [...Object.values(own), 'shared', 'private']) paths[`webhook of ${namespace}`] = `/webhooks/${await makeWebhook(namespace)}`;
});
after(() => server.stop());

// What an operation is asked about --------------------------------------------------------------------------------

interface Targets {
  own?: Parameters;
  seen?: Parameters;
  foreign: Parameters;
  missing: Parameters[];
  notInOwn?: Parameters[]; // missing too, in something of one's own: alike among themselves
}
interface Fresh {
  parameters: Parameters;
  account?: string; // who asks, where what is used up is the caller himself
}
interface Family {
  targets: (kind: Kind) => Targets;
  // Something that the row may use up, in the same relation to the caller as the shared target.
  make: (kind: Kind, relation: Relation) => Promise<Fresh>;
}

const noIds = ['9007199254740991', '0', '-1', 'abc', '99999999999999999999'];
const missingIds = noIds.map((id) => ({ id }));
let made = 0;
const nextName = (): string => `made-${made++}`;

async function makeUser(role: string): Promise<{ id: string; username: string }> {
  const username = nextName();
  passwords[username] = `what opens for ${username}`;
  const answer = await callers.administrator.must('POST', '/users', { username, password: passwords[username], role });
  return { id: `${answer.json.id}`, username };
}
async function newSession(account: string): Promise<string> {
  const caller = await Caller.signIn(server.url, account);
  const sessions = await caller.list(`${paths[account]}/sessions`);
  return `${sessions.find((one) => one.current).id}`;
}
async function makeGroup(members: string[]): Promise<string> {
  return placeOf(await callers.administrator.must('POST', '/groups', { name: nextName(), members })).split('/')[2];
}
async function makeWebhook(namespace: string): Promise<string> {
  const body = { name: nextName(), url: 'http://127.0.0.1:1/' };
  return placeOf(await callers.administrator.must('POST', `${paths[namespace]}/webhooks`, body)).split('/')[2];
}
const accountOf = (kind: Kind, relation: Relation): string => (relation === 'own' && accounts[kind]) || victim;
const ownOf = (kind: Kind, of: (namespace: string) => Parameters): Parameters | undefined => {
  const name = own[kind];
  return name === undefined ? undefined : of(name);
};
const sessions: Record<string, string> = {}; // one more session of each account

// The namespace that a relation is about: one's own, one in which one reads, one of somebody else.
const namespaceOf = (kind: Kind, relation: Relation): string => (relation === 'own' && own[kind]) || (relation === 'seen' ? 'shared' : 'private');
const used: Record<string, number> = {};
const spare = (what: string, of: string[]): string => of[(used[what] = (used[what] ?? -1) + 1)] ?? assert.fail(`no more ${what}`);
const appOf = (namespace: string): string => idOf(`${namespace}/app`);
const digestOfTag = (namespace: string, tag: string): string => registry.repository(`${namespace}/app`).tags.get(tag) ?? assert.fail(tag);
const trashed: Record<string, string> = {}; // an entry of each namespace

async function makeTrash(namespace: string): Promise<string> {
  const before = new Set((await callers.administrator.list('/trash')).map((one) => one.id));
  await callers.administrator.must('DELETE', `/repositories/${appOf(namespace)}/tags/${spare(namespace, spareTags)}`);
  return `${(await callers.administrator.list('/trash')).find((one) => !before.has(one.id)).id}`;
}
// What lies in a repository of each namespace.
const inRepository = (part: string, of: (namespace: string) => string, fresh: (namespace: string) => string, missing: string[]): Family => {
  const at = (namespace: string): Parameters => ({ id: appOf(namespace), [part]: of(namespace) });
  return {
    targets: (kind) => ({
      own: ownOf(kind, at),
      seen: at('shared'),
      foreign: at('private'),
      missing: noIds.map((id) => ({ ...at('private'), id })),
      notInOwn: own[kind] ? missing.map((name) => ({ id: appOf(own[kind] ?? ''), [part]: name })) : [],
    }),
    make: async (kind, relation) => {
      const namespace = namespaceOf(kind, relation);
      return { parameters: { id: appOf(namespace), [part]: fresh(namespace) } };
    },
  };
};

const families: Record<string, Family> = {
  '/users/{id}': {
    targets: (kind) => ({ own: { id: idOf(accountOf(kind, 'own')) }, foreign: { id: idOf(victim) }, missing: missingIds }),
    make: async (kind, relation) => {
      const { id, username } = await makeUser(kind === 'administrator' ? 'admin' : kind === 'auditor' ? 'auditor' : 'user');
      return { parameters: { id }, account: relation === 'own' ? username : undefined };
    },
  },
  '/users/{id}/sessions/{session}': {
    targets: (kind) => {
      const [self, other] = [accountOf(kind, 'own'), victim];
      const mine = { id: idOf(self), session: sessions[self] ?? '1' };
      const theirs = { id: idOf(other), session: sessions[other] };
      return {
        own: mine,
        foreign: theirs,
        missing: [...noIds.map((id) => ({ ...mine, id })), { ...theirs, session: mine.session }, { ...theirs, session: 'abc' }],
        notInOwn: [theirs.session, ...noIds].map((session) => ({ ...mine, session })),
      };
    },
    make: async (kind, relation) => {
      const account = accountOf(kind, relation);
      return { parameters: { id: idOf(account), session: await newSession(account) } };
    },
  },
  '/groups/{id}': {
    targets: () => ({ own: { id: idOf('crew') }, foreign: { id: idOf('strangers') }, missing: missingIds }),
    make: async (kind, relation) => ({ parameters: { id: await makeGroup([accountOf(kind, relation)]) } }),
  },
  '/groups/{id}/members/{username}': {
    targets: (kind) => {
      const mine = { id: idOf('crew'), username: accountOf(kind, 'own') };
      return {
        own: mine,
        foreign: { id: idOf('strangers'), username: victim },
        missing: [...noIds.map((id) => ({ ...mine, id })), ...['nobody', 'Not%20A%20Name'].map((username) => ({ ...mine, username }))],
      };
    },
    make: async (kind, relation) => {
      const username = accountOf(kind, relation);
      return { parameters: { id: await makeGroup([username]), username } };
    },
  },
  '/registries/{id}': {
    targets: () => ({ own: { id: idOf('main') }, foreign: { id: idOf('third') }, missing: missingIds }),
    make: async () => {
      const name = nextName();
      const another = await FakeRegistry.start(name, server.realm);
      return { parameters: { id: `${(await callers.administrator.must('POST', '/registries', { name, url: another.url })).json.id}` } };
    },
  },
  '/namespaces/{id}': {
    targets: (kind) => ({ own: ownOf(kind, (name) => ({ id: idOf(name) })), seen: { id: idOf('shared') }, foreign: { id: idOf('private') }, missing: missingIds }),
    make: async (kind, relation) => {
      const body = { registry: 'main', name: nextName(), owner: accountOf(kind, relation) };
      return { parameters: { id: `${(await callers.administrator.must('POST', '/namespaces', body)).json.id}` } };
    },
  },
  '/webhooks/{id}': {
    targets: (kind) => ({
      own: ownOf(kind, (name) => ({ id: idOf(`webhook of ${name}`) })),
      seen: { id: idOf('webhook of shared') },
      foreign: { id: idOf('webhook of private') },
      missing: missingIds,
    }),
    make: async (kind, relation) => {
      const namespace = relation === 'own' ? own[kind] : relation === 'seen' ? 'shared' : 'private';
      return { parameters: { id: await makeWebhook(namespace ?? assert.fail(`${kind} owns nothing`)) } };
    },
  },
  '/repositories/{id}': {
    targets: (kind) => ({
      own: ownOf(kind, (name) => ({ id: idOf(`${name}/app`) })),
      seen: { id: idOf('shared/app') },
      foreign: { id: idOf('private/app') },
      missing: missingIds,
    }),
    make: async (kind, relation) => {
      const namespace = namespaceOf(kind, relation);
      return { parameters: { id: idOf(`${namespace}/${spare(`${namespace}/`, spareRepositories)}`) } };
    },
  },
  '/repositories/{id}/tags/{tag}': inRepository('tag', () => 'latest', (namespace) => spare(namespace, spareTags), ['nowhere', 'no%20tag']),
  '/repositories/{id}/manifests/{digest}': inRepository(
    'digest',
    (namespace) => digestOfTag(namespace, 'latest'),
    (namespace) => digestOfTag(namespace, spare(namespace, spareTags)),
    [`sha256:${'0'.repeat(64)}`, 'sha256:0'],
  ),
  '/trash/{id}': {
    targets: (kind) => ({ own: ownOf(kind, (name) => ({ id: trashed[name] })), seen: { id: trashed.shared }, foreign: { id: trashed.private }, missing: missingIds }),
    make: async (kind, relation) => ({ parameters: { id: await makeTrash(namespaceOf(kind, relation)) } }),
  },
};

function familyOf(operation: Operation): Family | undefined {
  const prefix = operation.path.replace(/(?<=\})\/[^{}]*$/, '');
  if (!prefix.includes('{')) return undefined;
  const family = families[prefix];
  if (!family) throw new Error(`say in families what ${prefix} can be about`);
  return family;
}

// What a request for an operation looks like ------------------------------------------------------------------------

interface Recipe {
  body?: (relation: Relation, account: string) => unknown | Promise<unknown>; // needed where {} is none; `account` asks
  raw?: { type: string; body: Buffer }; // a body that is no JSON
  query?: (kind: Kind) => Parameters; // needed where there are required parameters
  usesUp?: true; // the target is not the same afterwards
  endsCaller?: true; // the caller's session is over afterwards
  statuses?: Partial<Record<Kind, number>>; // where x-allows does not say all
}

const notInNamespaces = { user: 403, 'other owner': 403, auditor: 403 } as const; // of others, nobody creates one
const recipes: Record<string, Recipe> = {
  register: { body: () => ({ username: nextName(), password: 'long enough to be one' }), statuses: Object.fromEntries(kinds.map((kind) => [kind, 403])) },
  get_session: { statuses: { anonymous: 401 } },
  sign_in: { body: () => ({ username: victim, password: passwords[victim] }) },
  sign_out: { endsCaller: true },
  create_user: { body: () => ({ username: nextName(), password: 'long enough to be one' }) },
  delete_user: { usesUp: true },
  change_password: {
    body: (relation, account) => ({ password: 'another that opens', ...(relation === 'own' ? { current_password: passwords[account] } : {}) }),
    usesUp: true,
  },
  end_sessions: { usesUp: true },
  end_session: { usesUp: true },
  create_group: { body: () => ({ name: nextName() }) },
  delete_group: { usesUp: true },
  remove_group_member: { usesUp: true },
  add_registry: { body: async () => ({ name: nextName(), url: (await FakeRegistry.start(nextName(), server.realm)).url }) },
  test_registry: { body: () => ({ url: registry.url }) },
  remove_registry: { usesUp: true },
  receive_notifications: { body: () => ({ events: [] }) },
  create_namespace: { body: () => ({ registry: 'main', name: `team/${nextName()}` }), statuses: notInNamespaces },
  preview_namespace: { query: () => ({ registry: 'main', name: 'team/sub' }), statuses: notInNamespaces },
  delete_namespace: { usesUp: true },
  adopt_repository: { body: () => ({ owner: victim }), statuses: { administrator: 409 } }, // a namespace covers each of them
  search: { query: () => ({ q: 'app' }) },
  preview_deletion: { body: () => ({ all: true }) },
  delete_tags: { body: () => ({ tags: ['nowhere'] }) },
  // Asked wrongly, as an answer would not end.
  listen: { query: () => ({ cursor: 'none' }), statuses: { user: 400, 'other owner': 400, owner: 400, auditor: 400, administrator: 400 } },
  replace_avatar: { raw: { type: 'image/png', body: png(2, 2) } },
  delete_tag: { usesUp: true },
  delete_manifest: { usesUp: true },
  delete_repository: { usesUp: true },
  restore_trash: { usesUp: true },
  open_gc_window: { usesUp: true },
  create_webhook: { body: () => ({ name: nextName(), url: 'http://127.0.0.1:1/' }) },
  delete_webhook: { usesUp: true },
  list_grantees: { query: () => ({ registry: 'main', repository: 'team/app', action: 'pull' }), statuses: { user: 404, 'other owner': 404 } },
  list_reach: { query: (kind) => ({ user: accounts[kind] ?? '' }) },
  simulate_changes: {
    body: () => ({ changes: [{ namespace: { registry: 'main', name: 'team', description: 'new' } }] }),
    statuses: { user: 404, 'other owner': 403 }, // who sees it without owning it is told so
  },
  explain_access: { query: (kind) => ({ registry: 'main', user: accounts[kind] ?? '', repository: 'private/app', action: 'pull' }) },
};

async function bodyOf(operation: Operation, relation: Relation, account: string): Promise<unknown> {
  if (!operation.body) return undefined;
  const body = recipes[operation.id]?.body;
  if (body) return await body(relation, account);
  if (operation.body.required.length > 0) throw new Error(`say in recipes what a body of ${operation.id} looks like: it needs ${operation.body.required}`);
  return {};
}

function placeOn(operation: Operation, parameters: Parameters, kind: Kind): string {
  const query = recipes[operation.id]?.query?.(kind) ?? {};
  for (const { name, in: where, required } of operation.parameters) {
    if (where === 'query' && required && !(name in query)) throw new Error(`say in recipes what ${name} of ${operation.id} is`);
  }
  const path = operation.path.replace(/\{(\w+)\}/g, (_, name: string) => parameters[name]);
  return Object.keys(query).length > 0 ? `${path}?${new URLSearchParams(query)}` : path;
}

// What x-allows says ---------------------------------------------------------------------------------------------------

const isReader = (kind: Kind): boolean => kind === 'auditor' || kind === 'administrator';

// 'yes', or the status that refuses. `relation` is undefined where the operation is about nothing in particular.
function judge(policy: string, kind: Kind, relation: Relation | undefined): 'yes' | number {
  if (policy === 'anybody') return 'yes';
  if (policy === 'registry') return 401;
  if (kind === 'anonymous') return 401;
  const isAdministrator = kind === 'administrator';
  const isMissing = relation === 'missing';
  const found = isMissing ? 404 : 'yes';
  switch (policy) {
    case 'signed_in':
    case 'browser':
      return found;
    case 'administrator':
      return isAdministrator ? found : 403;
    case 'reader':
      return isReader(kind) ? found : 403;
    case 'chooser':
      return isReader(kind) || own[kind] ? found : 403;
  }
  if (relation === undefined) throw new Error(`${policy} is about something, and the path names nothing`);
  if (isMissing) return 404;
  switch (policy) {
    case 'self_or_reader':
      return relation === 'own' || isReader(kind) ? 'yes' : 404;
    case 'self_or_administrator':
      return relation === 'own' || isAdministrator ? 'yes' : kind === 'auditor' ? 403 : 404;
    case 'reader_or_nothing':
      return isReader(kind) ? 'yes' : 404;
    case 'sees_namespace':
    case 'browses_repository':
      return relation === 'foreign' && !isReader(kind) ? 404 : 'yes';
    case 'manager':
    case 'deleter':
      if (relation === 'own' || isAdministrator) return 'yes';
      return relation === 'seen' || kind === 'auditor' ? 403 : 404;
    case 'manager_or_reader':
      if (relation === 'own' || isReader(kind)) return 'yes';
      return relation === 'seen' ? 403 : 404;
    default:
      throw new Error(`say in judge what ${policy} means`);
  }
}

// Auditors see who exists: they may be told that they may not, whatever it is that they ask about.
const statusesFor = (policy: string, kind: Kind, relation: Relation | undefined): (number | 'yes')[] =>
  policy === 'self_or_administrator' && kind === 'auditor' && relation === 'missing' ? [403, 404] : [judge(policy, kind, relation)];

// What an administrator sees of everything ----------------------------------------------------------------------------

async function stateOfAll(): Promise<object> {
  const admin = callers.administrator;
  const namespaces = (await admin.list('/namespaces')).map((one) => admin.get(`/namespaces/${one.id}`));
  const signedIn = Object.values(accounts).filter((account) => account !== undefined).map(async (account) => {
    const all = await admin.list(`${paths[account]}/sessions`);
    return all.map((one) => one.id).sort();
  });
  return {
    users: await admin.list('/users'),
    groups: await admin.list('/groups'),
    registries: (await admin.list('/registries')).map(({ sync: _, ...rest }) => rest), // the background reads on
    settings: (await admin.must('GET', '/settings')).json,
    namespaces: (await Promise.all(namespaces)).map((one) => one.json),
    sessions: await Promise.all(signedIn),
    password: await tokenStatus(server, victim),
    events: (await admin.get('/activity?limit=1')).headers['x-total-count'],
  };
}

// The tests ------------------------------------------------------------------------------------------------------------

test('each operation says whom it allows, and nothing here is about an operation that is gone', () => {
  assert.deepEqual(operations.filter((one) => !one.allows).map((one) => one.id), [], 'without x-allows');
  const unknown = operations.filter((one) => one.allows && !policies.includes(one.allows)).map((one) => `${one.id}: ${one.allows}`);
  assert.deepEqual(unknown, [], 'x-allows that the description does not explain');
  assert.deepEqual(policies.filter((policy) => !operations.some((one) => one.allows === policy)), [], 'explained and not used');
  const ids = new Set(operations.map((one) => one.id));
  assert.equal(ids.size, operations.length);
  assert.deepEqual(Object.keys(recipes).filter((id) => !ids.has(id)), []);
  const used = new Set(operations.map((one) => familyOf(one)));
  assert.deepEqual(Object.keys(families).filter((prefix) => !used.has(families[prefix])), []);
});

interface Row {
  kind: Kind;
  relation: Relation | undefined;
  parameters: Parameters;
  expected: number[];
}

function rowsOf(operation: Operation): Row[] {
  const policy = operation.allows ?? assert.fail(`${operation.id} has no x-allows`);
  const family = familyOf(operation);
  return kinds.flatMap((kind) => {
    const row = (relation: Relation | undefined, parameters: Parameters): Row => {
      const stated = recipes[operation.id]?.statuses?.[kind];
      const statuses = statusesFor(policy, kind, relation).map((one) => (one === 'yes' ? (stated ?? operation.success) : one));
      return { kind, relation, parameters, expected: statuses };
    };
    if (!family) return [row(undefined, {})];
    const targets = family.targets(kind);
    const missing = [...targets.missing, ...(targets.notInOwn ?? [])].map((parameters) => row('missing', parameters));
    const there = (['own', 'seen', 'foreign'] as const).flatMap((relation) => (targets[relation] ? [row(relation, targets[relation])] : []));
    // Nobody has nothing of his own.
    return [...there.filter((one) => one.kind !== 'anonymous' || one.relation !== 'own'), ...missing];
  });
}

async function ask(operation: Operation, { kind, relation, parameters, expected }: Row): Promise<Answer> {
  const recipe = recipes[operation.id] ?? {};
  const isDone = expected[0] < 300;
  const fresh = isDone && recipe.usesUp && relation ? await familyOf(operation)?.make(kind, relation) : undefined;
  const account = fresh?.account ?? accounts[kind] ?? '';
  const needsAnother = fresh?.account || (recipe.endsCaller && account);
  const caller = needsAnother ? await Caller.signIn(server.url, account) : callers[kind];
  const path = placeOn(operation, fresh?.parameters ?? parameters, kind);
  if (recipe.raw) return await caller.send({ method: operation.method, path, headers: { 'content-type': recipe.raw.type }, body: recipe.raw.body });
  return await caller.ask(operation.method, path, await bodyOf(operation, relation ?? 'own', account));
}

async function faultsOf(operation: Operation, rows: Row[]): Promise<string[]> {
  const faults: string[] = [];
  for (const row of rows) {
    const name = `${row.kind}, ${row.relation ?? 'no target'} ${JSON.stringify(row.parameters)}`;
    try {
      const answer = await ask(operation, row);
      if (!row.expected.includes(answer.status)) faults.push(`${name}: ${answer.status} instead of ${row.expected}: ${answer.text.slice(0, 200)}`);
    } catch (error) {
      faults.push(`${name}: ${error instanceof Error ? error.message : error}`);
    }
  }
  return faults;
}

// All of an answer that a caller can tell apart.
const shapeOf = ({ status, headers, text }: Answer): string => {
  const names = Object.keys(headers).filter((name) => !['date', 'x-request-id'].includes(name)).sort();
  return JSON.stringify([status, names, text.replace(/"request_id":"[^"]*"/, '')]);
};

type Ask = (caller: Caller, path: string, kind: Kind) => Promise<Answer>;
const json = { 'content-type': 'application/json' };

// The ways of asking that a target could betray itself by: each has to answer alike whether it is there or not.
function waysOf(operation: Operation): [string, Ask][] {
  const asked = (headers: Record<string, string>): Ask => async (caller, path, kind) =>
    caller.ask(operation.method, path, await bodyOf(operation, 'foreign', accounts[kind] ?? ''), headers);
  const raw = (headers: Record<string, string>, body: string): Ask => (caller, path) => caller.send({ method: operation.method, path, headers, body });
  const ways: [string, Ask][] = [['plainly', asked({})]];
  if (operation.parameters.some((one) => one.name === 'If-Match')) {
    ways.push(['with another tag', asked({ 'if-match': '"other"' })], ['with a wrong If-Match', asked({ 'if-match': 'x' })], ['with any tag', asked({ 'if-match': '*' })]);
  }
  if (operation.body) {
    ways.push(['with an unknown member', raw(json, '{"nonsense":1}')], ['with no JSON', raw(json, '{')], ['with text', raw({ 'content-type': 'text/plain' }, 'x')], ['with nothing', raw(json, '')]);
  }
  for (const { name, in: where } of operation.parameters) {
    if (where !== 'query') continue;
    ways.push([`with a strange ${name}`, (caller, path, kind) => asked({})(caller, `${path}?${name}=%00`, kind)]);
  }
  return ways;
}

// Whether somebody may not know that the foreign target is there.
const isHidden = (operation: Operation, kind: Kind): boolean => {
  const status = judge(operation.allows ?? '', kind, 'foreign');
  return status === 404 || status === 401 || (status === 403 && kind !== 'auditor');
};

async function betrayals(operation: Operation, family: Family): Promise<string[]> {
  const found: string[] = [];
  for (const kind of kinds.filter((one) => isHidden(operation, one))) {
    const targets = family.targets(kind);
    for (const [way, ask] of waysOf(operation)) {
      for (const [foreign, ...missing] of [[targets.foreign, ...targets.missing], targets.notInOwn ?? []]) {
        if (!foreign) continue;
        const wanted = shapeOf(await ask(callers[kind], placeOn(operation, foreign, kind), kind));
        for (const parameters of missing) {
          const shape = shapeOf(await ask(callers[kind], placeOn(operation, parameters, kind), kind));
          if (shape !== wanted) found.push(`${kind} asks ${way} about ${JSON.stringify(parameters)}: ${shape}, but of what is there ${wanted}`);
        }
      }
    }
  }
  return found;
}

describe('every caller at every object', () => {
  before(async () => {
    for (const account of [...Object.values(accounts), victim]) if (account) sessions[account] = await newSession(account);
  });

  for (const operation of operations) {
    test(`${operation.method} ${operation.path}: ${operation.allows}`, async () => {
      const rows = rowsOf(operation);
      const before = await stateOfAll();
      const faults = await faultsOf(operation, rows.filter((row) => row.expected[0] >= 400));
      const family = familyOf(operation);
      if (family) faults.push(...(await betrayals(operation, family)));
      assert.deepEqual(await stateOfAll(), before, 'what was refused has changed something');
      faults.push(...(await faultsOf(operation, rows.filter((row) => row.expected[0] < 400))));
      const shown = faults.slice(0, 20).join('\n');
      assert.equal(faults.length, 0, `${faults.length} faults, the first of them:\n${shown}`);
    });
  }
});

describe('nobody in particular, while anonymous browsing is on', () => {
  const anybody = (): Caller => callers.anonymous;
  const choose = (on: boolean): Promise<Answer> => callers.administrator.must('PATCH', '/settings', { anonymous_browsing: on });
  before(() => choose(true));
  after(() => choose(false));

  for (const operation of operations) {
    const browses = operation.allows?.startsWith('brows');
    test(`${operation.method} ${operation.path}`, async () => {
      const family = familyOf(operation);
      if (!browses) {
        // As while it is off; what ends a session has none to end.
        const faults = await faultsOf(operation, rowsOf(operation).filter((row) => row.kind === 'anonymous' && row.expected[0] >= 400));
        return assert.deepEqual(faults, []);
      }
      const expected = recipes[operation.id]?.statuses?.anonymous ?? operation.success;
      const open = family?.targets('other owner').own ?? {};
      const shown = await anybody().get(placeOn(operation, open, 'anonymous'));
      assert.equal(shown.status, expected, shown.text);
      for (const account of [...Object.values(accounts), victim]) if (account) assert.ok(!shown.text.includes(`"${account}"`), shown.text);
      assert.doesNotMatch(shown.text, /"(team|shared|private|of-)[^"]*\/app"/);
      if (!family) return;
      for (const { foreign, seen, missing } of [family.targets('anonymous')]) {
        const wanted = shapeOf(await anybody().get(placeOn(operation, missing[0], 'anonymous')));
        for (const hidden of [foreign, seen ?? foreign]) assert.equal(shapeOf(await anybody().get(placeOn(operation, hidden, 'anonymous'))), wanted);
        assert.equal(JSON.parse(wanted)[0], 404);
      }
    });
  }

  test('shows what everybody may pull, and no more', async () => {
    assert.deepEqual(new Set((await anybody().list('/repositories')).map((one) => one.name.split('/')[0])), new Set(['open']));
    assert.deepEqual((await anybody().list('/repositories?unassigned=true')), []);
    assert.deepEqual((await anybody().must('GET', '/search?q=app')).json.map((hit: { repository: { name: string } }) => hit.repository.name), ['open/app']);
  });

  test('the server says that it is', async () => {
    assert.equal((await anybody().must('GET', '/instance')).json.anonymous_browsing, true);
  });

  test('a session that is over is not taken for none', async () => {
    const stale = new Caller(server.url, 'spectacles_session=gone');
    assert.equal((await stale.get('/repositories')).status, 401);
  });
});

test('nothing of all this was a fault of the server', () => assert.doesNotMatch(server.log, /request failed/));
