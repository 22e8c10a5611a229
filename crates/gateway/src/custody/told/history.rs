//! What the files that were put aside have told: they stay as they are, and are read once.

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::reading::Reading;
use super::{Remembered, Told};
use crate::audit::verify::{CannotRead, Source};

/// What this process knows of them.
#[derive(Default)]
pub(in crate::custody) struct History(Mutex<Known>);

#[derive(Clone, Default)]
struct Known {
    files: Vec<Stamp>,
    /// After the last of them.
    reading: Reading,
}

/// A file as it was before it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Stamp {
    path: PathBuf,
    device: u64,
    inode: u64,
    length: u64,
    /// Of the contents, and of anything: only the system sets the second.
    modified: (i64, i64),
    changed: (i64, i64),
}

impl Stamp {
    fn of(path: &Path) -> io::Result<Self> {
        let there = fs::metadata(path)?;
        Ok(Self {
            path: path.to_owned(),
            device: there.dev(),
            inode: there.ino(),
            length: there.len(),
            modified: (there.mtime(), there.mtime_nsec()),
            changed: (there.ctime(), there.ctime_nsec()),
        })
    }
}

/// How much was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Read {
    /// Every file.
    Everything,
    /// What comes after files that are as they were.
    Continued,
}

impl History {
    /// Reads what is not known yet.
    pub(super) fn read(
        &self,
        list: impl FnOnce() -> Result<Vec<Source>, CannotRead>,
        remembered: Remembered,
    ) -> Result<(Told, Read), CannotRead> {
        let sources = list()?;
        let mut aside = Vec::new();
        for source in &sources {
            if let Source::File(path) = source {
                let cannot = |source| CannotRead {
                    path: path.clone(),
                    source,
                };
                aside.push(Stamp::of(path).map_err(cannot)?);
            }
        }
        let known = self.known().clone();
        let is_as_it_was = !known.files.is_empty() && aside.starts_with(&known.files);
        let (skipped, mut reading) = match is_as_it_was {
            true => (known.files.len(), known.reading),
            false => (0, Reading::default()),
        };
        reading.remember(remembered);
        // Those that were put aside come first.
        for (at, source) in sources.into_iter().enumerate().skip(skipped) {
            match reading.file(source) {
                Ok(()) => {}
                Err(error) if error.source.kind() == io::ErrorKind::NotFound => return Err(error),
                // What others tell is still told.
                Err(error) => {
                    reading.fault(error.to_string());
                    break;
                }
            }
            if at + 1 == aside.len() && reading.is_settled() {
                *self.known() = Known {
                    files: aside.clone(),
                    reading: reading.clone(),
                };
            }
        }
        let read = if skipped > 0 {
            Read::Continued
        } else {
            Read::Everything
        };
        Ok((reading.finish(remembered.mark), read))
    }

    pub(super) fn forget(&self) {
        *self.known() = Known::default();
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
