//! What root gets when it dumps a running process: with gdb's `gcore`, and with a gdb that is told to leave nothing out.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, ensure};

use super::process::run;

/// A dump as `gcore` makes it, which keeps to the process's own choice of what is dumped.
pub(crate) fn polite(process: u32, folder: &Path) -> Result<PathBuf> {
    dump(process, folder, "polite.core", &[])
}

/// A dump of everything that the process has.
pub(crate) fn whole(process: u32, folder: &Path) -> Result<PathBuf> {
    let everything = [
        "set use-coredump-filter off",
        "set dump-excluded-mappings on",
    ];
    dump(process, folder, "whole.core", &everything)
}

fn dump(process: u32, folder: &Path, name: &str, settings: &[&str]) -> Result<PathBuf> {
    let path = folder.join(name);
    let mut gdb = Command::new("gdb");
    gdb.args(["--batch", "--nx", "--pid", &process.to_string()]);
    for command in settings {
        gdb.args(["-ex", command]);
    }
    // The command behind the script `gcore`, which takes no settings.
    run(gdb.args(["-ex", &format!("gcore {}", path.display())]))?;
    ensure!(path.exists(), "gdb has written no core file");
    Ok(path)
}
