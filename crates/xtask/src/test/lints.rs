//! rustfmt and clippy.

use anyhow::Result;

use crate::setup::wasm_std::{self, TARGET, WasmStd};
use crate::workspace::Workspace;
use crate::{process, setup, terminal};

pub(super) fn format(workspace: &Workspace) -> Result<()> {
    setup::lints::ensure()?;
    process::run(
        process::cargo("cargo")
            .current_dir(workspace.root())
            .args(["fmt", "--all", "--check"]),
    )
}

pub(super) fn clippy(workspace: &Workspace) -> Result<()> {
    setup::lints::ensure()?;
    process::run(
        process::cargo("cargo")
            .current_dir(workspace.root())
            // The first look at the lock file: it must not need a change.
            .args([
                "clippy",
                "--locked",
                "--workspace",
                "--all-targets",
                "--features",
                "credential-setter/prerender",
                "--",
                "-D",
                "warnings",
            ]),
    )?;
    in_browser(workspace)?;
    for_other_systems(workspace)
}

/// The page once more as it is compiled for the browser.
fn in_browser(workspace: &Workspace) -> Result<()> {
    let page = [
        "--package",
        "credential-setter",
        "--lib",
        "--bins",
        "--test",
        "browser",
        "--target",
        TARGET,
    ];
    let wasm_std = wasm_std::ensure(workspace)?;
    let mut cargo = wasm_std.cargo(workspace);
    cargo.current_dir(workspace.root());
    match wasm_std {
        WasmStd::Rustup => cargo
            .arg("clippy")
            .args(page)
            .args(["--", "-D", "warnings"]),
        WasmStd::Debian { .. } => {
            terminal::note(
                "clippy for the browser needs rustup's target; the compiler's own warnings are checked instead",
            );
            cargo
                .arg("check")
                .args(page)
                .args(["--config", "build.warnings=\"deny\""])
        }
    };
    process::run(&mut cargo)
}

/// The command-line tool as it is compiled for other systems, and the providers of key-encryption keys, one of which is for Windows
/// only. Nothing is linked, so their C compilers are not needed: where aws-lc's build asks for one it gets a program that does nothing.
fn for_other_systems(workspace: &Workspace) -> Result<()> {
    let targets = setup::foreign_std::ensure();
    if targets.is_empty() {
        return Ok(());
    }
    let mut cargo = process::cargo("cargo");
    cargo
        .current_dir(workspace.root())
        .env("AWS_LC_SYS_PREBUILT_NASM", "1")
        .args(["clippy", "--package", "credset", "--package", "kek"]);
    for target in targets {
        let variable = target.replace('-', "_");
        cargo
            .env(format!("CC_{variable}"), "true")
            .env(format!("AR_{variable}"), "true")
            .args(["--target", target]);
    }
    process::run(cargo.args(["--", "-D", "warnings"]))
}
