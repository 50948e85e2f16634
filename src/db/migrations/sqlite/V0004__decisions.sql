-- What the token endpoint decided. A refusal of anything that was asked for is a row of its own; grants are summed up:
-- `hour` is the hour in which they were given (and NULL for refusals), `count` how many, `at` the first, `last_at` the
-- last. Names stand here as text, and ids outlive what they named. Where nobody was signed in user_name is ''; where the
-- catalog of the registry was asked for repository is ''. passed_over is JSON.
CREATE TABLE decision (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  at           INTEGER NOT NULL,
  last_at      INTEGER NOT NULL,
  hour         INTEGER,
  count        INTEGER NOT NULL,
  outcome      TEXT    NOT NULL CHECK (outcome IN ('granted', 'refused')),
  account_id   INTEGER,
  user_name    TEXT    NOT NULL,
  registry_id  INTEGER NOT NULL,
  registry     TEXT    NOT NULL,
  namespace_id INTEGER,
  namespace    TEXT,
  repository   TEXT    NOT NULL,
  requested    TEXT    NOT NULL,
  granted      TEXT    NOT NULL,
  rule_name    TEXT    NOT NULL,
  reason       TEXT    NOT NULL,
  passed_over  TEXT,
  address      TEXT,
  client       TEXT
);
-- NULLs are distinct to a unique index: this holds for grants only.
CREATE UNIQUE INDEX decision_summed ON decision (hour, user_name, registry_id, repository, granted);
-- With what a chart counts and a list of refusals looks for, so that both read the index alone.
CREATE INDEX decision_by_at ON decision (at, id, outcome, count);
CREATE INDEX decision_by_account ON decision (account_id, at, id);
CREATE INDEX decision_by_user ON decision (user_name, at, id);
CREATE INDEX decision_by_namespace ON decision (namespace_id, at, id);
CREATE INDEX decision_by_repository ON decision (repository, at, id);
CREATE INDEX decision_by_address ON decision (address, at, id);

-- How many decisions of an hour could not be kept.
CREATE TABLE decision_dropped (
  hour  INTEGER NOT NULL PRIMARY KEY,
  count INTEGER NOT NULL
);
