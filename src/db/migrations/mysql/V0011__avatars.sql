-- The pictures that people have given themselves, drawn again in two sizes: PNG in base64, as no engine takes every byte
-- in a text, with the SHA-256 of its bytes.
CREATE TABLE avatar (
  account_id BIGINT      NOT NULL PRIMARY KEY,
  digest_64  VARCHAR(64) NOT NULL,
  png_64     MEDIUMTEXT  NOT NULL,
  digest_256 VARCHAR(64) NOT NULL,
  png_256    MEDIUMTEXT  NOT NULL,
  changed_at BIGINT      NOT NULL,
  FOREIGN KEY (account_id) REFERENCES account (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
