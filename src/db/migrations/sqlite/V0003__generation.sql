-- Counted up by every change of what decides on requests: accounts, groups, namespaces, registries. Who remembers any
-- of that looks here whether it is still so. One row.
CREATE TABLE generation (
  id    INTEGER NOT NULL PRIMARY KEY,
  value INTEGER NOT NULL
);
INSERT INTO generation (id, value) VALUES (1, 1);
