-- Pushes that a pass over the registry has found and webhooks were told of: a notification that brings the same later is
-- not told again.
CREATE TABLE found_push (
  id INTEGER NOT NULL PRIMARY KEY,
  registry_id INTEGER NOT NULL REFERENCES registry (id) ON DELETE CASCADE,
  repository TEXT NOT NULL,
  tag TEXT NOT NULL,
  digest TEXT NOT NULL,
  found_at INTEGER NOT NULL
);
CREATE INDEX found_push_by_tag ON found_push (registry_id, repository, tag, found_at);
CREATE INDEX found_push_by_time ON found_push (found_at);
-- What was ended stays for a while, so that a pass that saw a placeholder on its way knows it for what it is.
ALTER TABLE tag_removal ADD COLUMN ended_at BIGINT;
