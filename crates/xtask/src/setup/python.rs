//! Packages from PyPI, in an environment of their own.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result};

use super::{debian, program};
use crate::{process, terminal};

/// An environment with what `requirements` names. Its copy, written last, says that the environment is complete.
///
/// # Errors
/// When Python or one of the packages cannot be installed.
pub(super) fn ensure(requirements: &Path, environment: &Path, why: &str) -> Result<()> {
    let wanted = fs::read(requirements)
        .with_context(|| format!("cannot read {}", requirements.display()))?;
    let installed = environment.join("installed-requirements.txt");
    if fs::read(&installed).is_ok_and(|requirements| requirements == wanted) {
        return Ok(());
    }
    let python = program::find("python3");
    let has_venv = python.as_ref().is_some_and(|python| {
        process::succeeds(Command::new(python).args(["-c", "import venv, ensurepip"]))
    });
    if !has_venv {
        debian::install(&["python3", "python3-venv"], why)?;
    }
    terminal::step(format!("pip install into {}", environment.display()), why);
    let python = program::find("python3").context("Python was installed but cannot be found")?;
    process::run(
        Command::new(python)
            .args(["-m", "venv", "--clear"])
            .arg(environment),
    )?;
    process::run(
        Command::new(environment.join("bin/python"))
            .args([
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
                "--requirement",
            ])
            .arg(requirements),
    )?;
    fs::write(&installed, wanted).with_context(|| format!("cannot write {}", installed.display()))
}
