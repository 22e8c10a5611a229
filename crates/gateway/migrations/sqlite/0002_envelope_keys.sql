-- The envelope keys and their states. The private halves are files in envelope-keys/, protected; here is what each is good for.
-- A row outlives its key: an envelope for a key that is gone is told from one for a key that never was.
CREATE TABLE envelope_key (
    kid   TEXT    NOT NULL PRIMARY KEY,
    state TEXT    NOT NULL CHECK (state IN ('pending', 'active', 'retiring', 'gone')),
    since INTEGER NOT NULL -- when it came into this state, seconds since the Unix epoch
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX one_active_key ON envelope_key (state) WHERE state = 'active';
CREATE UNIQUE INDEX one_pending_key ON envelope_key (state) WHERE state = 'pending';

-- One row: counts the changes to the table above. A process compares it before it uses the keys that it has in memory.
CREATE TABLE key_change (
    one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    seq INTEGER NOT NULL
) STRICT;

INSERT INTO key_change (one, seq) VALUES (1, 0);
