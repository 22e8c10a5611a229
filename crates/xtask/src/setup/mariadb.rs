//! MariaDB's server, which tests start for themselves: in folders and on ports of their own. Only the tests need it.

use anyhow::{Context as _, Result};

use super::{debian, program};

/// The server, what makes its first files, and the administrator's client.
const PROGRAMS: [&str; 3] = ["mariadbd", "mariadb-install-db", "mariadb"];

/// Finds or installs it.
///
/// # Errors
/// When it cannot be installed.
pub fn ensure() -> Result<&'static str> {
    let is_there = || PROGRAMS.iter().all(|name| program::find(name).is_some());
    if !is_there() {
        debian::install(
            &["mariadb-server"],
            "credentials are tried at a real MariaDB",
        )?;
        is_there()
            .then_some(())
            .context("mariadb-server was installed but cannot be found")?;
    }
    Ok(PROGRAMS[0])
}
