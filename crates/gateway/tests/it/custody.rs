//! What is kept, and what becomes of it when something goes wrong: custody without HTTP, in folders that are closed,
//! dropped, damaged and opened again.

mod desk;
#[path = "../../../linked-service/tests/it/form.rs"]
#[allow(
    dead_code,
    reason = "shared with the catalogue's own tests, which use all of it"
)]
mod form;

mod audit_accepted;
mod audit_chain;
mod audit_copies;
mod audit_files;
mod audit_forged;
mod audit_index;
mod audit_outbox;
mod audit_told;
mod audit_trail;
mod backups;
mod concurrency;
mod damage;
mod deleting;
mod issuers;
mod keeping;
mod last_tests;
mod records;
mod replacement;
mod residue;
pub(crate) mod rotation;
mod setting;
mod starting;
mod terms;
mod tickets;
