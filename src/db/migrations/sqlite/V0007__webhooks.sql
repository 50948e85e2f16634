-- Whom a namespace tells of what happens in it. `events` are words joined by commas. The secret that deliveries are signed
-- with follows from the id, `version` and the server's key. `holder` is who delivers to it until `claimed_until`;
-- `paused_until` is set by a delivery that failed; `dropped` counts what was not even queued because too much waited.
CREATE TABLE webhook (
  id            INTEGER PRIMARY KEY AUTOINCREMENT,
  namespace_id  INTEGER NOT NULL REFERENCES namespace (id) ON DELETE CASCADE,
  name          TEXT    NOT NULL,
  url           TEXT    NOT NULL,
  events        TEXT    NOT NULL,
  version       INTEGER NOT NULL DEFAULT 1,
  enabled       INTEGER NOT NULL,
  paused_until  INTEGER NOT NULL DEFAULT 0,
  holder        TEXT,
  claimed_until INTEGER NOT NULL DEFAULT 0,
  dropped       INTEGER NOT NULL DEFAULT 0,
  created_at    INTEGER NOT NULL,
  changed_at    INTEGER NOT NULL,
  UNIQUE (namespace_id, name)
);

-- What is to be told, and what came of it: `status` is the last answer's, and `problem` what was wrong with it, or why
-- there was none.
CREATE TABLE webhook_delivery (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  webhook_id  INTEGER NOT NULL REFERENCES webhook (id) ON DELETE CASCADE,
  event_id    TEXT    NOT NULL,
  event       TEXT    NOT NULL,
  body        TEXT    NOT NULL,
  state       TEXT    NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'delivered', 'given_up')),
  created_at  INTEGER NOT NULL,
  next_at     INTEGER NOT NULL,
  attempts    INTEGER NOT NULL DEFAULT 0,
  status      INTEGER,
  problem     TEXT,
  finished_at INTEGER
);
CREATE INDEX webhook_delivery_by_state ON webhook_delivery (state, next_at, id);
CREATE INDEX webhook_delivery_by_webhook ON webhook_delivery (webhook_id, state, id);
CREATE INDEX webhook_delivery_by_finished ON webhook_delivery (finished_at);
