-- What gateways share. As SQLite's tables (../sqlite) in their latest format, where each column is explained.

CREATE TABLE format (number BIGINT NOT NULL);
INSERT INTO format VALUES (1);

CREATE TABLE gateway (
    one        BIGINT NOT NULL PRIMARY KEY CHECK (one = 1),
    gateway_id TEXT   NOT NULL
);

-- COLLATE "C": names are compared byte by byte, as everywhere else.
CREATE TABLE credential (
    df           TEXT   COLLATE "C" NOT NULL,
    ls           TEXT   COLLATE "C" NOT NULL,
    version      BIGINT NOT NULL CHECK (version > 0),
    kind         TEXT   NOT NULL,
    auth         TEXT   NOT NULL,
    target       TEXT   NOT NULL,
    account      TEXT,
    properties   TEXT   NOT NULL,
    secret_names TEXT   NOT NULL,
    kid          TEXT   COLLATE "C" NOT NULL,
    set_by       TEXT   NOT NULL,
    set_at       BIGINT NOT NULL,
    salt         BYTEA  NOT NULL CHECK (length(salt) = 32),
    nonce        BYTEA  NOT NULL CHECK (length(nonce) = 12),
    ciphertext   BYTEA  NOT NULL,
    term         BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (df, ls)
);

CREATE TABLE last_version (
    df      TEXT   COLLATE "C" NOT NULL,
    ls      TEXT   COLLATE "C" NOT NULL,
    version BIGINT NOT NULL CHECK (version > 0),
    term    BIGINT NOT NULL DEFAULT 0,
    seal    BYTEA  NOT NULL DEFAULT '',
    PRIMARY KEY (df, ls)
);

CREATE TABLE ticket (
    iss      TEXT   COLLATE "C" NOT NULL,
    jti      TEXT   COLLATE "C" NOT NULL,
    exp      BIGINT NOT NULL,
    failures BIGINT NOT NULL DEFAULT 0,
    used_for BYTEA,
    outcome  TEXT,
    PRIMARY KEY (iss, jti),
    CHECK ((used_for IS NULL) = (outcome IS NULL))
);

CREATE INDEX ticket_by_expiry ON ticket (exp);

CREATE TABLE last_test (
    df       TEXT   COLLATE "C" NOT NULL,
    ls       TEXT   COLLATE "C" NOT NULL,
    version  BIGINT NOT NULL,
    ended_at BIGINT NOT NULL,
    cause    TEXT   NOT NULL,
    term     BIGINT NOT NULL,
    seal     BYTEA  NOT NULL,
    PRIMARY KEY (df, ls)
);

CREATE TABLE envelope_key (
    kid   TEXT   COLLATE "C" NOT NULL PRIMARY KEY,
    state TEXT   NOT NULL CHECK (state IN ('pending', 'active', 'retiring', 'gone')),
    since BIGINT NOT NULL
);

CREATE UNIQUE INDEX one_active_key ON envelope_key (state) WHERE state = 'active';
CREATE UNIQUE INDEX one_pending_key ON envelope_key (state) WHERE state = 'pending';

CREATE TABLE key_change (
    one BIGINT NOT NULL PRIMARY KEY CHECK (one = 1),
    seq BIGINT NOT NULL
);

INSERT INTO key_change (one, seq) VALUES (1, 0);

CREATE TABLE term (
    term  BIGINT NOT NULL PRIMARY KEY CHECK (term > 0),
    id    TEXT   NOT NULL,
    state TEXT   NOT NULL CHECK (state IN ('active', 'former', 'gone')),
    since BIGINT NOT NULL
);

CREATE UNIQUE INDEX one_active_term ON term (state) WHERE state = 'active';

CREATE TABLE store_state (
    one        BIGINT NOT NULL PRIMARY KEY CHECK (one = 1),
    term       BIGINT NOT NULL,
    salt       BYTEA  NOT NULL CHECK (length(salt) = 32),
    nonce      BYTEA  NOT NULL CHECK (length(nonce) = 12),
    ciphertext BYTEA  NOT NULL
);

CREATE TABLE identity_succession (
    one BIGINT NOT NULL PRIMARY KEY CHECK (one = 1),
    jws TEXT   NOT NULL
);

-- The gateways that share this store. Each is approved by one that was there before.
CREATE TABLE node (
    name      TEXT   COLLATE "C" NOT NULL PRIMARY KEY,
    recipient TEXT   NOT NULL, -- what shares are encrypted for: an X25519 public key in the spelling of age
    since     BIGINT NOT NULL, -- when it was approved, seconds since the Unix epoch
    term      BIGINT NOT NULL, -- the term of the seal
    seal      BYTEA  NOT NULL, -- of name, recipient and time
    share     BYTEA  NOT NULL, -- the keyring's terms, encrypted for the recipient
    signed    TEXT   NOT NULL, -- what the identity key signed of that
    share_term BIGINT NOT NULL, -- the term of the share's seal: the one before, where a term was begun
    share_seal BYTEA NOT NULL, -- of name and share
    caught_up BIGINT NOT NULL  -- the term that the gateway itself has written under: no earlier one is needed for it
);

-- Key files that all of them need, protected under the keyring, by their names in the data folder.
CREATE TABLE shared_file (
    name    TEXT  COLLATE "C" NOT NULL PRIMARY KEY,
    content BYTEA NOT NULL
);
