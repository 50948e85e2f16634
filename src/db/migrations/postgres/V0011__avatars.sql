-- The pictures that people have given themselves, drawn again in two sizes: PNG in base64, as no engine takes every byte
-- in a text, with the SHA-256 of its bytes.
CREATE TABLE avatar (
  account_id BIGINT                  NOT NULL PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
  digest_64  VARCHAR(64) COLLATE "C" NOT NULL,
  png_64     TEXT COLLATE "C"        NOT NULL,
  digest_256 VARCHAR(64) COLLATE "C" NOT NULL,
  png_256    TEXT COLLATE "C"        NOT NULL,
  changed_at BIGINT                  NOT NULL
);
