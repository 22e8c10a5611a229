-- At most one row, and none before the first replacement: what the present identity key signed when it took its place, which is by
-- whom it was handed over. Decides which key is the present one; see src/identity/succession.rs.
CREATE TABLE identity_succession (
    one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    jws TEXT    NOT NULL
) STRICT;
