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

/// Builds `credset` as it is shipped: small, and static, so that one file is all that is needed.
///
/// # Errors
/// When cargo fails.
pub fn command_line(workspace: &Workspace) -> Result<PathBuf> {
    process::run(process::cargo("cargo").current_dir(workspace.root()).args([
        "rustc",
        "--profile",
        "command-line",
        "--package",
        "credset",
        "--",
        "-C",
        "target-feature=+crt-static",
    ]))?;
    Ok(workspace.target().join("command-line/credset"))
}
