-- Counted up when the secret of the registry's notifications is made anew: the secret follows from it and the server's
-- key, so that none is kept here.
ALTER TABLE registry ADD COLUMN notification_version BIGINT NOT NULL DEFAULT 1;

-- What registries told of, from before they get their answer until a week after it was applied. `at` is the registry's
-- time, and never later than when the notification came. `tag` and `digest` are those of the event: one of them may be
-- missing. The ids are the registry's: the same one is told again until it was answered.
CREATE TABLE notification (
  id           BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
  registry_id  BIGINT       NOT NULL,
  event_id     VARCHAR(128) NOT NULL,
  action       VARCHAR(16)  NOT NULL CHECK (action IN ('push', 'pull', 'delete')),
  at           BIGINT       NOT NULL,
  repository   VARCHAR(255) NOT NULL,
  tag          VARCHAR(128),
  digest       VARCHAR(160),
  media_type   TEXT         NOT NULL,
  actor        TEXT         NOT NULL,
  address      TEXT         NOT NULL,
  received_at  BIGINT       NOT NULL,
  processed_at BIGINT,
  FOREIGN KEY (registry_id) REFERENCES registry (id) ON DELETE CASCADE,
  UNIQUE (registry_id, event_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
CREATE INDEX notification_by_processed ON notification (processed_at, id);
CREATE INDEX notification_by_repository ON notification (registry_id, repository, action, at);
