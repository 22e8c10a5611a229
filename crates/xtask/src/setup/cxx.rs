//! A C++ compiler, which builds libFuzzer. Only the fuzz targets need it.

use std::path::PathBuf;

use anyhow::{Context as _, Result};

use super::{debian, program};

/// Finds or installs it.
///
/// # Errors
/// When it cannot be installed.
pub fn ensure() -> Result<PathBuf> {
    if let Some(found) = program::find("c++") {
        return Ok(found);
    }
    debian::install(&["g++"], "libFuzzer is built from its sources")?;
    program::find("c++").context("g++ was installed but cannot be found")
}
