-- How people want the console to look; who has no row has the standard.
CREATE TABLE preference (
  account_id BIGINT                  NOT NULL PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
  theme      VARCHAR(16) COLLATE "C" NOT NULL,
  density    VARCHAR(16) COLLATE "C" NOT NULL,
  time_zone  VARCHAR(64) COLLATE "C" NOT NULL
);
