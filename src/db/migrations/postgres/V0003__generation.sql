-- Counted up by every change of what decides on requests: accounts, groups, namespaces, registries. Who remembers any
-- of that looks here whether it is still so. One row.
CREATE TABLE generation (
  id    SMALLINT NOT NULL PRIMARY KEY,
  value BIGINT   NOT NULL
);
INSERT INTO generation (id, value) VALUES (1, 1);
