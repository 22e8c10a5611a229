//! The native programs, as people run them.

use std::path::PathBuf;

use anyhow::Result;

use crate::process;
use crate::workspace::Workspace;

const GATEWAY: &str = "credential-gateway";
const PORTAL: &str = "demo-portal";
const CREDSET: &str = "credset";

/// The gateway and the demo portal, built.
#[derive(Clone, Debug)]
pub struct Programs {
    /// `credential-gateway`.
    pub gateway: PathBuf,
    /// `demo-portal`.
    pub portal: PathBuf,
}

impl Programs {
    /// `folder` is the profile's under cargo's target folder.
    pub(crate) fn in_profile(workspace: &Workspace, folder: &str) -> Self {
        let folder = workspace.target().join(folder);
        Self {
            gateway: folder.join(GATEWAY),
            portal: folder.join(PORTAL),
        }
    }
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
    Ok(Programs::in_profile(workspace, "release"))
}

/// Builds the gateway as it is shipped: takes longer than [`build`], and gives a smaller program.
///
/// # Errors
/// When cargo fails.
pub fn shipped_gateway(workspace: &Workspace) -> Result<PathBuf> {
    process::run(process::cargo("cargo").current_dir(workspace.root()).args([
        "build",
        "--profile",
        "server",
        "--package",
        "gateway",
        "--bin",
        GATEWAY,
    ]))?;
    Ok(Programs::in_profile(workspace, "server").gateway)
}

/// Builds both as the other tests have compiled them, with checks of overflow and debug assertions. Test programs are named so that
/// cargo chooses the same features and has next to nothing to compile.
///
/// # Errors
/// When cargo fails.
pub fn build_for_tests(workspace: &Workspace) -> Result<Programs> {
    for_tests(workspace, &[GATEWAY, PORTAL])?;
    Ok(Programs::in_profile(workspace, "debug"))
}

/// Builds `credset` in the same way.
///
/// # Errors
/// When cargo fails.
pub fn credset_for_tests(workspace: &Workspace) -> Result<PathBuf> {
    for_tests(workspace, &[CREDSET])?;
    Ok(workspace.target().join("debug").join(CREDSET))
}

fn for_tests(workspace: &Workspace, programs: &[&str]) -> Result<()> {
    let mut cargo = process::cargo("cargo");
    cargo.current_dir(workspace.root()).args([
        "build",
        "--workspace",
        "--test",
        "it",
        "--test",
        "e2e",
    ]);
    for program in programs {
        cargo.args(["--bin", program]);
    }
    process::run(&mut cargo)
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
        CREDSET,
        "--",
        "-C",
        "target-feature=+crt-static",
    ]))?;
    Ok(workspace.target().join("command-line").join(CREDSET))
}
