//! The tool `age`: backups for a recovery key are opened with it, too. Only the tests need it.

use anyhow::{Result, ensure};

use super::{debian, program};

/// Finds or installs it.
///
/// # Errors
/// When it cannot be installed.
pub fn ensure() -> Result<&'static str> {
    if program::find("age").is_none() {
        debian::install(&["age"], "backups are opened with the tool `age`, too")?;
        ensure!(
            program::find("age").is_some(),
            "age was installed but cannot be found"
        );
    }
    Ok("age")
}
