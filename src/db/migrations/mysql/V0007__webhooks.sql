-- Whom a namespace tells of what happens in it. `events` are words joined by commas. The secret that deliveries are signed
-- with follows from the id, `version` and the server's key. `holder` is who delivers to it until `claimed_until`;
-- `paused_until` is set by a delivery that failed; `dropped` counts what was not even queued because too much waited.
CREATE TABLE webhook (
  id            BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
  namespace_id  BIGINT       NOT NULL,
  name          VARCHAR(512) NOT NULL,
  url           TEXT         NOT NULL,
  events        VARCHAR(64)  NOT NULL,
  version       BIGINT       NOT NULL DEFAULT 1,
  enabled       SMALLINT     NOT NULL,
  paused_until  BIGINT       NOT NULL DEFAULT 0,
  holder        VARCHAR(64),
  claimed_until BIGINT       NOT NULL DEFAULT 0,
  dropped       BIGINT       NOT NULL DEFAULT 0,
  created_at    BIGINT       NOT NULL,
  changed_at    BIGINT       NOT NULL,
  FOREIGN KEY (namespace_id) REFERENCES namespace (id) ON DELETE CASCADE,
  UNIQUE (namespace_id, name)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- What is to be told, and what came of it: `status` is the last answer's, and `problem` what was wrong with it, or why
-- there was none.
CREATE TABLE webhook_delivery (
  id          BIGINT      NOT NULL AUTO_INCREMENT PRIMARY KEY,
  webhook_id  BIGINT      NOT NULL,
  event_id    VARCHAR(64) NOT NULL,
  event       VARCHAR(16) NOT NULL,
  body        TEXT        NOT NULL,
  state       VARCHAR(16) NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'delivered', 'given_up')),
  created_at  BIGINT      NOT NULL,
  next_at     BIGINT      NOT NULL,
  attempts    BIGINT      NOT NULL DEFAULT 0,
  status      BIGINT,
  problem     TEXT,
  finished_at BIGINT,
  FOREIGN KEY (webhook_id) REFERENCES webhook (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
CREATE INDEX webhook_delivery_by_state ON webhook_delivery (state, next_at, id);
CREATE INDEX webhook_delivery_by_webhook ON webhook_delivery (webhook_id, state, id);
CREATE INDEX webhook_delivery_by_finished ON webhook_delivery (finished_at);
