//! rustfmt and clippy: a minimal toolchain lacks them. Only the tests need them.

use std::process::Command;

use anyhow::Result;

use crate::{process, terminal};

/// Finds or installs them.
///
/// # Errors
/// When rustup cannot install them.
pub fn ensure() -> Result<()> {
    let there = |name: &str| process::succeeds(Command::new(name).arg("--version"));
    if there("cargo-fmt") && there("rustfmt") && there("cargo-clippy") {
        return Ok(());
    }
    terminal::step(
        "rustup component add rustfmt clippy",
        "the tests check format and lints",
    );
    process::run(Command::new("rustup").args(["component", "add", "rustfmt", "clippy"]))
}
