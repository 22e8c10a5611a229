//! Two JOSE libraries of other people, to make and open envelopes with: npm `jose` and PyPI `jwcrypto`. Only the tests need them.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};

use super::{debian, npm, program};
use crate::workspace::Workspace;
use crate::{process, terminal};

/// Names the packages and their versions, and has the scripts that use them.
const MANIFESTS: &str = "crates/envelope/tests/interop";

/// Where they are.
#[derive(Clone, Debug)]
pub struct Interop {
    folder: PathBuf,
}

/// Finds or installs them in `target/interop`.
///
/// # Errors
/// When Node.js, Python or one of the packages cannot be installed.
pub fn ensure(workspace: &Workspace) -> Result<Interop> {
    let folder = workspace.target().join("interop");
    let why = "envelopes are exchanged with other JOSE libraries";
    let manifests = workspace.path(MANIFESTS);
    npm::ensure(&manifests, &folder, why)?;
    python_packages(
        &manifests.join("requirements.txt"),
        &folder.join("python"),
        why,
    )?;
    Ok(Interop { folder })
}

impl Interop {
    /// Folder with `node_modules/jose` and the Python environment `python/`.
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

impl fmt::Display for Interop {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "jose and jwcrypto at {}", self.folder.display())
    }
}

/// A Python environment with what `requirements` names. Its copy, written last, says that the environment is complete.
fn python_packages(requirements: &Path, environment: &Path, why: &str) -> Result<()> {
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
