//! What looks at the npm package (publint, arethetypeswrong, TypeScript), and what it is used with (React, Vue). Only its checks need them.

use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use super::npm;
use crate::workspace::Workspace;

/// Names the packages and their versions.
const MANIFEST: &str = "tests/package";

/// Where they are.
#[derive(Clone, Debug)]
pub struct PackageChecks {
    folder: PathBuf,
}

/// Finds or installs them in `target/package`, below which everything that imports them lies.
///
/// # Errors
/// When Node.js or a package cannot be installed.
pub fn ensure(workspace: &Workspace) -> Result<PackageChecks> {
    let folder = workspace.target().join("package");
    let why = "the npm package is looked at as whoever installs it does";
    npm::ensure(&workspace.path(MANIFEST), &folder, why)?;
    Ok(PackageChecks { folder })
}

impl PackageChecks {
    /// `target/package`.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// One of the programs, without arguments yet.
    pub fn command(&self, name: &str) -> Command {
        Command::new(self.folder.join("node_modules/.bin").join(name))
    }
}

impl fmt::Display for PackageChecks {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "publint, arethetypeswrong and TypeScript at {}",
            self.folder.display()
        )
    }
}
