//! wasm-bindgen's programs: the one that writes the page's JavaScript glue, and the one that runs tests in a browser.

use std::fmt;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result};

use super::{cargo_install, program};
use crate::lockfile;
use crate::workspace::Workspace;

/// Both programs, of the version that the page is compiled with: their formats change between versions.
#[derive(Clone, Debug)]
pub struct WasmBindgen {
    /// Writes the glue.
    pub bindgen: PathBuf,
    /// Runs `wasm_bindgen_test`s in a browser.
    pub test_runner: PathBuf,
    version: String,
}

/// Finds or installs them.
///
/// # Errors
/// When `Cargo.lock` has no single version of wasm-bindgen, or the installation fails.
pub fn ensure(workspace: &Workspace) -> Result<WasmBindgen> {
    let lock =
        fs::read_to_string(workspace.path("Cargo.lock")).context("cannot read Cargo.lock")?;
    let version = lockfile::version(&lock, "wasm-bindgen")
        .context("Cargo.lock has no single wasm-bindgen")?;
    if let Some(found) = find(workspace, version) {
        return Ok(found);
    }
    cargo_install::install(
        workspace,
        &["wasm-bindgen-cli", "--version", version],
        cargo_install::Work::Some,
        "writes the JavaScript that loads the page; must match the crate's version",
    )?;
    find(workspace, version).context("wasm-bindgen was installed but cannot be found")
}

impl fmt::Display for WasmBindgen {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} at {}", self.version, self.bindgen.display())
    }
}

fn find(workspace: &Workspace, version: &str) -> Option<WasmBindgen> {
    let tools = workspace.tools();
    Some(WasmBindgen {
        bindgen: program::find_version(&tools, "wasm-bindgen", version)?,
        test_runner: program::find_version(&tools, "wasm-bindgen-test-runner", version)?,
        version: version.to_owned(),
    })
}
