//! The native programs, as people run them.

use std::path::PathBuf;

use anyhow::Result;

use crate::process;
use crate::workspace::Workspace;

/// The gateway and the demo portal, built.
#[derive(Clone, Debug)]
pub struct Programs {
    /// `credential-gateway`.
    pub gateway: PathBuf,
    /// `demo-portal`.
    pub portal: PathBuf,
}

/// Builds both in release mode; cargo decides what is fresh.
///
/// # Errors
/// When cargo fails.
pub fn build(workspace: &Workspace) -> Result<Programs> {
    process::run(process::cargo("cargo").current_dir(workspace.root()).args([
        "build",
        "--release",
        "--package",
        "gateway",
        "--package",
        "demo-portal",
        "--bins",
    ]))?;
    Ok(Programs {
        gateway: workspace.release_binary("credential-gateway"),
        portal: workspace.release_binary("demo-portal"),
    })
}
