//! Real files of real programs, as they are and as people paste them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking, in the functions it calls too"
)]

mod files;

mod recognised;

mod mangled;
mod passphrase;
mod pfx;

mod hostile;
mod wrong;
