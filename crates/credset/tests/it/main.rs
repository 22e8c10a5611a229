//! Whole runs of the command line against a real gateway process.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on has failed; clippy exempts only functions marked as tests"
)]

mod apply;
mod case;
mod command_line;
mod definitions;
mod doctor;
mod encrypt_value;
mod exposure;
mod gateway_address;
mod interruption;
mod places;
/// A PostgreSQL of our own.
#[path = "../../../probe/tests/it/server.rs"]
mod postgresql_server;
mod refused_arguments;
mod rehearsal;
mod results;
mod scratch_gateway;
mod sealed;
mod secrets;
mod set;
mod tested;
mod testing;
mod trust;
