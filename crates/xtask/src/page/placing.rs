//! Puts a finished folder in the place of the old one in a single step: whoever reads `dist/` sees one page or the other.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use anyhow::{Context as _, Result};
use rustix::fs::{CWD, RenameFlags, renameat_with};
use tempfile::TempDir;

use crate::workspace::Workspace;

/// An empty folder on the file system of `dist/`; removed unless it is [`put`] in place.
pub(super) fn new_folder(workspace: &Workspace) -> Result<TempDir> {
    let folder = tempfile::Builder::new()
        .prefix(".dist-")
        .tempdir_in(workspace.root())
        .context("cannot make a folder for the page")?;
    // A temporary folder is private; the page is not.
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755))?;
    Ok(folder)
}

/// Exchanges the folder with `place`; what was there before is removed.
pub(super) fn put(folder: TempDir, place: &Path) -> Result<()> {
    if !place.exists() {
        return fs::rename(folder.keep(), place).context("cannot put dist/ in place");
    }
    renameat_with(CWD, folder.path(), CWD, place, RenameFlags::EXCHANGE)
        .context("cannot put dist/ in place")?;
    // What was dist/ now has the temporary name.
    folder.close().context("cannot remove the page of before")
}
