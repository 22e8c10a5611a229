//! The file `audit.jsonl`: locked, repaired, appended to and synced. Blocking; used on the writer's own thread.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{FileExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::FlockOperation;
use serde::Deserialize;

use crate::data_folder::sync_folder;
use crate::store::StoreError;

/// No line is longer, in bytes: the members of an event are clipped.
const MAX_LINE_BYTES: u64 = 64 * 1024;

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
    /// The last line is whole but not one of ours. It is evidence, and not touched.
    #[error("the last line of {0} is not an audit line; move the file away and keep it")]
    ForeignLine(PathBuf),
    /// The store did not give or take the lines.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The writer was shut down.
    #[error("the gateway is stopping")]
    Stopped,
}

/// The audit file of one data folder.
pub(super) struct AuditFile {
    path: PathBuf,
    file: File,
    /// Length and last number as this process left them; while the length is the same, the number is.
    known: Option<(u64, i64)>,
}

/// The audit file while no other process can write it. Unlocked on drop.
pub(super) struct Locked<'f> {
    audit: &'f mut AuditFile,
    length: u64,
}

/// How the file ends.
pub(super) enum Ending {
    /// With a whole line of this number, or it is empty (0).
    Whole(i64),
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
            // Dropping the old file drops its lock.
            self.file = open_or_create(&self.path)?;
            self.known = None;
        }
    }
}

impl Locked<'_> {
    /// How the file ends now.
    pub(super) fn ending(&mut self) -> Result<Ending, AuditError> {
        if let Some((length, seq)) = self.audit.known
            && length == self.length
        {
            return Ok(Ending::Whole(seq));
        }
        let tail = self.tail()?;
        let torn = tail.iter().rev().take_while(|&&byte| byte != b'\n').count();
        if torn > 0 {
            return Ok(Ending::Torn(torn as u64));
        }
        let seq = match tail.split_last() {
            None => 0,
            Some((_line_feed, lines)) => {
                let line = lines
                    .rsplit(|&byte| byte == b'\n')
                    .next()
                    .unwrap_or_default();
                numbered(line).ok_or_else(|| AuditError::ForeignLine(self.audit.path.clone()))?
            }
        };
        self.audit.known = Some((self.length, seq));
        Ok(Ending::Whole(seq))
    }

    /// Cuts off the torn last line.
    pub(super) fn cut(&mut self, torn: u64) -> Result<(), AuditError> {
        let length = self.length.saturating_sub(torn);
        self.audit
            .file
            .set_len(length)
            .map_err(|source| failed(&self.audit.path, source))?;
        self.length = length;
        self.audit.known = None;
        self.sync()
    }

    /// Appends whole lines, the last of which has this number, and syncs. When that fails, what got into the file is cut
    /// off again as far as possible; what cannot be cut off is a torn line for the next one to find.
    pub(super) fn append(&mut self, lines: &str, last: i64) -> Result<(), AuditError> {
        self.audit.known = None;
        let written = (&self.audit.file).write_all(lines.as_bytes());
        if let Err(source) = written {
            let _ = self.audit.file.set_len(self.length);
            return Err(failed(&self.audit.path, source));
        }
        self.sync()?;
        self.length += lines.len() as u64;
        self.audit.known = Some((self.length, last));
        Ok(())
    }

    fn sync(&self) -> Result<(), AuditError> {
        self.audit
            .file
            .sync_data()
            .map_err(|source| failed(&self.audit.path, source))
    }

    /// The file's last bytes, more than one line of them.
    fn tail(&self) -> Result<Vec<u8>, AuditError> {
        let start = self.length.saturating_sub(2 * MAX_LINE_BYTES);
        let mut tail = vec![0; usize::try_from(self.length - start).unwrap_or_default()];
        self.audit
            .file
            .read_exact_at(&mut tail, start)
            .map_err(|source| failed(&self.audit.path, source))?;
        Ok(tail)
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
        sync_folder(folder).map_err(io::Error::other)?;
    }
    Ok(file)
}

/// The number of a whole line, if it is one of ours.
fn numbered(line: &[u8]) -> Option<i64> {
    #[derive(Deserialize)]
    struct Numbered {
        seq: i64,
    }
    // Half of the numbers stay unused, so that adding to one never overflows whatever stands in the file.
    serde_json::from_slice::<Numbered>(line)
        .ok()
        .map(|line| line.seq)
        .filter(|seq| (1..i64::MAX / 2).contains(seq))
}

fn failed(path: &Path, source: io::Error) -> AuditError {
    AuditError::Io {
        path: path.to_owned(),
        source,
    }
}
