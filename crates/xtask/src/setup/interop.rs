//! Two JOSE libraries of other people, to make and open envelopes with: npm `jose` and PyPI `jwcrypto`. Only the tests need them.

use std::fmt;
use std::path::{Path, PathBuf};

use anyhow::Result;

use super::{npm, python};
use crate::workspace::Workspace;

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
    python::ensure(
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
