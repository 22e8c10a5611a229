//! Two JOSE libraries of other people, to make and open envelopes with: npm `jose` and PyPI `jwcrypto`. Only the tests need them.

use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};

use super::{debian, npm, program};
use crate::workspace::Workspace;
use crate::{process, terminal};

const JOSE: npm::Package = npm::Package {
    name: "jose",
    version: "6.2.18",
};
const JWCRYPTO: &str = "1.6.1";

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
    JOSE.ensure(&folder, why)?;
    let python = folder.join("python");
    if !python.join(stamp()).is_file() {
        jwcrypto(&python, why)?;
    }
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
        write!(
            formatter,
            "jose {}, jwcrypto {JWCRYPTO} at {}",
            JOSE.version,
            self.folder.display()
        )
    }
}

fn jwcrypto(environment: &Path, why: &str) -> Result<()> {
    let python = program::find("python3");
    let has_venv = python.as_ref().is_some_and(|python| {
        process::succeeds(Command::new(python).args(["-c", "import venv, ensurepip"]))
    });
    if !has_venv {
        debian::install(&["python3", "python3-venv"], why)?;
    }
    terminal::step(format!("pip install jwcrypto=={JWCRYPTO}"), why);
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
            ])
            .arg(format!("jwcrypto=={JWCRYPTO}")),
    )?;
    std::fs::write(environment.join(stamp()), "")?;
    Ok(())
}

/// Written when an installation is complete: a half-made environment has none.
fn stamp() -> String {
    format!("jwcrypto-{JWCRYPTO}")
}
