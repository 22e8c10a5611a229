//! The child by its parent: against real servers in every state that a configuration can give them, and against servers that mean harm.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on has failed; clippy exempts only functions marked as tests"
)]
#![cfg(target_os = "linux")]

/// The forms of a secret that are looked for, too, by the end-to-end tests.
#[path = "../../../../tests/e2e/harness/spelling.rs"]
mod spelling;

mod asked;
mod cassandra;
mod certificates;
mod confinement;
mod data_lake_store;
mod echo;
mod every_driver;
mod ftp;
mod hostile;
mod mongodb;
mod mysql;
mod odbc;
mod oracle;
mod postgresql;
mod salesforce;
mod server;
mod service;
mod sftp;
mod smb;
mod sql_server;
mod storage;
mod terminator;
mod told;
mod web;
