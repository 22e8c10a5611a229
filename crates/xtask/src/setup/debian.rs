//! Packages of the Debian system.

use std::process::Command;
use std::sync::OnceLock;

use anyhow::{Context as _, Result, bail};

use super::program;
use crate::{process, terminal};

/// Installs packages when we may (as root, or with a sudo that asks for no password).
///
/// # Errors
/// When we may not, with the command that a person must run; when apt fails.
pub fn install(packages: &[&str], why: &str) -> Result<()> {
    let command = format!(
        "apt-get install -y --no-install-recommends {}",
        packages.join(" ")
    );
    if program::find("apt-get").is_none() {
        bail!(
            "{why}: please install {} (this machine has no apt-get)",
            packages.join(", ")
        );
    }
    let Some(prefix) = become_root() else {
        bail!("{why}: please run `sudo {command}` and start again");
    };
    terminal::step(&command, why);
    let apt = |arguments: &[&str]| {
        let mut words =
            prefix
                .iter()
                .chain(&["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]);
        let mut command = Command::new(words.next().unwrap_or(&"env"));
        command.args(words).args(arguments);
        // Its progress is of no use; what went wrong is.
        let (succeeded, said) = process::transcript(&mut command)?;
        if !succeeded {
            bail!("apt-get {} failed: {}", arguments.join(" "), said.trim());
        }
        Ok(())
    };
    if PACKAGE_LISTS.get().is_none() {
        apt(&["update"]).context("the list of Debian packages could not be refreshed")?;
        PACKAGE_LISTS.get_or_init(|| ());
    }
    apt(&[&["install", "-y", "--no-install-recommends"], packages].concat())
}

/// Set once the package lists are fresh: one refresh per run is enough.
static PACKAGE_LISTS: OnceLock<()> = OnceLock::new();

/// What to put before a command to run it as root; `None` when that needs a person.
fn become_root() -> Option<&'static [&'static str]> {
    if rustix::process::geteuid().is_root() {
        return Some(&[]);
    }
    process::succeeds(Command::new("sudo").args(["-n", "true"])).then_some(&["sudo", "-n"])
}
