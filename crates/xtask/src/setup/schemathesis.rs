//! Schemathesis (PyPI): asks a gateway whatever its OpenAPI document allows, and what it does not. Only the tests need it.

use std::fmt;
use std::path::{Path, PathBuf};

use anyhow::Result;

use super::python;
use crate::workspace::Workspace;

/// Has the version, and what the program is told beside the document.
const REQUIREMENTS: &str = "crates/gateway/tests/schemathesis/requirements.txt";

/// Where it is.
#[derive(Clone, Debug)]
pub struct Schemathesis {
    program: PathBuf,
}

/// Finds or installs it in `target/schemathesis`.
///
/// # Errors
/// When Python or the package cannot be installed.
pub fn ensure(workspace: &Workspace) -> Result<Schemathesis> {
    let environment = workspace.target().join("schemathesis");
    let why = "the gateway is asked whatever its OpenAPI document allows";
    python::ensure(&workspace.path(REQUIREMENTS), &environment, why)?;
    Ok(Schemathesis {
        program: environment.join("bin/st"),
    })
}

impl Schemathesis {
    /// The program.
    pub fn program(&self) -> &Path {
        &self.program
    }
}

impl fmt::Display for Schemathesis {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.program.display().fmt(formatter)
    }
}
