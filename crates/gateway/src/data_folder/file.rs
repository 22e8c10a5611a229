//! Files that are there whole or not at all, and for their owner only.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

use rustix::fs::{CWD, RenameFlags};

use super::FolderError;

/// Writes a file (mode 0600) that must not exist yet: under a temporary name, synced, then renamed, then the folder
/// synced. After a crash there is the whole file or none.
///
/// # Errors
/// [`FolderError::AlreadyThere`], [`FolderError::Io`].
pub fn write_new(path: &Path, content: &[u8]) -> Result<(), FolderError> {
    install(path, content, |temporary, target| {
        match rustix::fs::renameat_with(CWD, temporary, CWD, target, RenameFlags::NOREPLACE) {
            // A file system without RENAME_NOREPLACE: a hard link refuses an existing name just as well.
            Err(rustix::io::Errno::INVAL | rustix::io::Errno::NOSYS) => {
                fs::hard_link(temporary, target).and_then(|()| fs::remove_file(temporary))
            }
            other => other.map_err(io::Error::from),
        }
    })
}

/// As [`write_new`], but takes the place of a file that is there.
///
/// # Errors
/// [`FolderError::Io`].
pub fn replace(path: &Path, content: &[u8]) -> Result<(), FolderError> {
    install(path, content, |temporary, target| {
        fs::rename(temporary, target)
    })
}

/// Gives a file the name of another one, which is gone then: for good once this has returned.
///
/// # Errors
/// [`FolderError::Io`].
pub fn take_place(path: &Path, of: &Path) -> Result<(), FolderError> {
    fs::rename(path, of).map_err(FolderError::io(path))?;
    sync_folder(of.parent().unwrap_or(Path::new(".")))
}

/// Removes a file, for good once this has returned.
///
/// # Errors
/// [`FolderError::Io`].
pub fn remove(path: &Path) -> Result<(), FolderError> {
    fs::remove_file(path).map_err(FolderError::io(path))?;
    sync_folder(folder_of(path))
}

/// Makes the names in a folder durable: a created or renamed file survives a power cut only after this.
///
/// # Errors
/// [`FolderError::Io`].
pub fn sync_folder(path: &Path) -> Result<(), FolderError> {
    File::open(path)
        .and_then(|folder| folder.sync_all())
        .map_err(FolderError::io(path))
}

/// The folder that a file is in, also for a path that is only a name.
fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

fn install(
    path: &Path,
    content: &[u8],
    rename: impl FnOnce(&Path, &Path) -> io::Result<()>,
) -> Result<(), FolderError> {
    let folder = folder_of(path);
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let temporary = folder.join(format!(".{name}.{}.new", std::process::id()));
    let outcome = write_synced(&temporary, content).and_then(|()| rename(&temporary, path));
    if let Err(error) = outcome {
        // Best effort: the name is ours alone, and the next attempt removes it as well.
        let _ = fs::remove_file(&temporary);
        return Err(match error.kind() {
            io::ErrorKind::AlreadyExists => FolderError::AlreadyThere(path.to_owned()),
            _ => FolderError::io(path)(error),
        });
    }
    sync_folder(folder)
}

fn write_synced(temporary: &Path, content: &[u8]) -> io::Result<()> {
    match fs::remove_file(temporary) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(temporary)?;
    file.write_all(content)?;
    file.sync_all()
}

pub(super) fn private_folder(path: &Path, with_parents: bool) -> Result<(), FolderError> {
    if path.is_dir() {
        return Ok(());
    }
    DirBuilder::new()
        .recursive(with_parents)
        .mode(0o700)
        .create(path)
        .map_err(FolderError::io(path))
}

pub(super) fn require_private(
    path: &Path,
    mode: u32,
    wanted: &'static str,
) -> Result<(), FolderError> {
    if mode & 0o077 == 0 {
        return Ok(());
    }
    Err(FolderError::NotPrivate {
        path: path.to_owned(),
        mode: mode & 0o7777,
        wanted,
    })
}
