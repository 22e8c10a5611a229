//! The npm package of the portal's element.
//!
//! ```text
//! target/package/npm/credential-setter.js, .d.ts   the element, minified, and its types
//! target/package/npm/react.js, .d.ts               the same for React
//! target/package/npm/custom-elements.json,
//!                    package.json, README.md, LICENSE
//! target/package/credential-setter-<version>.tgz   what `npm publish` takes
//! target/package/checks/                           a project that has installed it
//! ```

pub mod checks;

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context as _, Result, ensure};

use crate::page::compression;
use crate::page::element::{self, SOURCES, TYPES};
use crate::process;
use crate::setup::esbuild::{self, Esbuild};
use crate::setup::package_checks::{self, PackageChecks};
use crate::workspace::Workspace;

/// Bytes of the element with brotli, at most.
pub const HEAVIEST: usize = 6_144;

/// Where the version goes.
const VERSION_MARK: &str = "@VERSION@";

/// The package as it was made, and what looks at it.
pub struct Package {
    /// What is packed.
    pub folder: PathBuf,
    /// The packed file.
    pub tarball: PathBuf,
    /// Bytes of the element, plain and with brotli.
    pub weight: (usize, usize),
    tools: PackageChecks,
    bundler: Esbuild,
}

/// Makes the package.
///
/// # Errors
/// When a tool is missing and cannot be installed, or a file cannot be read or written.
pub fn build(workspace: &Workspace) -> Result<Package> {
    let bundler = esbuild::ensure(workspace)?;
    let tools = package_checks::ensure(workspace)?;
    let folder = tools.folder().join("npm");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    let element = element::bundled(workspace, &bundler)?;
    let weight = (
        element.len(),
        compression::brotli(element.as_bytes())?.len(),
    );
    fs::write(folder.join("credential-setter.js"), element)?;
    let sources = workspace.path(SOURCES).join("package");
    for name in [
        "react.js",
        "react.d.ts",
        "custom-elements.json",
        "README.md",
    ] {
        copy(&sources.join(name), folder.join(name))?;
    }
    copy(
        &workspace.path(TYPES),
        folder.join("credential-setter.d.ts"),
    )?;
    copy(&workspace.path("LICENSE"), folder.join("LICENSE"))?;
    let manifest = fs::read_to_string(sources.join("package.json"))?;
    ensure!(
        manifest.contains(VERSION_MARK),
        "package.json has no {VERSION_MARK}"
    );
    let version = env!("CARGO_PKG_VERSION");
    fs::write(
        folder.join("package.json"),
        manifest.replace(VERSION_MARK, version),
    )?;
    let name = process::capture(
        Command::new("npm")
            .current_dir(&folder)
            .args(["pack", "--silent", "--pack-destination"])
            .arg(tools.folder()),
    )?;
    Ok(Package {
        folder,
        tarball: tools.folder().join(name.trim()),
        weight,
        tools,
        bundler,
    })
}

/// The examples in a project that has installed the package, each bundled into one script; the folder with them.
///
/// # Errors
/// As for [`build`], and when one cannot be bundled.
pub fn examples(workspace: &Workspace) -> Result<PathBuf> {
    checks::bundled_examples(workspace, &build(workspace)?)
}

fn copy(from: &std::path::Path, to: PathBuf) -> Result<()> {
    fs::copy(from, to).with_context(|| format!("cannot copy {}", from.display()))?;
    Ok(())
}
