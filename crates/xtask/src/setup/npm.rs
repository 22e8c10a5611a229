//! Packages from the npm registry, in the versions and with the checksums of a `package-lock.json`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};
use serde::Deserialize;

use super::{debian, program};
use crate::workspace::Workspace;
use crate::{process, terminal};

/// Names the packages that build the page, and their versions.
const PAGE_BUILDERS: &str = "crates/xtask/node";

/// Written when an installation is complete: a copy of the lock file that it was made from.
const INSTALLED: &str = "installed-package-lock.json";

/// An installed package.
#[derive(Clone, Debug)]
pub(super) struct Package {
    /// Where its files are.
    pub(super) folder: PathBuf,
    /// Its version.
    pub(super) version: String,
}

/// Finds or installs a package that builds the page.
pub(super) fn page_builder(workspace: &Workspace, name: &str, why: &str) -> Result<Package> {
    let folder = workspace.tools().join("node");
    package(&workspace.path(PAGE_BUILDERS), &folder, name, why)
}

/// Finds or installs one package of those that the `package.json` in `manifest` names, in `folder`.
pub(super) fn package(manifest: &Path, folder: &Path, name: &str, why: &str) -> Result<Package> {
    #[derive(Deserialize)]
    struct Manifest {
        version: String,
    }
    ensure(manifest, folder, why)?;
    let folder = folder.join("node_modules").join(name);
    let manifest = fs::read(folder.join("package.json"))
        .with_context(|| format!("npm installed no {name}"))?;
    let Manifest { version } = serde_json::from_slice(&manifest)?;
    Ok(Package { folder, version })
}

/// Installs what the `package.json` in `manifest` names into `folder`, unless it is there.
pub(super) fn ensure(manifest: &Path, folder: &Path, why: &str) -> Result<()> {
    node(why)?;
    let lock = manifest.join("package-lock.json");
    let wanted = fs::read(&lock).with_context(|| format!("cannot read {}", lock.display()))?;
    let installed = folder.join(INSTALLED);
    if fs::read(&installed).is_ok_and(|lock| lock == wanted) && folder.join("node_modules").is_dir()
    {
        return Ok(());
    }
    if program::find("npm").is_none() {
        debian::install(&["npm"], why)?;
    }
    terminal::step(format!("npm ci in {}", folder.display()), why);
    fs::create_dir_all(folder)?;
    for file in ["package.json", "package-lock.json"] {
        fs::copy(manifest.join(file), folder.join(file))?;
    }
    process::run(Command::new("npm").current_dir(folder).args([
        "ci",
        "--silent",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
    ]))?;
    fs::write(&installed, wanted).with_context(|| format!("cannot write {}", installed.display()))
}

/// Finds or installs Node.js, which runs these packages.
pub(super) fn node(why: &str) -> Result<PathBuf> {
    if let Some(found) = program::find("node") {
        return Ok(found);
    }
    debian::install(&["nodejs", "npm"], why)?;
    program::find("node").context("Node.js was installed but cannot be found")
}
