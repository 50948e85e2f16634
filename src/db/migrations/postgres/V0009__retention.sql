-- What a namespace keeps. `rules` is JSON; `tried_digest` is the digest of the rules whose dry run was last looked at,
-- which is what may be enabled.
CREATE TABLE retention (
  namespace_id BIGINT           NOT NULL PRIMARY KEY REFERENCES namespace (id) ON DELETE CASCADE,
  rules        TEXT COLLATE "C" NOT NULL,
  enabled      SMALLINT         NOT NULL DEFAULT 0,
  tried_digest VARCHAR(64) COLLATE "C",
  due_at       BIGINT           NOT NULL DEFAULT 0,
  ran_at       BIGINT,
  removed      BIGINT           NOT NULL DEFAULT 0,
  failed       BIGINT           NOT NULL DEFAULT 0,
  detail       TEXT COLLATE "C"
);
CREATE INDEX retention_by_due ON retention (enabled, due_at);
