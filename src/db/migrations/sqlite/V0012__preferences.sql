-- How people want the console to look; who has no row has the standard.
CREATE TABLE preference (
  account_id INTEGER NOT NULL PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
  theme      TEXT    NOT NULL,
  density    TEXT    NOT NULL,
  time_zone  TEXT    NOT NULL
);
