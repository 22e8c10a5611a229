//! Whole runs of the command line against a real gateway process.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on has failed; clippy exempts only functions marked as tests"
)]

mod case;
mod scratch_gateway;

mod apply;
mod command_line;
mod doctor;
mod encrypt_value;
mod exposure;
mod gateway_address;
mod interruption;
mod refused_arguments;
mod sealed;
mod secrets;
mod set;
mod trust;
