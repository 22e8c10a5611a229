//! Where a backup's copies lie while it is made, and where a restored gateway is put together: a folder of its own that is gone
//! afterwards, in any case.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use rustix::fs::{FlockOperation, flock};
use tempfile::TempDir;

use crate::data_folder::FolderError;

const PREFIX: &str = ".backup-";

/// A folder with a name that nobody else uses (mode 0700). Removed on drop.
pub struct ScratchFolder {
    folder: TempDir,
    /// Tells other processes that somebody is at work here. The lock ends with the process, however it ends.
    _lock: File,
}

impl ScratchFolder {
    /// Makes one.
    ///
    /// # Errors
    /// [`FolderError::Io`].
    pub fn make_in(parent: &Path) -> Result<Self, FolderError> {
        let failed = |source| FolderError::Io {
            path: parent.to_owned(),
            source,
        };
        let folder = tempfile::Builder::new()
            .prefix(PREFIX)
            .permissions(fs::Permissions::from_mode(0o700))
            .tempdir_in(parent)
            .map_err(failed)?;
        let lock = File::open(folder.path()).map_err(failed)?;
        flock(&lock, FlockOperation::NonBlockingLockExclusive)
            .map_err(|error| failed(error.into()))?;
        Ok(Self {
            folder,
            _lock: lock,
        })
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Whether a file's name is that of such a folder.
    #[must_use]
    pub fn is_one(name: &std::ffi::OsStr) -> bool {
        name.as_encoded_bytes().starts_with(PREFIX.as_bytes())
    }
}

/// Removes what processes that were killed have left.
///
/// # Errors
/// [`FolderError::Io`].
pub fn remove_leftovers(parent: &Path) -> Result<(), FolderError> {
    let failed = |source| FolderError::Io {
        path: parent.to_owned(),
        source,
    };
    for entry in parent.read_dir().map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if is_folder && ScratchFolder::is_one(&entry.file_name()) {
            match remove_unless_in_use(&entry.path()) {
                // Another process was faster.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                other => other.map_err(failed)?,
            }
        }
    }
    Ok(())
}

fn remove_unless_in_use(path: &Path) -> io::Result<()> {
    let folder = File::open(path)?;
    match flock(&folder, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => fs::remove_dir_all(path),
        Err(rustix::io::Errno::WOULDBLOCK) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leftovers_go_and_what_is_in_use_stays() {
        let parent = tempfile::tempdir().unwrap();
        let in_use = ScratchFolder::make_in(parent.path()).unwrap();
        let killed = parent.path().join(".backup-killed");
        fs::create_dir(&killed).unwrap();
        fs::write(killed.join("store.sqlite"), "rows").unwrap();
        let other = parent.path().join("backup-of-somebody");
        fs::create_dir(&other).unwrap();
        remove_leftovers(parent.path()).unwrap();
        assert!(in_use.path().exists() && other.exists() && !killed.exists());
        let path = in_use.path().to_owned();
        drop(in_use);
        assert!(!path.exists());
    }
}
