-- What a gateway has for itself: its audit trail's lines on their way to its file. As SQLite's (../sqlite) in their latest format.

CREATE TABLE node_format (number BIGINT NOT NULL);
INSERT INTO node_format VALUES (1);

CREATE TABLE audit_outbox (
    seq  BIGINT NOT NULL PRIMARY KEY,
    line TEXT   NOT NULL,
    term BIGINT NOT NULL DEFAULT 0,
    seal BYTEA  NOT NULL DEFAULT ''
);

-- One row: the highest number that was given. What AUTOINCREMENT is with SQLite.
CREATE TABLE audit_number (
    one BIGINT NOT NULL PRIMARY KEY CHECK (one = 1),
    seq BIGINT NOT NULL
);

INSERT INTO audit_number (one, seq) VALUES (1, 0);

CREATE TABLE audit_mark (
    one            BIGINT NOT NULL PRIMARY KEY CHECK (one = 1),
    seq            BIGINT NOT NULL,
    head           TEXT   NOT NULL DEFAULT '',
    checkpoint_seq BIGINT NOT NULL DEFAULT 0,
    unsigned_since BIGINT,
    given          BIGINT NOT NULL DEFAULT 0,
    term           BIGINT NOT NULL DEFAULT 0,
    seal           BYTEA  NOT NULL DEFAULT ''
);

INSERT INTO audit_mark (one, seq) VALUES (1, 0);
