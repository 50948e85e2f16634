-- Decisions of the hour that runs: two small indexes, so that a token which nobody was given before costs a few
-- microseconds, and none of those that reading millions takes. When their hour is over they move to `decision`, whose
-- columns these are. key_high and key_low are the first 128 bits of the SHA-256 of what makes two grants of an hour the
-- same (hour, user, registry, repository, actions), and NULL for refusals, which are never the same.
CREATE TABLE fresh_decision (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  key_high     INTEGER,
  key_low      INTEGER,
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
CREATE UNIQUE INDEX fresh_decision_by_key ON fresh_decision (key_high, key_low);
CREATE INDEX fresh_decision_by_at ON fresh_decision (at, id);
