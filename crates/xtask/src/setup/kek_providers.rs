//! What keeps a gateway's key-encryption key in the tests: systemd-creds, and SoftHSM2 as a PKCS#11 token. Only the tests need it.

use std::path::Path;

use anyhow::{Result, ensure};

use super::{debian, program};

/// SoftHSM2's module, where Debian has it.
const MODULE: &str = "/usr/lib/softhsm/libsofthsm2.so";

/// Finds or installs both.
///
/// # Errors
/// When they cannot be installed.
pub fn ensure() -> Result<&'static str> {
    let is_there = || {
        program::find("systemd-creds").is_some()
            && program::find("softhsm2-util").is_some()
            && Path::new(MODULE).exists()
    };
    if !is_there() {
        debian::install(
            &["systemd", "softhsm2", "libsofthsm2"],
            "gateways are tested with a PKCS#11 token and with systemd-creds",
        )?;
        ensure!(
            is_there(),
            "softhsm2 and systemd were installed but cannot be found"
        );
    }
    Ok(MODULE)
}
