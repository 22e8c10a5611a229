//! Wine and a linker for Windows: what is for Windows only is built for it and run. Only the tests need them.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use super::{debian, program};

/// Debian keeps it off the search path.
const WINE: &str = "/usr/lib/wine/wine64";
const COMPILER: &str = "x86_64-w64-mingw32-gcc";

/// Both.
pub struct Wine {
    /// Runs a program for Windows.
    pub wine: PathBuf,
    /// Compiles C for Windows.
    pub compiler: PathBuf,
}

/// Finds or installs both.
///
/// # Errors
/// When they cannot be installed.
pub fn ensure() -> Result<Wine> {
    if find().is_none() {
        debian::install(
            &["gcc-mingw-w64-x86-64", "wine64"],
            "what is for Windows is built for it and run",
        )?;
    }
    find().context("gcc-mingw-w64-x86-64 and wine64 were installed but cannot be found")
}

fn find() -> Option<Wine> {
    let debians = Path::new(WINE);
    let wine = match debians.is_file() {
        true => debians.to_owned(),
        false => program::find("wine64").or_else(|| program::find("wine"))?,
    };
    let compiler = program::find(COMPILER)?;
    Some(Wine { wine, compiler })
}
