-- How people want the console to look; who has no row has the standard.
CREATE TABLE preference (
  account_id BIGINT      NOT NULL PRIMARY KEY,
  theme      VARCHAR(16) NOT NULL,
  density    VARCHAR(16) NOT NULL,
  time_zone  VARCHAR(64) NOT NULL,
  FOREIGN KEY (account_id) REFERENCES account (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
