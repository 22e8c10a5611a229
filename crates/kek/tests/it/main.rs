//! What keeps a KEK outside of this process. The kept bits themselves are tested beside their code.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on has failed; clippy exempts only functions marked as tests"
)]

#[cfg(unix)]
mod pkcs11;
