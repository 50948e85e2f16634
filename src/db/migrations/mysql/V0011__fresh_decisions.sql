-- Decisions of the hour that runs: two small indexes, so that a token which nobody was given before costs a few
-- microseconds, and none of those that reading millions takes. When their hour is over they move to `decision`, whose
-- columns these are. key_high and key_low are the first 128 bits of the SHA-256 of what makes two grants of an hour the
-- same (hour, user, registry, repository, actions), and NULL for refusals, which are never the same.
CREATE TABLE fresh_decision (
  id               BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
  key_high         BIGINT,
  key_low          BIGINT,
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
CREATE UNIQUE INDEX fresh_decision_by_key ON fresh_decision (key_high, key_low);
CREATE INDEX fresh_decision_by_at ON fresh_decision (at, id);
