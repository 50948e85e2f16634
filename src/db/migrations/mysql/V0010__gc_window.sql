-- A registry that collects its garbage: until the window is closed, or `open_until` has passed, no push and no delete is
-- granted there. Whoever runs the collection renews it.
CREATE TABLE gc_window (
  registry_id BIGINT       NOT NULL PRIMARY KEY,
  holder      VARCHAR(64)  NOT NULL,
  opened_at   BIGINT       NOT NULL,
  opened_by   VARCHAR(128) NOT NULL,
  reason      TEXT         NOT NULL,
  open_until  BIGINT       NOT NULL,
  FOREIGN KEY (registry_id) REFERENCES registry (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- Until when a token that pushes or deletes may be good at a registry: not before then is it quiet. Never too early, and
-- some seconds too late, so that it need not be written for every token.
CREATE TABLE write_grant (
  registry_id BIGINT NOT NULL PRIMARY KEY,
  good_until  BIGINT NOT NULL,
  FOREIGN KEY (registry_id) REFERENCES registry (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
