//! cargo-deny: licences, sources and duplicates of what we depend on. Only the tests need it.

use std::path::PathBuf;

use anyhow::{Result, ensure};

use super::python;
use crate::workspace::Workspace;

/// Names the package, its version and its hash.
const REQUIREMENTS: &str = "crates/xtask/python/requirements.txt";

/// Finds or installs it.
///
/// # Errors
/// When it cannot be installed.
pub fn ensure(workspace: &Workspace) -> Result<PathBuf> {
    let environment = workspace.tools().join("python");
    python::ensure(
        &workspace.path(REQUIREMENTS),
        &environment,
        "checks the licences and sources of what we depend on",
    )?;
    let program = environment.join("bin/cargo-deny");
    ensure!(program.exists(), "there is no {}", program.display());
    Ok(program)
}
