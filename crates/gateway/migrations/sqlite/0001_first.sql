-- The store of one gateway. Everything secret in it is ciphertext; see src/vault.rs for what it is bound to.

-- One row: whose store this is. Compared at every start.
CREATE TABLE gateway (
    one        INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    gateway_id TEXT    NOT NULL,
    kek_id     TEXT    NOT NULL
) STRICT;

-- The stored credentials. The readable columns are for listing; what is used to connect is in the ciphertext.
CREATE TABLE credential (
    df           TEXT    NOT NULL,
    ls           TEXT    NOT NULL,
    version      INTEGER NOT NULL CHECK (version > 0),
    kind         TEXT    NOT NULL,
    auth         TEXT    NOT NULL,
    target       TEXT    NOT NULL,
    account      TEXT,
    properties   TEXT    NOT NULL, -- JSON object of strings
    secret_names TEXT    NOT NULL, -- JSON array of strings
    kid          TEXT    NOT NULL, -- envelope key it arrived under
    set_by       TEXT    NOT NULL,
    set_at       INTEGER NOT NULL, -- seconds since the Unix epoch
    salt         BLOB    NOT NULL CHECK (length(salt) = 32),
    nonce        BLOB    NOT NULL CHECK (length(nonce) = 12),
    ciphertext   BLOB    NOT NULL,
    PRIMARY KEY (df, ls)
) STRICT, WITHOUT ROWID;

-- The last version given out per linked service. Outlives the credential: after a deletion the count goes on, so that a
-- reference to (linked service, version) never comes to mean something else.
CREATE TABLE last_version (
    df      TEXT    NOT NULL,
    ls      TEXT    NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0),
    PRIMARY KEY (df, ls)
) STRICT, WITHOUT ROWID;

-- Tickets that were used, or under which envelopes failed. Rows go some time after the ticket's expiry.
CREATE TABLE ticket (
    iss      TEXT    NOT NULL,
    jti      TEXT    NOT NULL,
    exp      INTEGER NOT NULL, -- seconds since the Unix epoch
    failures INTEGER NOT NULL DEFAULT 0,
    used_for BLOB, -- SHA-256 of what it was used for; NULL while unused
    outcome  TEXT, -- JSON answer, given again to the same request
    PRIMARY KEY (iss, jti),
    CHECK ((used_for IS NULL) = (outcome IS NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX ticket_by_expiry ON ticket (exp);

-- Audit lines on their way to audit.jsonl: written in the transaction of what they tell, removed once the file has them.
-- AUTOINCREMENT: a number is never given twice, also when the table was empty in between.
CREATE TABLE audit_outbox (
    seq  INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    line TEXT    NOT NULL
) STRICT;

-- One row: the highest number that was in the file for certain when rows were last removed from the outbox.
CREATE TABLE audit_mark (
    one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    seq INTEGER NOT NULL
) STRICT;

INSERT INTO audit_mark (one, seq) VALUES (1, 0);
