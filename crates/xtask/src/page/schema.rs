//! The JSON Schema of what the form of each kind of data store holds, for whoever writes linked services by program.

use std::fs;

use anyhow::{Context as _, Result};
use tempfile::TempDir;

use crate::process;
use crate::workspace::Workspace;

/// Where it is in the page's folder.
pub const FILE: &str = "embed/linked-service.schema.json";

/// Its text, by the program that `linked-service` has for it.
///
/// # Errors
/// When the program cannot be built or fails.
pub fn text(workspace: &Workspace) -> Result<String> {
    let folder = TempDir::new()?;
    let file = folder.path().join("schema.json");
    process::run(
        process::cargo("cargo")
            .current_dir(workspace.root())
            .args(["run", "--quiet", "--package", "linked-service"])
            .args(["--example", "schema", "--"])
            .arg(&file),
    )?;
    fs::read_to_string(&file).context("the schema was not written")
}
