//! SecantusDB (PyPI), which speaks as MongoDB does: that one is in no registry. Only the tests need it.

use std::path::PathBuf;

use anyhow::Result;

use super::python;
use crate::workspace::Workspace;

/// Has the version, and the script that makes the accounts.
const REQUIREMENTS: &str = "crates/probe/tests/secantusdb/requirements.txt";

/// Finds or installs it in `target/secantusdb`: the Python that has it.
///
/// # Errors
/// When Python or the package cannot be installed.
pub fn ensure(workspace: &Workspace) -> Result<PathBuf> {
    let environment = workspace.target().join("secantusdb");
    let why = "accounts are tried at a server that speaks as MongoDB does";
    python::ensure(&workspace.path(REQUIREMENTS), &environment, why)?;
    Ok(environment.join("bin/python"))
}
