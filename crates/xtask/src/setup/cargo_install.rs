//! Programs from crates.io.

use anyhow::{Context as _, Result};

use crate::workspace::Workspace;
use crate::{process, terminal};

/// `cargo install` into the tools folder. `arguments` name the crate and its version.
pub(super) fn install(workspace: &Workspace, arguments: &[&str], why: &str) -> Result<()> {
    terminal::step(
        format!("cargo install {} (minutes, once)", arguments.join(" ")),
        why,
    );
    let build = workspace.tools().join("build");
    process::run(
        process::cargo("cargo")
            .args(["install", "--quiet", "--force", "--root"])
            .arg(workspace.tools())
            .arg("--target-dir")
            .arg(&build)
            .args(arguments)
            // They run for seconds and are compiled for minutes: the shorter build wins.
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
            .env("CARGO_PROFILE_RELEASE_LTO", "off")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
            .env("CARGO_PROFILE_RELEASE_DEBUG", "0"),
    )?;
    std::fs::remove_dir_all(&build).with_context(|| format!("cannot remove {}", build.display()))
}
