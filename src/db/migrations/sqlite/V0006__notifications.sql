-- Counted up when the secret of the registry's notifications is made anew: the secret follows from it and the server's
-- key, so that none is kept here.
ALTER TABLE registry ADD COLUMN notification_version INTEGER NOT NULL DEFAULT 1;

-- What registries told of, from before they get their answer until a week after it was applied. `at` is the registry's
-- time, and never later than when the notification came. `tag` and `digest` are those of the event: one of them may be
-- missing. The ids are the registry's: the same one is told again until it was answered.
CREATE TABLE notification (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  registry_id  INTEGER NOT NULL REFERENCES registry (id) ON DELETE CASCADE,
  event_id     TEXT    NOT NULL,
  action       TEXT    NOT NULL CHECK (action IN ('push', 'pull', 'delete')),
  at           INTEGER NOT NULL,
  repository   TEXT    NOT NULL,
  tag          TEXT,
  digest       TEXT,
  media_type   TEXT    NOT NULL,
  actor        TEXT    NOT NULL,
  address      TEXT    NOT NULL,
  received_at  INTEGER NOT NULL,
  processed_at INTEGER,
  UNIQUE (registry_id, event_id)
);
CREATE INDEX notification_by_processed ON notification (processed_at, id);
CREATE INDEX notification_by_repository ON notification (registry_id, repository, action, at);
