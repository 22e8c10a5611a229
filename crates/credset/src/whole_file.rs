//! Files that are there whole or not at all: a temporary file beside the target, synced, renamed.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// Writes a file anew, or over the one that is there.
///
/// # Errors
/// Those of the system; the target is then as it was.
pub(crate) fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    Replacement::begin(path)?.finish(content)
}

/// A place beside the target that is known to be writable, before anything is done that cannot be taken back.
pub(crate) struct Replacement {
    target: PathBuf,
    temporary: NamedTempFile,
}

impl Replacement {
    /// Makes the temporary file. Symbolic links are followed: what they lead to is replaced or made, and the links stay.
    ///
    /// # Errors
    /// As for [`replaceable`], and [`io::ErrorKind::PermissionDenied`] for a file that would change its owner.
    pub(crate) fn begin(path: &Path) -> io::Result<Self> {
        let (target, existing) = replaceable(path)?;
        let folder = match target.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        let mut builder = tempfile::Builder::new();
        builder.prefix(".credset-");
        let temporary = builder.tempfile_in(folder)?;
        match &existing {
            Some(existing) => keep_owner(temporary.as_file(), existing)?,
            None => as_usual(temporary.as_file())?,
        }
        Ok(Self { target, temporary })
    }

    /// Writes, syncs, renames, and syncs the folder.
    ///
    /// # Errors
    /// Those of the system; the target is then as it was.
    pub(crate) fn finish(mut self, content: &[u8]) -> io::Result<()> {
        self.temporary.write_all(content)?;
        self.temporary.as_file().sync_all()?;
        let target = self.target;
        self.temporary
            .persist(&target)
            .map_err(|error| error.error)?;
        // Where a folder can be opened, its entry is synced; elsewhere there is no way to.
        match target.parent().map(File::open) {
            Some(Ok(folder)) => folder.sync_all(),
            _ => Ok(()),
        }
    }
}

/// The file that a path leads to, and what is known of it if it is there. Nothing is changed.
///
/// # Errors
/// Those of the system; [`io::ErrorKind::PermissionDenied`] for a file that is marked as read-only, [`io::ErrorKind::InvalidInput`] for what
/// cannot be replaced by a file: a folder, a pipe, a device, a terminal.
pub(crate) fn replaceable(path: &Path) -> io::Result<(PathBuf, Option<fs::Metadata>)> {
    let refused = |why| Err(io::Error::new(io::ErrorKind::InvalidInput, why));
    if path.as_os_str() == "-" {
        return refused("only files are written; one of that name is ./-");
    }
    let existing = match fs::metadata(path) {
        Ok(existing) => existing,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Ok((end_of_links(path)?, None));
        }
        Err(error) => return Err(error),
    };
    if !existing.is_file() {
        return refused("it is no regular file");
    }
    // The folder alone would let it be replaced, and whoever runs this may be allowed everything.
    if existing.permissions().readonly() {
        return Err(io::Error::new(
            io::ErrorKind::PermissionDenied,
            "it is read-only",
        ));
    }
    Ok((fs::canonicalize(path)?, Some(existing)))
}

/// Where a file would be made that was opened by this path: behind the last of the links, whose end is not there.
fn end_of_links(path: &Path) -> io::Result<PathBuf> {
    let mut end = path.to_owned();
    // The system follows as many.
    for _ in 0..40 {
        match fs::symlink_metadata(&end) {
            Ok(link) if link.is_symlink() => {
                let target = fs::read_link(&end)?;
                end = match end.parent() {
                    Some(folder) => folder.join(target),
                    None => target,
                };
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(end),
            // It has come about meanwhile.
            Ok(_) => break,
            Err(error) => return Err(error),
        }
    }
    Err(io::Error::new(
        io::ErrorKind::InvalidInput,
        "its links lead nowhere",
    ))
}

/// Owner and permissions of the file that is replaced.
///
/// # Errors
/// When this user may not give a file to that owner.
fn keep_owner(new: &File, old: &fs::Metadata) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt as _, fchown};
        let made = new.metadata()?;
        if (made.uid(), made.gid()) != (old.uid(), old.gid()) {
            fchown(new, Some(old.uid()), Some(old.gid())).map_err(|error| {
                io::Error::new(
                    error.kind(),
                    "it belongs to another user or group, and would not any more",
                )
            })?;
        }
    }
    new.set_permissions(old.permissions())
}

/// Readable for others: what is written here is no secret.
fn as_usual(new: &File) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        new.set_permissions(fs::Permissions::from_mode(0o644))?;
    }
    let _ = new;
    Ok(())
}
