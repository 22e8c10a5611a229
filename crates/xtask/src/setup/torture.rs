//! What `cargo xtask torture` does harm with: strace has calls to the system fail, slowhttptest opens connections that hardly move.

use anyhow::{Result, ensure};

use super::{debian, program};

const PROGRAMS: [&str; 2] = ["strace", "slowhttptest"];

/// Finds or installs them, and names them.
///
/// # Errors
/// When they cannot be installed.
pub fn ensure() -> Result<String> {
    let are_there = || PROGRAMS.iter().all(|name| program::find(name).is_some());
    if !are_there() {
        debian::install(
            &PROGRAMS,
            "the gateway's calls fail and its connections are slow in tests",
        )?;
        ensure!(
            are_there(),
            "strace and slowhttptest were installed but cannot be found"
        );
    }
    Ok(PROGRAMS.join(", "))
}
