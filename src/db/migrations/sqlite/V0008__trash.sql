-- What was deleted here and can be brought back. The bytes of a manifest and of all that it leads to are kept (in
-- base64, as no engine takes every byte in a text) before the registry is told to delete it: 'deleting' until the
-- registry has said that it did, 'kept' then, 'unverified' after its garbage may have been collected, 'gone' when its
-- layers are. `tags` is a JSON list of names. Names stand here as text: an entry outlives repository and account.
CREATE TABLE trash_entry (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  registry_id INTEGER NOT NULL REFERENCES registry (id) ON DELETE CASCADE,
  repository  TEXT    NOT NULL,
  digest      TEXT    NOT NULL,
  media_type  TEXT    NOT NULL,
  tags        TEXT    NOT NULL,
  size        INTEGER NOT NULL,
  state       TEXT    NOT NULL CHECK (state IN ('deleting', 'kept', 'unverified', 'gone', 'restored')),
  reason      TEXT    NOT NULL,
  deleted_by  TEXT    NOT NULL,
  deleted_at  INTEGER NOT NULL,
  changed_at  INTEGER NOT NULL
);
CREATE INDEX trash_entry_by_repository ON trash_entry (registry_id, repository, id);
CREATE INDEX trash_entry_by_state ON trash_entry (state, id);
CREATE INDEX trash_entry_by_time ON trash_entry (deleted_at, id);

-- The manifests of an entry, in the order in which they are pushed back: what others lead to comes first, its own last.
CREATE TABLE trash_manifest (
  entry_id   INTEGER NOT NULL REFERENCES trash_entry (id) ON DELETE CASCADE,
  position   INTEGER NOT NULL,
  digest     TEXT    NOT NULL,
  media_type TEXT    NOT NULL,
  bytes      TEXT    NOT NULL,
  PRIMARY KEY (entry_id, position)
);

-- A tag that is moved to a manifest of its own, which is then deleted with it: how distribution 2 loses one tag of
-- several. Whoever finds a row that is old finishes what another process began.
CREATE TABLE tag_removal (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  registry_id INTEGER NOT NULL REFERENCES registry (id) ON DELETE CASCADE,
  repository  TEXT    NOT NULL,
  tag         TEXT    NOT NULL,
  placeholder TEXT    NOT NULL,
  begun_at    INTEGER NOT NULL
);
CREATE INDEX tag_removal_by_registry ON tag_removal (registry_id);
