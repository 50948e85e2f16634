-- Pushes that a pass over the registry has found and webhooks were told of: a notification that brings the same later is
-- not told again.
CREATE TABLE found_push (
  id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  registry_id BIGINT NOT NULL,
  repository VARCHAR(255) NOT NULL,
  tag VARCHAR(128) NOT NULL,
  digest VARCHAR(160) NOT NULL,
  found_at BIGINT NOT NULL,
  FOREIGN KEY (registry_id) REFERENCES registry (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
CREATE INDEX found_push_by_tag ON found_push (registry_id, repository, tag, found_at);
CREATE INDEX found_push_by_time ON found_push (found_at);
-- What was ended stays for a while, so that a pass that saw a placeholder on its way knows it for what it is.
ALTER TABLE tag_removal ADD COLUMN ended_at BIGINT;
