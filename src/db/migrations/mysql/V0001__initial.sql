-- Times are milliseconds since 1970 in UTC. Levels are 'NONE', 'READ', 'WRITE', 'FULL'. Names are stored in the one
-- canonical form that src/names gives them, so that equality is equality of bytes.
-- Texts compare and sort by their bytes, whatever the database was made with: utf8mb4_bin.

CREATE TABLE setting (
  name             VARCHAR(64)  NOT NULL PRIMARY KEY,
  value            MEDIUMTEXT   NOT NULL
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- Who people are ---------------------------------------------------------------------------------------------------

CREATE TABLE account (
  id               BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
  username         VARCHAR(64)  NOT NULL UNIQUE,
  email            TEXT,
  password_hash    TEXT         NOT NULL,
  role             VARCHAR(16)  NOT NULL CHECK (role IN ('user', 'auditor', 'admin')),
  disabled         SMALLINT     NOT NULL DEFAULT 0,
  created_at       BIGINT       NOT NULL,
  changed_at       BIGINT       NOT NULL
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- token_hash is an HMAC of the cookie's value: who reads the table cannot sign in with it.
CREATE TABLE session (
  id               BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
  token_hash       VARCHAR(64)  NOT NULL UNIQUE,
  account_id       BIGINT       NOT NULL,
  created_at       BIGINT       NOT NULL,
  seen_at          BIGINT       NOT NULL,
  address          TEXT         NOT NULL,
  user_agent       TEXT         NOT NULL,
  FOREIGN KEY (account_id) REFERENCES account (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
CREATE INDEX session_by_account ON session (account_id);

CREATE TABLE user_group (
  id               BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
  name             VARCHAR(128) NOT NULL UNIQUE,
  created_at       BIGINT       NOT NULL
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

CREATE TABLE user_group_member (
  group_id         BIGINT       NOT NULL,
  account_id       BIGINT       NOT NULL,
  PRIMARY KEY (group_id, account_id),
  FOREIGN KEY (group_id) REFERENCES user_group (id) ON DELETE CASCADE,
  FOREIGN KEY (account_id) REFERENCES account (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
CREATE INDEX user_group_member_by_account ON user_group_member (account_id);

-- The registries ----------------------------------------------------------------------------------------------------

CREATE TABLE registry (
  id               BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
  name             VARCHAR(128) NOT NULL UNIQUE,
  url              TEXT         NOT NULL,
  public_host      TEXT         NOT NULL,
  service          VARCHAR(255) NOT NULL UNIQUE,
  key_mode         VARCHAR(8)   NOT NULL CHECK (key_mode IN ('x5c', 'jwks')),
  ca               MEDIUMTEXT,
  pin              TEXT,
  created_at       BIGINT       NOT NULL,
  changed_at       BIGINT       NOT NULL
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- What may be done --------------------------------------------------------------------------------------------------

CREATE TABLE namespace (
  id               BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
  registry_id      BIGINT       NOT NULL,
  name             VARCHAR(255) NOT NULL,
  owner_id         BIGINT       NOT NULL,
  description      TEXT         NOT NULL,
  member_access    VARCHAR(8)   NOT NULL,
  group_access     VARCHAR(8)   NOT NULL,
  other_access     VARCHAR(8)   NOT NULL,
  anonymous_access VARCHAR(8)   NOT NULL CHECK (anonymous_access IN ('NONE', 'READ')),
  created_at       BIGINT       NOT NULL,
  changed_at       BIGINT       NOT NULL,
  UNIQUE (registry_id, name),
  FOREIGN KEY (registry_id) REFERENCES registry (id),
  FOREIGN KEY (owner_id) REFERENCES account (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
CREATE INDEX namespace_by_owner ON namespace (owner_id);

CREATE TABLE namespace_member (
  namespace_id     BIGINT       NOT NULL,
  account_id       BIGINT       NOT NULL,
  PRIMARY KEY (namespace_id, account_id),
  FOREIGN KEY (namespace_id) REFERENCES namespace (id) ON DELETE CASCADE,
  FOREIGN KEY (account_id) REFERENCES account (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
CREATE INDEX namespace_member_by_account ON namespace_member (account_id);

CREATE TABLE namespace_group (
  namespace_id     BIGINT       NOT NULL,
  group_id         BIGINT       NOT NULL,
  PRIMARY KEY (namespace_id, group_id),
  FOREIGN KEY (namespace_id) REFERENCES namespace (id) ON DELETE CASCADE,
  FOREIGN KEY (group_id) REFERENCES user_group (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
CREATE INDEX namespace_group_by_group ON namespace_group (group_id);

-- A custom right, of a user or of a group: one of both ids is NULL. (MySQL checks nothing about columns that cascade.)
CREATE TABLE namespace_claim (
  id               BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
  namespace_id     BIGINT       NOT NULL,
  account_id       BIGINT,
  group_id         BIGINT,
  pattern          VARCHAR(255) NOT NULL,
  access           VARCHAR(8)   NOT NULL,
  FOREIGN KEY (namespace_id) REFERENCES namespace (id) ON DELETE CASCADE,
  FOREIGN KEY (account_id) REFERENCES account (id) ON DELETE CASCADE,
  FOREIGN KEY (group_id) REFERENCES user_group (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
-- NULLs are distinct to a unique index: each of these holds for its own kind of right only.
CREATE UNIQUE INDEX namespace_claim_of_account ON namespace_claim (namespace_id, account_id, pattern);
CREATE UNIQUE INDEX namespace_claim_of_group ON namespace_claim (namespace_id, group_id, pattern);
CREATE INDEX namespace_claim_by_account ON namespace_claim (account_id);
CREATE INDEX namespace_claim_by_group ON namespace_claim (group_id);

-- What is in the registries -----------------------------------------------------------------------------------------

CREATE TABLE repository (
  id               BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
  registry_id      BIGINT       NOT NULL,
  name             VARCHAR(255) NOT NULL,
  first_seen_at    BIGINT       NOT NULL,
  changed_at       BIGINT       NOT NULL,
  UNIQUE (registry_id, name),
  FOREIGN KEY (registry_id) REFERENCES registry (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

CREATE TABLE tag (
  repository_id    BIGINT       NOT NULL,
  name             VARCHAR(128) NOT NULL,
  digest           VARCHAR(255) NOT NULL,
  media_type       TEXT         NOT NULL,
  first_seen_at    BIGINT       NOT NULL,
  changed_at       BIGINT       NOT NULL,
  PRIMARY KEY (repository_id, name),
  FOREIGN KEY (repository_id) REFERENCES repository (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- The state of the background's work on a registry. `holder` is the process that has claimed it until `claimed_until`.
CREATE TABLE registry_sync (
  registry_id      BIGINT       NOT NULL PRIMARY KEY,
  holder           VARCHAR(128),
  claimed_until    BIGINT       NOT NULL DEFAULT 0,
  outcome          VARCHAR(16)  NOT NULL DEFAULT 'never' CHECK (outcome IN ('never', 'complete', 'partial', 'failed')),
  started_at       BIGINT,
  finished_at      BIGINT,
  complete_at      BIGINT,
  detail           TEXT,
  FOREIGN KEY (registry_id) REFERENCES registry (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- What happened -----------------------------------------------------------------------------------------------------

-- Names stand here as text: what happened outlives the things it happened to.
CREATE TABLE activity (
  id               BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
  at               BIGINT       NOT NULL,
  actor_id         BIGINT,
  actor            TEXT,
  action           VARCHAR(64)  NOT NULL,
  subject          TEXT         NOT NULL,
  address          TEXT,
  outcome          VARCHAR(16)  NOT NULL CHECK (outcome IN ('done', 'refused')),
  before_json      MEDIUMTEXT,
  after_json       MEDIUMTEXT
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
CREATE INDEX activity_by_actor ON activity (actor_id, id);
