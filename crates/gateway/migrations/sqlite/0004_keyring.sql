-- The terms of the keyring. The keys themselves are in keyring.json, wrapped; here is which of them counts.
CREATE TABLE term (
    term  INTEGER NOT NULL PRIMARY KEY CHECK (term > 0),
    id    TEXT    NOT NULL, -- derived from its key one way: a term of another keyring is told apart
    state TEXT    NOT NULL CHECK (state IN ('active', 'former', 'gone')),
    since INTEGER NOT NULL -- when it came into this state, seconds since the Unix epoch
) STRICT;

CREATE UNIQUE INDEX one_active_term ON term (state) WHERE state = 'active';

-- Whose store it is, is told by the terms.
ALTER TABLE gateway DROP COLUMN kek_id;

-- The term that a record is protected under.
ALTER TABLE credential ADD COLUMN term INTEGER NOT NULL DEFAULT 0;

-- The seal of the credential's row, or of its absence, and the term that it is made under. See src/vault/seal.rs.
ALTER TABLE last_version ADD COLUMN term INTEGER NOT NULL DEFAULT 0;
ALTER TABLE last_version ADD COLUMN seal BLOB NOT NULL DEFAULT x'';

-- One row: what the store as a whole is like, protected.
CREATE TABLE store_state (
    one        INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    term       INTEGER NOT NULL,
    salt       BLOB    NOT NULL CHECK (length(salt) = 32),
    nonce      BLOB    NOT NULL CHECK (length(nonce) = 12),
    ciphertext BLOB    NOT NULL
) STRICT;
