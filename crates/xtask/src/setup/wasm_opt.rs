//! Binaryen's `wasm-opt`, which makes the page smaller. Debian's is years old; the npm package is recent and needs no compiler.

use std::fmt;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context as _, Result};
use serde::Deserialize;

use super::npm;
use crate::workspace::Workspace;

/// Names the package and its version.
const MANIFEST: &str = "crates/xtask/node";

/// How to start it.
#[derive(Clone, Debug)]
pub struct WasmOpt {
    node: PathBuf,
    script: PathBuf,
    version: String,
}

/// Finds or installs it.
///
/// # Errors
/// When Node.js or the package cannot be installed.
pub fn ensure(workspace: &Workspace) -> Result<WasmOpt> {
    #[derive(Deserialize)]
    struct Manifest {
        version: String,
    }
    let why = "wasm-opt makes the page smaller";
    let folder = workspace.tools().join("node");
    npm::ensure(&workspace.path(MANIFEST), &folder, why)?;
    let package = folder.join("node_modules/binaryen");
    let manifest = fs::read(package.join("package.json")).context("npm installed no binaryen")?;
    let Manifest { version } = serde_json::from_slice(&manifest)?;
    Ok(WasmOpt {
        node: npm::node(why)?,
        script: package.join("bin/wasm-opt"),
        version,
    })
}

impl WasmOpt {
    /// `wasm-opt`, without arguments yet.
    pub fn command(&self) -> Command {
        let mut command = Command::new(&self.node);
        command.arg(&self.script);
        command
    }

    /// Its version: part of what decides whether a page is still fresh.
    pub fn version(&self) -> &str {
        &self.version
    }
}

impl fmt::Display for WasmOpt {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} at {}", self.version, self.script.display())
    }
}
