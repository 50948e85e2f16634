-- When what is missing of a manifest is to be asked for (the configuration of an image, a manifest that an index leads to),
-- and how often it was asked for without one; and which repositories wait to be measured, by how many changes.
ALTER TABLE manifest ADD COLUMN due_at INTEGER;
ALTER TABLE manifest ADD COLUMN tries INTEGER NOT NULL DEFAULT 0;
ALTER TABLE repository ADD COLUMN unmeasured INTEGER NOT NULL DEFAULT 0;
ALTER TABLE registry_sync ADD COLUMN missing_total INTEGER NOT NULL DEFAULT 0;
ALTER TABLE registry_sync ADD COLUMN missing_done INTEGER NOT NULL DEFAULT 0;

-- What was given up for good.
UPDATE manifest SET due_at = 0, read_at = NULL WHERE state = 'unreadable' AND problem = 'the registry does not have it';
UPDATE manifest SET due_at = 0 WHERE state = 'read' AND problem = 'the registry does not have its configuration';

CREATE INDEX manifest_by_due ON manifest (registry_id, due_at, id);
