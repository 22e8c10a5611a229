//! Files of the trail as they were when they were read.

use std::fs::{self, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::audit::verify::{CannotRead, Source};

/// A file that was put aside, as it was before it was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Stamp {
    path: PathBuf,
    place: Place,
    length: u64,
    /// Of the contents, and of anything: only the system sets the second.
    modified: (i64, i64),
    changed: (i64, i64),
}

/// A file under whatever name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Place {
    device: u64,
    inode: u64,
}

impl Stamp {
    /// Those of these files that were put aside, which come first.
    pub(super) fn of_aside(sources: &[Source]) -> Result<Vec<Self>, CannotRead> {
        let mut aside = Vec::new();
        for source in sources {
            if let Source::File(path) = source {
                aside.push(Self::of(path).map_err(cannot(path))?);
            }
        }
        Ok(aside)
    }

    fn of(path: &Path) -> io::Result<Self> {
        let there = fs::metadata(path)?;
        Ok(Self {
            path: path.to_owned(),
            place: Place::from(&there),
            length: there.len(),
            modified: (there.mtime(), there.mtime_nsec()),
            changed: (there.ctime(), there.ctime_nsec()),
        })
    }
}

impl Place {
    pub(super) fn of(source: &Source) -> Result<Self, CannotRead> {
        let there = match source {
            Source::File(path) => fs::metadata(path),
            Source::Current { file, .. } => file.metadata(),
        };
        there
            .map(|there| Self::from(&there))
            .map_err(cannot(source.path()))
    }
}

impl From<&Metadata> for Place {
    fn from(there: &Metadata) -> Self {
        Self {
            device: there.dev(),
            inode: there.ino(),
        }
    }
}

fn cannot(path: &Path) -> impl FnOnce(io::Error) -> CannotRead {
    let path = path.to_owned();
    move |source| CannotRead { path, source }
}
