//! What `cargo xtask torture` does harm with: strace has calls to the system fail, slowhttptest opens connections that hardly move, faketime
//! has the clock jump.

use anyhow::{Result, ensure};

use super::{debian, program};

const PROGRAMS: [&str; 3] = ["strace", "slowhttptest", "faketime"];

/// Finds or installs them, and names them.
///
/// # Errors
/// When they cannot be installed.
pub fn ensure() -> Result<String> {
    let are_there = || PROGRAMS.iter().all(|name| program::find(name).is_some());
    if !are_there() {
        debian::install(
            &PROGRAMS,
            "the gateway's calls fail, its connections are slow and its clock jumps in tests",
        )?;
        ensure!(
            are_there(),
            "{} were installed but cannot all be found",
            PROGRAMS.join(", ")
        );
    }
    Ok(PROGRAMS.join(", "))
}
