-- What waits for the audit file, and what is remembered of it, has a seal; see src/audit/seals.rs.
ALTER TABLE audit_outbox ADD COLUMN term INTEGER NOT NULL DEFAULT 0; -- the term of the seal
ALTER TABLE audit_outbox ADD COLUMN seal BLOB NOT NULL DEFAULT x'';
ALTER TABLE audit_mark ADD COLUMN given INTEGER NOT NULL DEFAULT 0; -- the highest number that was given to a line
ALTER TABLE audit_mark ADD COLUMN term INTEGER NOT NULL DEFAULT 0;
ALTER TABLE audit_mark ADD COLUMN seal BLOB NOT NULL DEFAULT x'';
