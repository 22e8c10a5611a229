//! axe-core, which looks for violations of WCAG in a page. Only the tests need it.

use std::fmt;
use std::path::PathBuf;

use anyhow::Result;

use super::npm;
use crate::workspace::Workspace;

/// Names the package and its version.
const MANIFEST: &str = "tests/e2e/axe";

/// The script.
#[derive(Clone, Debug)]
pub struct Axe {
    /// To be run inside a page.
    pub script: PathBuf,
    version: String,
}

/// Finds or installs it in `target/tools/axe`.
///
/// # Errors
/// When Node.js or the package cannot be installed.
pub fn ensure(workspace: &Workspace) -> Result<Axe> {
    let package = npm::package(
        &workspace.path(MANIFEST),
        &workspace.tools().join("axe"),
        "axe-core",
        "the pages are tested for accessibility",
    )?;
    Ok(Axe {
        script: package.folder.join("axe.min.js"),
        version: package.version,
    })
}

impl fmt::Display for Axe {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} at {}", self.version, self.script.display())
    }
}
