-- How the last test of what is stored ended, sealed; see src/custody/last_tests.rs.
CREATE TABLE last_test (
    df       TEXT    NOT NULL,
    ls       TEXT    NOT NULL,
    version  INTEGER NOT NULL, -- what was tested
    ended_at INTEGER NOT NULL, -- seconds since the Unix epoch
    cause    TEXT    NOT NULL, -- why it failed; empty if it passed
    term     INTEGER NOT NULL, -- the term of the seal
    seal     BLOB    NOT NULL,
    PRIMARY KEY (df, ls)
) STRICT, WITHOUT ROWID;
