-- Counted up by every change of what decides on requests: accounts, groups, namespaces, registries. Who remembers any
-- of that looks here whether it is still so.
CREATE TABLE generation (
  value INTEGER NOT NULL
);
INSERT INTO generation (value) VALUES (1);
