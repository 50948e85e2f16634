-- What was deleted here and can be brought back. The bytes of a manifest and of all that it leads to are kept (in
-- base64, as no engine takes every byte in a text) before the registry is told to delete it: 'deleting' until the
-- registry has said that it did, 'kept' then, 'unverified' after its garbage may have been collected, 'gone' when its
-- layers are. `tags` is a JSON list of names. Names stand here as text: an entry outlives repository and account.
CREATE TABLE trash_entry (
  id          BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
  registry_id BIGINT       NOT NULL,
  repository  VARCHAR(255) NOT NULL,
  digest      VARCHAR(160) NOT NULL,
  media_type  TEXT         NOT NULL,
  tags        TEXT         NOT NULL,
  size        BIGINT       NOT NULL,
  state       VARCHAR(16)  NOT NULL CHECK (state IN ('deleting', 'kept', 'unverified', 'gone', 'restored')),
  reason      TEXT         NOT NULL,
  deleted_by  VARCHAR(128) NOT NULL,
  deleted_at  BIGINT       NOT NULL,
  changed_at  BIGINT       NOT NULL,
  FOREIGN KEY (registry_id) REFERENCES registry (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
CREATE INDEX trash_entry_by_repository ON trash_entry (registry_id, repository, id);
CREATE INDEX trash_entry_by_state ON trash_entry (state, id);
CREATE INDEX trash_entry_by_time ON trash_entry (deleted_at, id);

-- The manifests of an entry, in the order in which they are pushed back: what others lead to comes first, its own last.
CREATE TABLE trash_manifest (
  entry_id   BIGINT       NOT NULL,
  position   BIGINT       NOT NULL,
  digest     VARCHAR(160) NOT NULL,
  media_type TEXT         NOT NULL,
  bytes      MEDIUMTEXT   NOT NULL,
  FOREIGN KEY (entry_id) REFERENCES trash_entry (id) ON DELETE CASCADE,
  PRIMARY KEY (entry_id, position)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- A tag that is moved to a manifest of its own, which is then deleted with it: how distribution 2 loses one tag of
-- several. Whoever finds a row that is old finishes what another process began.
CREATE TABLE tag_removal (
  id          BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
  registry_id BIGINT       NOT NULL,
  repository  VARCHAR(255) NOT NULL,
  tag         VARCHAR(128) NOT NULL,
  placeholder VARCHAR(160) NOT NULL,
  begun_at    BIGINT       NOT NULL,
  FOREIGN KEY (registry_id) REFERENCES registry (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
CREATE INDEX tag_removal_by_registry ON tag_removal (registry_id);
