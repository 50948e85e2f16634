-- What a digest stands for, once for each registry. It is read from the registry one time and verified against the
-- digest; `bytes` are its very bytes, `length` of them, `config` those of an image's configuration. `size` is what a
-- pull transfers at most: the manifest, its configuration and its layers, each once; of an index, all that it leads to.
-- One that is unreadable without a `read_at` is asked for again: its bytes were not those of its digest.
CREATE TABLE manifest (
  id            BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
  registry_id   BIGINT       NOT NULL,
  digest        VARCHAR(160) NOT NULL,
  media_type    TEXT         NOT NULL,
  state         VARCHAR(16)  NOT NULL DEFAULT 'unread' CHECK (state IN ('unread', 'read', 'unreadable')),
  problem       TEXT,
  kind          VARCHAR(16)  CHECK (kind IN ('image', 'index', 'artifact')),
  artifact_type TEXT,
  subject       VARCHAR(160),
  platform      TEXT,
  created_at    BIGINT,
  size          BIGINT,
  length        BIGINT,
  layers        BIGINT,
  bytes         MEDIUMTEXT,
  config        MEDIUMTEXT,
  first_seen_at BIGINT       NOT NULL,
  read_at       BIGINT,
  FOREIGN KEY (registry_id) REFERENCES registry (id) ON DELETE CASCADE,
  UNIQUE (registry_id, digest)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
CREATE INDEX manifest_by_state ON manifest (registry_id, state, id);
CREATE INDEX manifest_by_subject ON manifest (registry_id, subject);

-- What a manifest leads to, in its own order: its configuration, its layers, the manifests of an index.
CREATE TABLE manifest_part (
  manifest_id BIGINT       NOT NULL,
  position    BIGINT       NOT NULL,
  role        VARCHAR(16)  NOT NULL CHECK (role IN ('config', 'layer', 'manifest')),
  digest      VARCHAR(160) NOT NULL,
  media_type  TEXT         NOT NULL,
  size        BIGINT       NOT NULL,
  platform    TEXT,
  FOREIGN KEY (manifest_id) REFERENCES manifest (id) ON DELETE CASCADE,
  PRIMARY KEY (manifest_id, position)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
CREATE INDEX manifest_part_by_digest ON manifest_part (digest);

-- natural_name sorts numbers in names by their value; '' until the next pass writes it. missing_since: the complete pass
-- that first did not find it any more; missing_passes: how many have not since. pulls counts what was told of. Where a
-- time is 0, that has not been seen to happen.
ALTER TABLE repository ADD COLUMN natural_name VARCHAR(512) NOT NULL DEFAULT '';
ALTER TABLE repository ADD COLUMN namespace_id BIGINT;
ALTER TABLE repository ADD FOREIGN KEY (namespace_id) REFERENCES namespace (id) ON DELETE SET NULL;
ALTER TABLE repository ADD COLUMN tag_count BIGINT NOT NULL DEFAULT 0;
ALTER TABLE repository ADD COLUMN size BIGINT NOT NULL DEFAULT 0;
ALTER TABLE repository ADD COLUMN pushed_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE repository ADD COLUMN pulled_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE repository ADD COLUMN pulls BIGINT NOT NULL DEFAULT 0;
ALTER TABLE repository ADD COLUMN missing_since BIGINT;
ALTER TABLE repository ADD COLUMN missing_passes BIGINT NOT NULL DEFAULT 0;

ALTER TABLE tag ADD COLUMN natural_name VARCHAR(512) NOT NULL DEFAULT '';
ALTER TABLE tag ADD COLUMN manifest_id BIGINT;
ALTER TABLE tag ADD FOREIGN KEY (manifest_id) REFERENCES manifest (id) ON DELETE SET NULL;
ALTER TABLE tag ADD COLUMN size BIGINT NOT NULL DEFAULT 0;
ALTER TABLE tag ADD COLUMN pushed_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE tag ADD COLUMN pulled_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE tag ADD COLUMN pulls BIGINT NOT NULL DEFAULT 0;
ALTER TABLE tag ADD COLUMN missing_since BIGINT;
ALTER TABLE tag ADD COLUMN missing_passes BIGINT NOT NULL DEFAULT 0;

-- What is known already: which namespace decides (the longest that is a proper prefix of whole segments, or '/'), how
-- many tags there are, when they were last moved.
UPDATE repository SET
  tag_count = (SELECT count(*) FROM tag WHERE tag.repository_id = repository.id),
  pushed_at = changed_at,
  namespace_id = (
    SELECT n.id FROM namespace n WHERE n.registry_id = repository.registry_id AND (
      (n.name = '/' AND instr(repository.name, '/') = 0)
      OR substr(repository.name, 1, length(n.name) + 1) = concat(n.name, '/'))
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
ALTER TABLE registry_sync ADD COLUMN requested_at BIGINT;
ALTER TABLE registry_sync ADD COLUMN phase VARCHAR(16);
ALTER TABLE registry_sync ADD COLUMN repositories_total BIGINT NOT NULL DEFAULT 0;
ALTER TABLE registry_sync ADD COLUMN repositories_done BIGINT NOT NULL DEFAULT 0;
ALTER TABLE registry_sync ADD COLUMN tags_done BIGINT NOT NULL DEFAULT 0;
ALTER TABLE registry_sync ADD COLUMN details_done BIGINT NOT NULL DEFAULT 0;
ALTER TABLE registry_sync ADD COLUMN braked_at BIGINT;
ALTER TABLE registry_sync ADD COLUMN vanished_repositories BIGINT NOT NULL DEFAULT 0;
ALTER TABLE registry_sync ADD COLUMN vanished_tags BIGINT NOT NULL DEFAULT 0;
ALTER TABLE registry_sync ADD COLUMN removal_confirmed SMALLINT NOT NULL DEFAULT 0;
