-- Times are milliseconds since 1970 in UTC. Levels are 'NONE', 'READ', 'WRITE', 'FULL'. Names are stored in the one
-- canonical form that src/names gives them, so that equality is equality of bytes.

CREATE TABLE setting (
  name  TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
);

-- Who people are ---------------------------------------------------------------------------------------------------

CREATE TABLE account (
  id            INTEGER PRIMARY KEY AUTOINCREMENT,
  username      TEXT    NOT NULL UNIQUE,
  email         TEXT,
  password_hash TEXT    NOT NULL,
  role          TEXT    NOT NULL CHECK (role IN ('user', 'auditor', 'admin')),
  disabled      INTEGER NOT NULL DEFAULT 0,
  created_at    INTEGER NOT NULL,
  changed_at    INTEGER NOT NULL
);

-- token_hash is an HMAC of the cookie's value: who reads the table cannot sign in with it.
CREATE TABLE session (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  token_hash TEXT    NOT NULL UNIQUE,
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  created_at INTEGER NOT NULL,
  seen_at    INTEGER NOT NULL,
  address    TEXT    NOT NULL,
  user_agent TEXT    NOT NULL
);
CREATE INDEX session_by_account ON session (account_id);

CREATE TABLE user_group (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  name       TEXT    NOT NULL UNIQUE,
  created_at INTEGER NOT NULL
);

CREATE TABLE user_group_member (
  group_id    INTEGER NOT NULL REFERENCES user_group (id) ON DELETE CASCADE,
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  PRIMARY KEY (group_id, account_id)
);
CREATE INDEX user_group_member_by_account ON user_group_member (account_id);

-- The registries ----------------------------------------------------------------------------------------------------

CREATE TABLE registry (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  name        TEXT    NOT NULL UNIQUE,
  url         TEXT    NOT NULL,
  public_host TEXT    NOT NULL,
  service     TEXT    NOT NULL UNIQUE,
  key_mode    TEXT    NOT NULL CHECK (key_mode IN ('x5c', 'jwks')),
  ca          TEXT,
  pin         TEXT,
  created_at  INTEGER NOT NULL,
  changed_at  INTEGER NOT NULL
);

-- What may be done --------------------------------------------------------------------------------------------------

CREATE TABLE namespace (
  id               INTEGER PRIMARY KEY AUTOINCREMENT,
  registry_id      INTEGER NOT NULL REFERENCES registry (id),
  name             TEXT    NOT NULL,
  owner_id         INTEGER NOT NULL REFERENCES account (id),
  description      TEXT    NOT NULL,
  member_access    TEXT    NOT NULL,
  group_access     TEXT    NOT NULL,
  other_access     TEXT    NOT NULL,
  anonymous_access TEXT    NOT NULL CHECK (anonymous_access IN ('NONE', 'READ')),
  created_at       INTEGER NOT NULL,
  changed_at       INTEGER NOT NULL,
  UNIQUE (registry_id, name)
);
CREATE INDEX namespace_by_owner ON namespace (owner_id);

CREATE TABLE namespace_member (
  namespace_id INTEGER NOT NULL REFERENCES namespace (id) ON DELETE CASCADE,
  account_id   INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  PRIMARY KEY (namespace_id, account_id)
);
CREATE INDEX namespace_member_by_account ON namespace_member (account_id);

CREATE TABLE namespace_group (
  namespace_id INTEGER NOT NULL REFERENCES namespace (id) ON DELETE CASCADE,
  group_id      INTEGER NOT NULL REFERENCES user_group (id) ON DELETE CASCADE,
  PRIMARY KEY (namespace_id, group_id)
);
CREATE INDEX namespace_group_by_group ON namespace_group (group_id);

-- A custom right, of a user or of a group.
CREATE TABLE namespace_claim (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  namespace_id INTEGER NOT NULL REFERENCES namespace (id) ON DELETE CASCADE,
  account_id   INTEGER REFERENCES account (id) ON DELETE CASCADE,
  group_id      INTEGER REFERENCES user_group (id) ON DELETE CASCADE,
  pattern      TEXT    NOT NULL,
  access       TEXT    NOT NULL,
  CHECK ((account_id IS NULL) <> (group_id IS NULL))
);
CREATE UNIQUE INDEX namespace_claim_of_account ON namespace_claim (namespace_id, account_id, pattern)
  WHERE account_id IS NOT NULL;
CREATE UNIQUE INDEX namespace_claim_of_group ON namespace_claim (namespace_id, group_id, pattern)
  WHERE group_id IS NOT NULL;
CREATE INDEX namespace_claim_by_account ON namespace_claim (account_id);
CREATE INDEX namespace_claim_by_group ON namespace_claim (group_id);

-- What is in the registries -----------------------------------------------------------------------------------------

CREATE TABLE repository (
  id            INTEGER PRIMARY KEY AUTOINCREMENT,
  registry_id   INTEGER NOT NULL REFERENCES registry (id) ON DELETE CASCADE,
  name          TEXT    NOT NULL,
  first_seen_at INTEGER NOT NULL,
  changed_at    INTEGER NOT NULL,
  UNIQUE (registry_id, name)
);

CREATE TABLE tag (
  repository_id INTEGER NOT NULL REFERENCES repository (id) ON DELETE CASCADE,
  name          TEXT    NOT NULL,
  digest        TEXT    NOT NULL,
  media_type    TEXT    NOT NULL,
  first_seen_at INTEGER NOT NULL,
  changed_at    INTEGER NOT NULL,
  PRIMARY KEY (repository_id, name)
);

-- The state of the background's work on a registry. `holder` is the process that has claimed it until `claimed_until`.
CREATE TABLE registry_sync (
  registry_id   INTEGER NOT NULL PRIMARY KEY REFERENCES registry (id) ON DELETE CASCADE,
  holder        TEXT,
  claimed_until INTEGER NOT NULL DEFAULT 0,
  outcome       TEXT    NOT NULL DEFAULT 'never' CHECK (outcome IN ('never', 'complete', 'partial', 'failed')),
  started_at    INTEGER,
  finished_at   INTEGER,
  complete_at   INTEGER,
  detail        TEXT
);

-- What happened -----------------------------------------------------------------------------------------------------

-- Names stand here as text: what happened outlives the things it happened to.
CREATE TABLE activity (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  at          INTEGER NOT NULL,
  actor_id    INTEGER,
  actor       TEXT,
  action      TEXT    NOT NULL,
  subject     TEXT    NOT NULL,
  address     TEXT,
  outcome     TEXT    NOT NULL CHECK (outcome IN ('done', 'refused')),
  before_json TEXT,
  after_json  TEXT
);
CREATE INDEX activity_by_actor ON activity (actor_id, id);
