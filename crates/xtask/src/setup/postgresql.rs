//! PostgreSQL's server, which tests start for themselves: in folders and on ports of their own. Only the tests need it.

use std::fs;
use std::path::PathBuf;

use anyhow::{Result, ensure};

use super::debian;

/// Where Debian has the programs, in a folder for each version. They are not in PATH.
const VERSIONS: &str = "/usr/lib/postgresql";

/// Finds or installs it.
///
/// # Errors
/// When it cannot be installed.
pub fn ensure() -> Result<&'static str> {
    if !is_there() {
        debian::install(
            &["postgresql"],
            "credentials are tried at a real PostgreSQL",
        )?;
        ensure!(
            is_there(),
            "postgresql was installed but cannot be found in {VERSIONS}"
        );
    }
    Ok(VERSIONS)
}

/// One of its programs, in whatever version has both that a server needs.
pub fn program(name: &str) -> Option<PathBuf> {
    let mut versions = fs::read_dir(VERSIONS).into_iter().flatten().flatten();
    versions.find_map(|version| {
        let programs = version.path().join("bin");
        let is_whole = programs.join("initdb").exists() && programs.join("postgres").exists();
        is_whole.then(|| programs.join(name))
    })
}

fn is_there() -> bool {
    program("postgres").is_some()
}
