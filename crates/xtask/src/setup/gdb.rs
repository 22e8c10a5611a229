//! gdb, whose `gcore` shows what can be dumped of a running gateway. Only the end-to-end tests need it.

use std::path::PathBuf;

use anyhow::{Context as _, Result};

use super::{debian, program};

/// Finds or installs it.
///
/// # Errors
/// When it cannot be installed.
pub fn ensure() -> Result<PathBuf> {
    if let Some(found) = program::find("gdb") {
        return Ok(found);
    }
    debian::install(
        &["gdb"],
        "the gateway's core files are searched for secrets",
    )?;
    program::find("gdb").context("gdb was installed but cannot be found")
}
