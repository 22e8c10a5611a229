//! What makes the gateway's Debian package (dpkg-dev, binutils), and what looks at its unit and tries it (systemd, curl,
//! openssl).

use anyhow::{Result, ensure};

use super::{debian, program};

/// Programs and the packages that they come with.
const NEEDED: [(&str, &str); 7] = [
    ("dpkg-shlibdeps", "dpkg-dev"),
    ("strip", "binutils"),
    ("systemd-analyze", "systemd"),
    ("systemd-sysusers", "systemd"),
    ("deb-systemd-helper", "init-system-helpers"),
    ("curl", "curl"),
    ("openssl", "openssl"),
];

/// Finds or installs them.
///
/// # Errors
/// When they cannot be installed.
pub fn ensure() -> Result<&'static str> {
    let missing = || {
        NEEDED
            .iter()
            .filter(|(name, _)| program::find(name).is_none())
    };
    let packages: Vec<&str> = missing().map(|(_, package)| *package).collect();
    if !packages.is_empty() {
        debian::install(&packages, "the gateway's Debian package is made and tried")?;
        ensure!(
            missing().next().is_none(),
            "{} were installed but cannot be found",
            packages.join(", ")
        );
    }
    Ok("dpkg-dev, systemd")
}
