//! ODBC's driver manager, with drivers for servers that tests start. Only the tests need them.

use std::fs;

use anyhow::{Result, bail};

use super::{debian, program};

/// Debian's packages; each registers its driver.
const PACKAGES: [&str; 4] = ["odbcinst", "libodbc2", "odbc-postgresql", "odbc-mariadb"];
/// Names under which they do.
const DRIVERS: [&str; 2] = ["PostgreSQL Unicode", "MariaDB Unicode"];

/// Finds or installs them.
///
/// # Errors
/// When they cannot be installed.
pub fn ensure() -> Result<String> {
    if !is_there() {
        debian::install(&PACKAGES, "credentials are tried by real ODBC drivers")?;
        if !is_there() {
            bail!("odbc-postgresql and odbc-mariadb were installed but are not registered");
        }
    }
    Ok(DRIVERS.join(", "))
}

fn is_there() -> bool {
    let registered = fs::read_to_string("/etc/odbcinst.ini").unwrap_or_default();
    let are_registered = DRIVERS
        .iter()
        .all(|name| registered.contains(&format!("[{name}]")));
    are_registered && program::find("odbcinst").is_some()
}
