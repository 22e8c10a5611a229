//! The gateway as its callers meet it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on has failed; clippy exempts only functions marked as tests"
)]

/// A MariaDB of our own.
#[path = "../../../probe/tests/it/mysql/server.rs"]
mod mariadb_server;
/// A PostgreSQL of our own.
#[path = "../../../probe/tests/it/server.rs"]
mod postgresql_server;
mod scratch;
/// The forms of a secret that the end-to-end tests look for, too.
#[path = "../../../../tests/e2e/harness/spelling.rs"]
mod spelling;

mod bodies;
mod certificates;
mod connections;
mod custody;
mod envelopes;
mod framing;
mod headers;
mod hosts;
mod metrics;
mod names;
mod openapi;
mod portal;
mod processes;
mod report_language;
mod rotation;
mod testing;
mod ticket_status;
mod tickets;
