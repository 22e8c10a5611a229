-- The audit trail is a chain of hashes with signed checkpoints; see src/audit.rs.

-- What is needed to go on after the line of number `seq`, and to tell whether it is still the one that was written.
ALTER TABLE audit_mark ADD COLUMN head TEXT NOT NULL DEFAULT ''; -- SHA-256 of that line, base64url; '' before the first
-- The last checkpoint's number, and since when there are lines after it; NULL while there are none.
ALTER TABLE audit_mark ADD COLUMN checkpoint_seq INTEGER NOT NULL DEFAULT 0;
ALTER TABLE audit_mark ADD COLUMN unsigned_since INTEGER; -- seconds since the Unix epoch
