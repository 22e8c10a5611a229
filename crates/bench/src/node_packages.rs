//! The JavaScript libraries to compare with, installed with npm at the versions pinned in `node/package-lock.json`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};

/// The libraries' files.
pub(crate) struct NodePackages {
    /// Microsoft's JavaScript cryptography library, minified.
    pub(crate) msrcrypto: PathBuf,
    /// node-forge, the bundle for browsers.
    pub(crate) forge: PathBuf,
}

impl NodePackages {
    /// Installs into `target/bench/node` unless they are there already.
    pub(crate) fn install(target: &Path) -> Result<Self> {
        let folder = target.join("bench/node");
        let pinned = Path::new(env!("CARGO_MANIFEST_DIR")).join("node");
        let lock = fs::read(pinned.join("package-lock.json")).context("node/package-lock.json")?;
        if fs::read(folder.join("package-lock.json")).ok().as_ref() != Some(&lock)
            || !folder.join("node_modules").is_dir()
        {
            fs::create_dir_all(&folder)?;
            for file in ["package.json", "package-lock.json"] {
                fs::copy(pinned.join(file), folder.join(file))
                    .with_context(|| format!("node/{file}"))?;
            }
            let status = Command::new("npm")
                .args([
                    "ci",
                    "--ignore-scripts",
                    "--no-audit",
                    "--no-fund",
                    "--silent",
                ])
                .current_dir(&folder)
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .status()
                .context("npm cannot be started")?;
            if !status.success() {
                bail!("`npm ci` failed in {}", folder.display());
            }
        }
        let modules = folder.join("node_modules");
        Ok(Self {
            msrcrypto: modules.join("msrcrypto/msrcrypto.min.js"),
            forge: modules.join("node-forge/dist/forge.min.js"),
        })
    }
}
