//! The gateway as its callers meet it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on has failed; clippy exempts only functions marked as tests"
)]

mod scratch;
mod spellings;

mod bodies;
mod connections;
mod custody;
mod envelopes;
mod headers;
mod hosts;
mod names;
mod processes;
mod rotation;
mod tickets;
