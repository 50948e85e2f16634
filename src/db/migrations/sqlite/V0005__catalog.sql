-- What a digest stands for, once for each registry. It is read from the registry one time and verified against the
-- digest; `bytes` are its very bytes, `length` of them, `config` those of an image's configuration. `size` is what a
-- pull transfers at most: the manifest, its configuration and its layers, each once; of an index, all that it leads to.
-- One that is unreadable without a `read_at` is asked for again: its bytes were not those of its digest.
CREATE TABLE manifest (
  id            INTEGER PRIMARY KEY AUTOINCREMENT,
  registry_id   INTEGER NOT NULL REFERENCES registry (id) ON DELETE CASCADE,
  digest        TEXT    NOT NULL,
  media_type    TEXT    NOT NULL,
  state         TEXT    NOT NULL DEFAULT 'unread' CHECK (state IN ('unread', 'read', 'unreadable')),
  problem       TEXT,
  kind          TEXT    CHECK (kind IN ('image', 'index', 'artifact')),
  artifact_type TEXT,
  subject       TEXT,
  platform      TEXT,
  created_at    INTEGER,
  size          INTEGER,
  length        INTEGER,
  layers        INTEGER,
  bytes         TEXT,
  config        TEXT,
  first_seen_at INTEGER NOT NULL,
  read_at       INTEGER,
  UNIQUE (registry_id, digest)
);
CREATE INDEX manifest_by_state ON manifest (registry_id, state, id);
CREATE INDEX manifest_by_subject ON manifest (registry_id, subject);

-- What a manifest leads to, in its own order: its configuration, its layers, the manifests of an index.
CREATE TABLE manifest_part (
  manifest_id INTEGER NOT NULL REFERENCES manifest (id) ON DELETE CASCADE,
  position    INTEGER NOT NULL,
  role        TEXT    NOT NULL CHECK (role IN ('config', 'layer', 'manifest')),
  digest      TEXT    NOT NULL,
  media_type  TEXT    NOT NULL,
  size        INTEGER NOT NULL,
  platform    TEXT,
  PRIMARY KEY (manifest_id, position)
);
CREATE INDEX manifest_part_by_digest ON manifest_part (digest);

-- natural_name sorts numbers in names by their value; '' until the next pass writes it. missing_since: the complete pass
-- that first did not find it any more; missing_passes: how many have not since. pulls counts what was told of. Where a
-- time is 0, that has not been seen to happen.
ALTER TABLE repository ADD COLUMN natural_name TEXT NOT NULL DEFAULT '';
ALTER TABLE repository ADD COLUMN namespace_id INTEGER REFERENCES namespace (id) ON DELETE SET NULL;
ALTER TABLE repository ADD COLUMN tag_count INTEGER NOT NULL DEFAULT 0;
ALTER TABLE repository ADD COLUMN size INTEGER NOT NULL DEFAULT 0;
ALTER TABLE repository ADD COLUMN pushed_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE repository ADD COLUMN pulled_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE repository ADD COLUMN pulls INTEGER NOT NULL DEFAULT 0;
ALTER TABLE repository ADD COLUMN missing_since INTEGER;
ALTER TABLE repository ADD COLUMN missing_passes INTEGER NOT NULL DEFAULT 0;

ALTER TABLE tag ADD COLUMN natural_name TEXT NOT NULL DEFAULT '';
ALTER TABLE tag ADD COLUMN manifest_id INTEGER REFERENCES manifest (id) ON DELETE SET NULL;
ALTER TABLE tag ADD COLUMN size INTEGER NOT NULL DEFAULT 0;
ALTER TABLE tag ADD COLUMN pushed_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE tag ADD COLUMN pulled_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE tag ADD COLUMN pulls INTEGER NOT NULL DEFAULT 0;
ALTER TABLE tag ADD COLUMN missing_since INTEGER;
ALTER TABLE tag ADD COLUMN missing_passes INTEGER NOT NULL DEFAULT 0;

-- What is known already: which namespace decides (the longest that is a proper prefix of whole segments, or '/'), how
-- many tags there are, when they were last moved.
UPDATE repository SET
  tag_count = (SELECT count(*) FROM tag WHERE tag.repository_id = repository.id),
  pushed_at = changed_at,
  namespace_id = (
    SELECT n.id FROM namespace n WHERE n.registry_id = repository.registry_id AND (
      (n.name = '/' AND instr(repository.name, '/') = 0)
      OR substr(repository.name, 1, length(n.name) + 1) = n.name || '/')
    ORDER BY length(n.name) DESC LIMIT 1);
UPDATE tag SET pushed_at = changed_at;

-- Every order in which lists are read, over all, in a registry, in a namespace.
CREATE INDEX repository_by_name ON repository (natural_name, id);
CREATE INDEX repository_by_namespace ON repository (namespace_id, natural_name, id);
CREATE INDEX repository_by_registry ON repository (registry_id, natural_name, id);
CREATE INDEX repository_by_size ON repository (size, id);
CREATE INDEX repository_by_pushed ON repository (pushed_at, id);
CREATE INDEX repository_by_pulled ON repository (pulled_at, id);
CREATE INDEX repository_by_changed ON repository (changed_at, id);
CREATE INDEX repository_by_tags ON repository (tag_count, id);
CREATE INDEX tag_by_natural_name ON tag (repository_id, natural_name, name);
CREATE INDEX tag_by_pushed ON tag (repository_id, pushed_at, name);
CREATE INDEX tag_by_pulled ON tag (repository_id, pulled_at, name);
CREATE INDEX tag_by_changed ON tag (repository_id, changed_at, name);
CREATE INDEX tag_by_size ON tag (repository_id, size, name);
CREATE INDEX tag_by_name ON tag (name, repository_id);
CREATE INDEX tag_by_manifest ON tag (manifest_id);

-- How far the pass under way is; that one was asked for; and the brake: removals that wait for somebody to confirm them,
-- because too much vanished at once.
ALTER TABLE registry_sync ADD COLUMN requested_at INTEGER;
ALTER TABLE registry_sync ADD COLUMN phase TEXT;
ALTER TABLE registry_sync ADD COLUMN repositories_total INTEGER NOT NULL DEFAULT 0;
ALTER TABLE registry_sync ADD COLUMN repositories_done INTEGER NOT NULL DEFAULT 0;
ALTER TABLE registry_sync ADD COLUMN tags_done INTEGER NOT NULL DEFAULT 0;
ALTER TABLE registry_sync ADD COLUMN details_done INTEGER NOT NULL DEFAULT 0;
ALTER TABLE registry_sync ADD COLUMN braked_at INTEGER;
ALTER TABLE registry_sync ADD COLUMN vanished_repositories INTEGER NOT NULL DEFAULT 0;
ALTER TABLE registry_sync ADD COLUMN vanished_tags INTEGER NOT NULL DEFAULT 0;
ALTER TABLE registry_sync ADD COLUMN removal_confirmed INTEGER NOT NULL DEFAULT 0;
