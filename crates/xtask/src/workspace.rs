//! Where things lie.

use std::env;
use std::path::{Display, Path, PathBuf};

use anyhow::{Context as _, Result};

/// The project's folders.
#[derive(Clone, Debug)]
pub struct Workspace {
    root: PathBuf,
    target: PathBuf,
}

impl Workspace {
    /// The workspace that `cargo xtask` was called in (cargo says so), or else the one that this program was built from; the
    /// target folder is cargo's (`CARGO_TARGET_DIR`).
    ///
    /// # Errors
    /// When the sources are gone.
    pub fn find() -> Result<Self> {
        let package =
            env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
        let root = Path::new(&package).join("../..");
        let root = root
            .canonicalize()
            .with_context(|| format!("the workspace is not at {}", root.display()))?;
        let target = env::var_os("CARGO_TARGET_DIR")
            .map_or_else(|| root.join("target"), |folder| root.join(folder));
        Ok(Self { root, target })
    }

    /// A copy of the sources at `root`, which has a target folder of its own.
    pub fn at(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
            target: root.join("target"),
        }
    }

    /// The folder with `Cargo.lock`.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// A file or folder of the project by its path from the root.
    pub fn path(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }

    /// Cargo's target folder.
    pub fn target(&self) -> &Path {
        &self.target
    }

    /// The built page.
    pub fn dist(&self) -> PathBuf {
        self.root.join("dist")
    }

    /// Programs that set-up installed.
    pub fn tools(&self) -> PathBuf {
        self.target.join("tools")
    }

    /// A path as a person in the root folder would write it.
    pub fn shown<'a>(&self, path: &'a Path) -> Display<'a> {
        path.strip_prefix(&self.root).unwrap_or(path).display()
    }
}
