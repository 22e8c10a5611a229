//! Who serves the folder: whoever has the lock on `serve.lock`.
//!
//! The file is the lock's alone. An editor that saves a file puts a new one in its place, and a lock on the one before would be seen by
//! nobody.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::Path;

use rustix::fs::{FlockOperation, OFlags, flock};
use rustix::io::Errno;

use super::{DataFolder, FolderError};

/// The file may be put in place by another process between opening and locking it.
const ATTEMPTS: usize = 8;

/// Nobody else serves the folder until this is dropped, or the process ends, however it ends.
pub struct ServeLock(#[expect(dead_code, reason = "held, and released on drop")] File);

impl DataFolder {
    /// Takes the lock that a gateway has while it runs, and makes its file (mode 0600) if it is not there; none if one runs.
    ///
    /// # Errors
    /// [`FolderError::Io`].
    pub fn lock_serving(&self) -> Result<Option<ServeLock>, FolderError> {
        let path = self.serve_lock();
        let alone = FlockOperation::NonBlockingLockExclusive;
        let locked = lock(&path, alone, |path| {
            OpenOptions::new()
                .write(true)
                .create(true)
                .truncate(false)
                .mode(0o600)
                .custom_flags(flags())
                .open(path)
        });
        match locked {
            Ok(file) => Ok(Some(ServeLock(file))),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(None),
            Err(error) => Err(FolderError::io(&path)(error)),
        }
    }

    /// Whether a gateway runs on the folder. Nothing is made, and the lock is given back at once.
    ///
    /// # Errors
    /// [`FolderError::Io`].
    pub fn is_served(&self) -> Result<bool, FolderError> {
        let path = self.serve_lock();
        // Two who ask are not in each other's way.
        let shared = FlockOperation::NonBlockingLockShared;
        let locked = lock(&path, shared, |path| {
            let mut reading = OpenOptions::new();
            reading.read(true).custom_flags(flags()).open(path)
        });
        match locked {
            Ok(_) => Ok(false),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(true),
            Err(error) => Err(FolderError::io(&path)(error)),
        }
    }
}

/// Neither follows a link nor waits for a pipe's other end.
fn flags() -> i32 {
    (OFlags::NOFOLLOW | OFlags::NONBLOCK).bits().cast_signed()
}

/// A lock on the file that has the name when the lock is there.
fn lock(
    path: &Path,
    operation: FlockOperation,
    open: impl Fn(&Path) -> io::Result<File>,
) -> io::Result<File> {
    for _ in 0..ATTEMPTS {
        let file = open(path)?;
        if !file.metadata()?.is_file() {
            return Err(io::Error::other("is not a file"));
        }
        match flock(&file, operation) {
            Err(Errno::WOULDBLOCK) => return Err(io::ErrorKind::WouldBlock.into()),
            other => other?,
        }
        let locked = file.metadata()?;
        let is_it =
            |there: &fs::Metadata| (there.dev(), there.ino()) == (locked.dev(), locked.ino());
        match fs::symlink_metadata(path) {
            Ok(there) if is_it(&there) => return Ok(file),
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Err(io::Error::other("is replaced again and again"))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn one_serves_and_whoever_asks_is_not_in_the_way() {
        let outer = tempfile::tempdir().unwrap();
        let folder = DataFolder::create(outer.path().join("gateway")).unwrap();
        assert!(!folder.is_served().unwrap());
        assert!(!folder.serve_lock().exists(), "it was made by asking");
        let served = folder.lock_serving().unwrap().unwrap();
        assert!(folder.is_served().unwrap());
        assert!(folder.lock_serving().unwrap().is_none());
        drop(served);
        let asking = File::open(folder.serve_lock()).unwrap();
        flock(&asking, FlockOperation::NonBlockingLockShared).unwrap();
        assert!(!folder.is_served().unwrap());
        drop(asking);

        // What is no file of its own is not locked, and not written into.
        fs::remove_file(folder.serve_lock()).unwrap();
        let other = folder.path().join("other");
        symlink(&other, folder.serve_lock()).unwrap();
        assert!(folder.lock_serving().is_err());
        assert!(folder.is_served().is_err());
        assert!(!other.exists());
    }
}
