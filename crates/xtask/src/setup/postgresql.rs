//! PostgreSQL's server, which tests start for themselves: in folders and on ports of their own. Only the tests need it.

use std::fs;

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

fn is_there() -> bool {
    let mut versions = fs::read_dir(VERSIONS).into_iter().flatten().flatten();
    versions.any(|version| {
        let programs = version.path().join("bin");
        programs.join("initdb").exists() && programs.join("postgres").exists()
    })
}
