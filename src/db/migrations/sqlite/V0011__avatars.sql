-- The pictures that people have given themselves, drawn again in two sizes: PNG in base64, as no engine takes every byte
-- in a text, with the SHA-256 of its bytes.
CREATE TABLE avatar (
  account_id INTEGER NOT NULL PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
  digest_64  TEXT    NOT NULL,
  png_64     TEXT    NOT NULL,
  digest_256 TEXT    NOT NULL,
  png_256    TEXT    NOT NULL,
  changed_at INTEGER NOT NULL
);
