//! Packages from the npm registry, each in a folder of its own under the tools folder.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};
use serde::Deserialize;

use super::{debian, program};
use crate::{process, terminal};

/// A package at one version.
pub(super) struct Package {
    pub(super) name: &'static str,
    pub(super) version: &'static str,
}

impl Package {
    /// Finds or installs it below `folder`; returns the package's own folder.
    pub(super) fn ensure(&self, folder: &Path, why: &str) -> Result<PathBuf> {
        node(why)?;
        let installed = folder.join("node_modules").join(self.name);
        if self.is_in(&installed) {
            return Ok(installed);
        }
        if program::find("npm").is_none() {
            debian::install(&["npm"], why)?;
        }
        let package = format!("{}@{}", self.name, self.version);
        terminal::step(format!("npm install {package}"), why);
        fs::create_dir_all(folder)?;
        process::run(
            Command::new("npm")
                .args([
                    "install",
                    "--silent",
                    "--ignore-scripts",
                    "--no-audit",
                    "--no-fund",
                    "--prefix",
                ])
                .arg(folder)
                .arg(&package),
        )?;
        self.is_in(&installed)
            .then_some(installed)
            .with_context(|| format!("npm succeeded but {package} is not there"))
    }

    fn is_in(&self, installed: &Path) -> bool {
        #[derive(Deserialize)]
        struct Manifest {
            version: String,
        }
        fs::read(installed.join("package.json"))
            .ok()
            .and_then(|json| serde_json::from_slice::<Manifest>(&json).ok())
            .is_some_and(|manifest| manifest.version == self.version)
    }
}

/// Finds or installs Node.js, which runs these packages.
pub(super) fn node(why: &str) -> Result<PathBuf> {
    if let Some(found) = program::find("node") {
        return Ok(found);
    }
    debian::install(&["nodejs", "npm"], why)?;
    program::find("node").context("Node.js was installed but cannot be found")
}
