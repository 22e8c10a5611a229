//! Servers of object stores: moto (PyPI) for Amazon S3, Azurite (npm) for Azure Storage. Only the tests need them.

use std::fmt;
use std::path::{Path, PathBuf};

use anyhow::Result;

use super::{npm, python};
use crate::workspace::Workspace;

/// Names the packages and their versions, and has the script that makes moto's accounts.
const MANIFESTS: &str = "crates/probe/tests/object-stores";

/// Where they are.
#[derive(Clone, Debug)]
pub struct ObjectStores {
    folder: PathBuf,
}

/// Finds or installs them in `target/object-stores`.
///
/// # Errors
/// When Node.js, Python or one of the packages cannot be installed.
pub fn ensure(workspace: &Workspace) -> Result<ObjectStores> {
    let stores = ObjectStores {
        folder: workspace.target().join("object-stores"),
    };
    let why = "keys are tried at servers of object stores";
    let manifests = workspace.path(MANIFESTS);
    npm::ensure(&manifests, &stores.folder, why)?;
    let requirements = manifests.join("requirements.txt");
    python::ensure(&requirements, &stores.moto_environment(), why)?;
    Ok(stores)
}

impl ObjectStores {
    /// The Python that has moto.
    #[must_use]
    pub fn moto_python(&self) -> PathBuf {
        self.moto_environment().join("bin/python")
    }

    /// The program of Azurite's blobs, for Node.js.
    #[must_use]
    pub fn azurite(&self) -> PathBuf {
        let package: &Path = "node_modules/azurite/dist/src/blob/main.js".as_ref();
        self.folder.join(package)
    }

    fn moto_environment(&self) -> PathBuf {
        self.folder.join("python")
    }
}

impl fmt::Display for ObjectStores {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "moto and Azurite at {}", self.folder.display())
    }
}
