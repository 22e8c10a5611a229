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
    /// Makes the temporary file. Symbolic links are followed: what they lead to is replaced, and the links stay.
    ///
    /// # Errors
    /// Those of the system; [`io::ErrorKind::PermissionDenied`] for a file that is marked as read-only.
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
/// Those of the system; [`io::ErrorKind::PermissionDenied`] for a file that is marked as read-only.
pub(crate) fn replaceable(path: &Path) -> io::Result<(PathBuf, Option<fs::Metadata>)> {
    let target = match fs::canonicalize(path) {
        Ok(target) => target,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Ok((path.to_owned(), None));
        }
        Err(error) => return Err(error),
    };
    let existing = fs::metadata(&target)?;
    // The folder alone would let it be replaced, and whoever runs this may be allowed everything.
    if existing.permissions().readonly() {
        return Err(io::Error::new(
            io::ErrorKind::PermissionDenied,
            "it is read-only",
        ));
    }
    if !existing.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is no file"));
    }
    Ok((target, Some(existing)))
}

/// Owner and permissions of the file that is replaced.
fn keep_owner(new: &File, old: &fs::Metadata) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt as _, fchown};
        let made = new.metadata()?;
        if (made.uid(), made.gid()) != (old.uid(), old.gid()) {
            // Only some may give a file away. Whoever may not keeps the permissions below, and it is theirs.
            let _ = fchown(new, Some(old.uid()), Some(old.gid()));
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
