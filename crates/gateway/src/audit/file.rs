//! The file `audit.jsonl`: locked, repaired, appended to and synced. Blocking; used on the writer's own thread.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, fchown};
use std::path::{Path, PathBuf};

use rustix::fs::FlockOperation;

use super::line::End;
use super::lines::{self, Stretch};
use super::rotation::{LastLine, Rotated, Tail, put_aside};
use crate::data_folder::sync_folder;
use crate::identity::{CannotSign, IdentityError};
use crate::store::StoreError;

/// Why the audit trail cannot be written. Whoever asked for something that must be recorded is refused.
#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    /// The operating system refused.
    #[error("{path}: {source}", path = path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// The store did not give or take the lines.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A checkpoint cannot be signed.
    #[error("a checkpoint cannot be signed: {0}")]
    Sign(#[from] CannotSign),
    /// There is no identity key to sign one with.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// The writer was shut down.
    #[error("the gateway is stopping")]
    Stopped,
}

/// The audit file of one data folder.
pub(super) struct AuditFile {
    path: PathBuf,
    file: File,
    /// Length and last line as this process left them; while the length is the same, the line is.
    known: Option<(u64, End, LastLine)>,
}

/// The audit file while no other process can write it. Unlocked on drop.
pub(super) struct Locked<'f> {
    audit: &'f mut AuditFile,
    length: u64,
}

/// How the file ends.
pub(super) enum Ending {
    /// With whole lines, the last of which that is one of ours is this; a file without any, with that of the one that was put
    /// aside before, if there is one.
    Whole(End, LastLine),
    /// With this many bytes after the last line feed: a crash in the middle of an append.
    Torn(u64),
}

impl AuditFile {
    /// Opens the file, or makes it (mode 0600).
    pub(super) fn open(path: &Path) -> Result<Self, AuditError> {
        Ok(Self {
            path: path.to_owned(),
            file: open_or_create(path).map_err(|source| failed(path, source))?,
            known: None,
        })
    }

    /// Waits until no other process writes. If the file was moved away meanwhile, a new one is begun.
    pub(super) fn lock(&mut self) -> Result<Locked<'_>, AuditError> {
        let path = self.path.clone();
        self.lock_current().map_err(|source| failed(&path, source))
    }

    fn lock_current(&mut self) -> io::Result<Locked<'_>> {
        loop {
            rustix::fs::flock(&self.file, FlockOperation::LockExclusive)?;
            let here = self.file.metadata()?;
            let is_current = std::fs::metadata(&self.path)
                .is_ok_and(|there| (there.dev(), there.ino()) == (here.dev(), here.ino()));
            if is_current {
                let length = here.len();
                return Ok(Locked {
                    audit: self,
                    length,
                });
            }
            // Dropping the old file drops its lock; kept with it, it would keep every other writer out for good.
            self.file = match open_or_create(&self.path) {
                Ok(file) => file,
                Err(error) => {
                    rustix::fs::flock(&self.file, FlockOperation::Unlock)?;
                    return Err(error);
                }
            };
            self.known = None;
        }
    }
}

impl Locked<'_> {
    /// Length in bytes.
    pub(super) fn length(&self) -> u64 {
        self.length
    }

    /// Whether it is shorter than this process left it.
    pub(super) fn has_shrunk(&self) -> bool {
        self.audit
            .known
            .is_some_and(|(length, ..)| self.length < length)
    }

    /// Whether this process has written or read it before.
    pub(super) fn is_known(&self) -> bool {
        self.audit.known.is_some() && !self.has_shrunk()
    }

    /// The last line that counts, if the file is as long as this process left it.
    pub(super) fn as_left(&self) -> Option<(End, LastLine)> {
        let (length, end, last) = self.audit.known?;
        (length == self.length).then_some((end, last))
    }

    /// Remembers that all of the file was read, and which line of it counts as its last.
    pub(super) fn keep(&mut self, end: End, last: LastLine) {
        self.audit.known = Some((self.length, end, last));
    }

    /// What is to be read after a line, with so many bytes of each file's end: what is new in a file that is known,
    /// otherwise the files that may have such lines, in the chain's order.
    pub(super) fn unread(
        &self,
        after: i64,
        stretch: u64,
    ) -> Result<Vec<(PathBuf, Stretch)>, AuditError> {
        let path = &self.audit.path;
        let mut files = Vec::new();
        let mut start = self.length.saturating_sub(stretch);
        match self.audit.known {
            Some((length, ..)) if length <= self.length => start = length,
            _ => {
                for Rotated { path, .. } in self.rotated()?.into_iter().filter(|it| it.last > after)
                {
                    let cannot = |source| failed(&path, source);
                    let file = lines::open(&path).map_err(cannot)?;
                    let length = file.metadata().map_err(cannot)?.len();
                    let stretch = Stretch::new(file, length.saturating_sub(stretch), length);
                    files.push((path.clone(), stretch.map_err(cannot)?));
                }
            }
        }
        let cannot = |source| failed(path, source);
        let file = self.audit.file.try_clone().map_err(cannot)?;
        let new = Stretch::new(file, start, self.length).map_err(cannot)?;
        files.push((path.clone(), new));
        Ok(files)
    }

    /// How the file ends now.
    pub(super) fn ending(&self) -> Result<Ending, AuditError> {
        if let Some((length, end, last)) = self.audit.known
            && length == self.length
        {
            return Ok(Ending::Whole(end, last));
        }
        match self.tail(&self.audit.file, self.length)? {
            Tail::Torn(bytes) => Ok(Ending::Torn(bytes)),
            Tail::Line(end, last) => Ok(Ending::Whole(end, last)),
            Tail::NoLine => Ok(Ending::Whole(self.end_before()?, LastLine::Other)),
        }
    }

    /// The file that was put aside last.
    pub(super) fn before(&self) -> Result<Option<Rotated>, AuditError> {
        Ok(self.rotated()?.pop())
    }

    fn rotated(&self) -> Result<Vec<Rotated>, AuditError> {
        let folder = self.audit.path.parent().unwrap_or(Path::new("."));
        Rotated::list(folder).map_err(|source| failed(folder, source))
    }

    fn end_before(&self) -> Result<End, AuditError> {
        for Rotated { path, .. } in self.rotated()?.into_iter().rev() {
            let cannot = |source| failed(&path, source);
            let file = lines::open(&path).map_err(cannot)?;
            let length = file.metadata().map_err(cannot)?.len();
            if let Tail::Line(end, _) = self.tail(&file, length)? {
                return Ok(end);
            }
        }
        Ok(End::NONE)
    }

    /// Puts the file, which ends with a whole line of this number, aside under a name of its own. The next lock begins
    /// the next file.
    pub(super) fn put_aside(self, last: i64) -> Result<(), AuditError> {
        put_aside(&self.audit.path, &self.audit.file, last)
            .map_err(|source| failed(&self.audit.path, source))
    }

    /// Cuts off the torn last line.
    pub(super) fn cut(&mut self, torn: u64) -> Result<(), AuditError> {
        let length = self.length.saturating_sub(torn);
        self.audit
            .file
            .set_len(length)
            .map_err(|source| failed(&self.audit.path, source))?;
        self.length = length;
        self.audit.known = self.audit.known.filter(|(known, ..)| *known <= length);
        self.sync()
    }

    /// Appends whole lines, the last of which is this one, and syncs. When that fails, what got into the file is cut
    /// off again as far as possible; what cannot be cut off is a torn line for the next one to find.
    pub(super) fn append(
        &mut self,
        lines: &str,
        end: End,
        last: LastLine,
    ) -> Result<(), AuditError> {
        self.audit.known = None;
        let written = (&self.audit.file).write_all(lines.as_bytes());
        if let Err(source) = written {
            let _ = self.audit.file.set_len(self.length);
            return Err(failed(&self.audit.path, source));
        }
        self.sync()?;
        self.length += lines.len() as u64;
        self.audit.known = Some((self.length, end, last));
        Ok(())
    }

    fn sync(&self) -> Result<(), AuditError> {
        self.audit
            .file
            .sync_data()
            .map_err(|source| failed(&self.audit.path, source))
    }

    fn tail(&self, file: &File, length: u64) -> Result<Tail, AuditError> {
        Tail::read(file, length).map_err(|source| failed(&self.audit.path, source))
    }
}

impl Drop for Locked<'_> {
    fn drop(&mut self) {
        // If this fails the lock goes with the file descriptor; waiting for it is all that others lose.
        let _ = rustix::fs::flock(&self.audit.file, FlockOperation::Unlock);
    }
}

fn open_or_create(path: &Path) -> io::Result<File> {
    let file = OpenOptions::new()
        .read(true)
        .append(true)
        .create(true)
        .mode(0o600)
        .open(path)?;
    if let Some(folder) = path.parent() {
        let (made, owner) = (file.metadata()?, fs::metadata(folder)?);
        // A command of root's that makes it must not keep the service from it, which runs as the folder's owner.
        if made.len() == 0 && made.uid() != owner.uid() {
            fchown(&file, Some(owner.uid()), Some(owner.gid()))?;
        }
        sync_folder(folder).map_err(io::Error::other)?;
    }
    Ok(file)
}

fn failed(path: &Path, source: io::Error) -> AuditError {
    AuditError::Io {
        path: path.to_owned(),
        source,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_file_belongs_to_the_folder_s_owner() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("audit.jsonl");
        let mut owner = rustix::process::geteuid().as_raw();
        if owner == 0 {
            owner = 1;
            std::os::unix::fs::chown(folder.path(), Some(owner), Some(owner)).unwrap();
        }
        let file = open_or_create(&path).unwrap();
        assert_eq!(file.metadata().unwrap().uid(), owner);
    }
}
