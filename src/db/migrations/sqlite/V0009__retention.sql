-- What a namespace keeps. `rules` is JSON; `tried_digest` is the digest of the rules whose dry run was last looked at,
-- which is what may be enabled.
CREATE TABLE retention (
  namespace_id INTEGER NOT NULL PRIMARY KEY REFERENCES namespace (id) ON DELETE CASCADE,
  rules        TEXT    NOT NULL,
  enabled      INTEGER NOT NULL DEFAULT 0,
  tried_digest TEXT,
  due_at       INTEGER NOT NULL DEFAULT 0,
  ran_at       INTEGER,
  removed      INTEGER NOT NULL DEFAULT 0,
  failed       INTEGER NOT NULL DEFAULT 0,
  detail       TEXT
);
CREATE INDEX retention_by_due ON retention (enabled, due_at);
