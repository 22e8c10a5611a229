//! The child by its parent: against a real PostgreSQL in every state that a configuration can give it, and against servers that mean harm.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on has failed; clippy exempts only functions marked as tests"
)]
#![cfg(target_os = "linux")]

mod certificates;
mod confinement;
mod hostile;
mod postgresql;
mod server;
mod service;
mod sftp;
mod told;
mod web;
