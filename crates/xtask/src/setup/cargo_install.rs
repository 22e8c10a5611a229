//! Programs from crates.io.

use anyhow::{Context as _, Result};

use crate::workspace::Workspace;
use crate::{process, terminal};

/// How much a program has to do.
#[derive(Clone, Copy)]
pub(super) enum Work {
    /// It waits most of the time.
    Little,
    /// It reads megabytes.
    Some,
}

/// `cargo install` into the tools folder. `arguments` name the crate and its version.
pub(super) fn install(
    workspace: &Workspace,
    arguments: &[&str],
    work: Work,
    why: &str,
) -> Result<()> {
    terminal::step(
        format!("cargo install {} (minutes, once)", arguments.join(" ")),
        why,
    );
    let build = workspace.tools().join("build");
    let optimisation = match work {
        Work::Little => "0",
        Work::Some => "1",
    };
    process::run(
        process::cargo("cargo")
            .args(["install", "--quiet", "--force", "--root"])
            .arg(workspace.tools())
            .arg("--target-dir")
            .arg(&build)
            .args(arguments)
            // They run for seconds and are compiled for minutes: the shorter build wins.
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", optimisation)
            .env("CARGO_PROFILE_RELEASE_LTO", "off")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
            .env("CARGO_PROFILE_RELEASE_DEBUG", "0"),
    )?;
    std::fs::remove_dir_all(&build).with_context(|| format!("cannot remove {}", build.display()))
}
