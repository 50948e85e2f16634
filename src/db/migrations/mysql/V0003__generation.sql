-- Counted up by every change of what decides on requests: accounts, groups, namespaces, registries. Who remembers any
-- of that looks here whether it is still so.
-- The key keeps the row from being there twice when the migration was interrupted.
CREATE TABLE generation (
  id    TINYINT NOT NULL PRIMARY KEY,
  value BIGINT  NOT NULL
);
INSERT IGNORE INTO generation (id, value) VALUES (1, 1);
