//! cargo-deny: licences, sources and duplicates of what we depend on. Only the tests need it.

use std::path::PathBuf;

use anyhow::{Context as _, Result};

use super::{cargo_install, program};
use crate::workspace::Workspace;

const VERSION: &str = "0.20.2";

/// Finds or installs it.
///
/// # Errors
/// When the installation fails.
pub fn ensure(workspace: &Workspace) -> Result<PathBuf> {
    let find = || program::find_version(&workspace.tools(), "cargo-deny", VERSION);
    if let Some(found) = find() {
        return Ok(found);
    }
    cargo_install::install(
        workspace,
        &[
            "cargo-deny",
            "--version",
            VERSION,
            "--locked",
            "--no-default-features",
        ],
        "checks the licences and sources of what we depend on",
    )?;
    find().context("cargo-deny was installed but cannot be found")
}
