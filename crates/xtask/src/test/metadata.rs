//! What cargo knows of the workspace's packages.

use anyhow::{Context as _, Result};
use serde::Deserialize;

use crate::process;
use crate::workspace::Workspace;

/// A package of the workspace.
#[derive(Debug, Deserialize)]
pub(super) struct Package {
    pub(super) name: String,
    pub(super) dependencies: Vec<Dependency>,
    pub(super) targets: Vec<Target>,
}

/// What it depends on.
#[derive(Debug, Deserialize)]
pub(super) struct Dependency {
    pub(super) name: String,
    /// `dev`, `build` or nothing.
    pub(super) kind: Option<String>,
    /// Only of packages on this disk.
    pub(super) path: Option<String>,
}

/// A library, program or test of a package.
#[derive(Debug, Deserialize)]
pub(super) struct Target {
    pub(super) name: String,
    pub(super) kind: Vec<String>,
}

/// All packages of the workspace.
pub(super) fn packages(workspace: &Workspace) -> Result<Vec<Package>> {
    #[derive(Deserialize)]
    struct Metadata {
        packages: Vec<Package>,
    }
    let printed = process::capture(process::cargo("cargo").current_dir(workspace.root()).args([
        "metadata",
        "--no-deps",
        "--format-version",
        "1",
    ]))?;
    let metadata: Metadata =
        serde_json::from_str(&printed).context("`cargo metadata` printed something else")?;
    Ok(metadata.packages)
}
