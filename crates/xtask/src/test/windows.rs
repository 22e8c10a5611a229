//! What is for Windows only: built for it, and run under Wine. That shows that the calls are right, and not what Windows makes of
//! them.

use std::path::Path;
use std::process::Command;

use anyhow::{Result, ensure};

use super::counts::Counts;
use crate::setup::{foreign_std, wine};
use crate::workspace::Workspace;
use crate::{process, terminal};

const TARGET: &str = "x86_64-pc-windows-gnu";
/// The standard library asks for this function, which Wine does not have yet.
const RANDOMNESS: &str = "#include <stddef.h>
__declspec(dllimport) unsigned char __stdcall SystemFunction036(void *buffer, unsigned long length);
__declspec(dllexport) int __stdcall ProcessPrng(unsigned char *buffer, size_t length)
{ return SystemFunction036(buffer, (unsigned long)length); }
";
/// Lines of crates/kek/examples/dpapi.rs.
const CHECKS: usize = 6;

pub(super) fn run(workspace: &Workspace, counts: &mut Counts) -> Result<()> {
    if !foreign_std::ensure().contains(&TARGET) {
        terminal::note("the standard library for Windows is not there: DPAPI is not tested");
        counts.skipped += CHECKS;
        return Ok(());
    }
    let wine = wine::ensure()?;
    let folder = workspace.target().join("wine");
    std::fs::create_dir_all(&folder)?;
    let source = folder.join("randomness.c");
    std::fs::write(&source, RANDOMNESS)?;
    process::run(
        Command::new(&wine.compiler)
            .args(["-shared", "-O2", "-s", "-o"])
            .arg(folder.join("bcryptprimitives.dll"))
            .arg(&source)
            .arg("-ladvapi32"),
    )?;
    process::run(
        process::cargo("cargo")
            .current_dir(workspace.root())
            .args(["build", "--package", "kek", "--example", "dpapi"])
            .args(["--target", TARGET]),
    )?;
    let built = workspace
        .target()
        .join(TARGET)
        .join("debug/examples/dpapi.exe");
    std::fs::copy(built, folder.join("dpapi.exe"))?;
    let said = process::capture(&mut under_wine(&wine, &folder))?;
    for what in said
        .lines()
        .filter_map(|line| line.trim().strip_prefix("ok: "))
    {
        counts.passed += 1;
        terminal::say(format!("test DPAPI: {what} ... ok"));
    }
    ensure!(
        counts.passed == CHECKS,
        "{} of {CHECKS} checks of DPAPI were made",
        counts.passed
    );
    Ok(())
}

fn under_wine(wine: &wine::Wine, folder: &Path) -> Command {
    let mut command = Command::new(&wine.wine);
    command
        .arg("dpapi.exe")
        .current_dir(folder)
        .env("WINEPREFIX", folder.join("prefix"))
        .env("WINEDEBUG", "-all")
        // Neither .NET nor a browser engine is looked for.
        .env("WINEDLLOVERRIDES", "mscoree,mshtml=;bcryptprimitives=n");
    command
}
