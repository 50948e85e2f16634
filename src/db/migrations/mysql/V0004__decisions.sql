-- What the token endpoint decided. A refusal of anything that was asked for is a row of its own; grants are summed up:
-- `hour` is the hour in which they were given (and NULL for refusals), `count` how many, `at` the first, `last_at` the
-- last. Names stand here as text, and ids outlive what they named. Where nobody was signed in user_name is ''; where the
-- catalog of the registry was asked for repository is ''. passed_over is JSON.
CREATE TABLE decision (
  id               BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
  at               BIGINT       NOT NULL,
  last_at          BIGINT       NOT NULL,
  hour             BIGINT,
  count            BIGINT       NOT NULL,
  outcome          VARCHAR(16)  NOT NULL CHECK (outcome IN ('granted', 'refused')),
  account_id       BIGINT,
  user_name        VARCHAR(64)  NOT NULL,
  registry_id      BIGINT       NOT NULL,
  registry         VARCHAR(128) NOT NULL,
  namespace_id     BIGINT,
  namespace        VARCHAR(255),
  repository       VARCHAR(255) NOT NULL,
  requested        VARCHAR(32)  NOT NULL,
  granted          VARCHAR(32)  NOT NULL,
  rule_name        VARCHAR(16)  NOT NULL,
  reason           TEXT         NOT NULL,
  passed_over      TEXT,
  address          VARCHAR(64),
  client           TEXT
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
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
  hour             BIGINT       NOT NULL PRIMARY KEY,
  count            BIGINT       NOT NULL
) ENGINE = InnoDB;
