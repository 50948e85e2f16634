-- What happened is found by what it was, when it was and where: owners see what happened in their namespaces.
-- The id outlives its namespace, as the names do, and is never given to another one.
ALTER TABLE activity ADD COLUMN namespace_id BIGINT;
CREATE INDEX activity_by_namespace ON activity (namespace_id, id);
CREATE INDEX activity_by_action ON activity (action, id);
CREATE INDEX activity_by_at ON activity (at, id);
