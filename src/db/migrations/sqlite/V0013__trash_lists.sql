-- Which namespace decides on the repository of an entry, as repository.namespace_id, and every order in which the trash is
-- read, over all and in a namespace.
ALTER TABLE trash_entry ADD COLUMN namespace_id INTEGER REFERENCES namespace (id) ON DELETE SET NULL;
UPDATE trash_entry SET
  namespace_id = (
    SELECT n.id FROM namespace n WHERE n.registry_id = trash_entry.registry_id AND (
      (n.name = '/' AND instr(trash_entry.repository, '/') = 0)
      OR substr(trash_entry.repository, 1, length(n.name) + 1) = n.name || '/')
    ORDER BY length(n.name) DESC LIMIT 1);
CREATE INDEX trash_entry_by_namespace ON trash_entry (namespace_id, deleted_at, id);
CREATE INDEX trash_entry_by_name ON trash_entry (repository, id);
CREATE INDEX trash_entry_by_size ON trash_entry (size, id);
