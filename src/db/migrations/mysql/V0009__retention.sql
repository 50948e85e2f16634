-- What a namespace keeps. `rules` is JSON; `tried_digest` is the digest of the rules whose dry run was last looked at,
-- which is what may be enabled.
CREATE TABLE retention (
  namespace_id BIGINT   NOT NULL PRIMARY KEY,
  rules        TEXT     NOT NULL,
  enabled      SMALLINT NOT NULL DEFAULT 0,
  tried_digest VARCHAR(64),
  due_at       BIGINT   NOT NULL DEFAULT 0,
  ran_at       BIGINT,
  removed      BIGINT   NOT NULL DEFAULT 0,
  failed       BIGINT   NOT NULL DEFAULT 0,
  detail       TEXT,
  FOREIGN KEY (namespace_id) REFERENCES namespace (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
CREATE INDEX retention_by_due ON retention (enabled, due_at);
