//! Binaryen's `wasm-opt`, which makes the page smaller. Debian's is years old; the npm package is recent and needs no compiler.

use std::fmt;
use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use super::npm;
use crate::workspace::Workspace;

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
    let why = "wasm-opt makes the page smaller";
    let package = npm::page_builder(workspace, "binaryen", why)?;
    Ok(WasmOpt {
        node: npm::node(why)?,
        script: package.folder.join("bin/wasm-opt"),
        version: package.version,
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
