//! The files of a trail, and their lines.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use rustix::fs::{FlockOperation, flock};

use super::CannotRead;
use crate::audit::line::End;
use crate::audit::lines::{self, Found, Lines};
use crate::audit::rotation::{Rotated, Tail};

/// How often, and how long each time, a running gateway is given to append what it has committed.
const TRIES: u32 = 40;
const PAUSE: Duration = Duration::from_millis(50);

/// A file of a trail.
pub enum Source {
    /// One that nobody writes any more.
    File(PathBuf),
    /// The one that may be written at this moment: what it had in it when it was locked, in bytes.
    Current {
        /// Its name when it was opened.
        path: PathBuf,
        /// The file itself: it may have another name by now.
        file: File,
        /// Its length then.
        length: u64,
    },
}

impl Source {
    /// The files of the trail at `audit.jsonl` in the chain's order, as they are at one moment. Line `last` is committed, so
    /// a gateway that runs is about to write it if it has not.
    ///
    /// # Errors
    /// [`CannotRead`].
    pub fn all(audit: &Path, last: i64) -> Result<Vec<Self>, CannotRead> {
        let cannot = |source| CannotRead {
            path: audit.to_owned(),
            source,
        };
        for _ in 1..TRIES {
            match Self::now(audit).map_err(cannot)? {
                (sources, seq) if seq >= last => return Ok(sources),
                _ => thread::sleep(PAUSE),
            }
        }
        Self::now(audit).map(|(sources, _)| sources).map_err(cannot)
    }

    /// The files, and the number of the last line, as far as it can be read.
    fn now(audit: &Path) -> io::Result<(Vec<Self>, i64)> {
        let folder = audit.parent().unwrap_or(Path::new("."));
        let rotated = |files: Vec<Rotated>| -> (Vec<Self>, i64) {
            let last = files.last().map_or(0, |file| file.last);
            let files = files.into_iter().map(|file| Self::File(file.path));
            (files.collect(), last)
        };
        let file = match lines::open(audit) {
            // Between two files, or there never was a line.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Ok(rotated(Rotated::list(folder)?));
            }
            other => other?,
        };
        // Nobody appends, and no file is put aside, while this is held.
        flock(&file, FlockOperation::LockShared)?;
        let (mut sources, mut last) = rotated(Rotated::list(folder)?);
        let here = file.metadata()?;
        let is_current = std::fs::metadata(audit)
            .is_ok_and(|there| (there.dev(), there.ino()) == (here.dev(), here.ino()));
        if !is_current {
            return Ok((sources, -1));
        }
        let length = here.len();
        if let Tail::Line(end, _) = Tail::read(&file, length)? {
            last = end.seq;
        }
        flock(&file, FlockOperation::Unlock)?;
        sources.push(Self::Current {
            path: audit.to_owned(),
            file,
            length,
        });
        Ok((sources, last))
    }

    pub(crate) fn path(&self) -> &Path {
        match self {
            Self::File(path) | Self::Current { path, .. } => path,
        }
    }

    /// The line that ends after so many bytes; none if the file has not that many, or they do not end with one.
    pub(crate) fn end_after(&self, offset: u64) -> Result<Option<End>, CannotRead> {
        let read = || match self {
            Self::File(path) => end_after(&lines::open(path)?, offset),
            Self::Current { file, .. } => end_after(file, offset),
        };
        read().map_err(|source| CannotRead {
            path: self.path().to_owned(),
            source,
        })
    }

    /// Gives each line to `take`.
    pub(crate) fn each(self, take: impl FnMut(Found<'_>)) -> io::Result<()> {
        self.each_after(0, take)
    }

    /// Gives each line to `take` that comes after so many bytes.
    pub(crate) fn each_after(self, offset: u64, take: impl FnMut(Found<'_>)) -> io::Result<()> {
        match self {
            Self::File(path) => each(after(lines::open(&path)?, offset)?, take),
            Self::Current { file, length, .. } => each(
                after(file, offset)?.take(length.saturating_sub(offset)),
                take,
            ),
        }
    }
}

fn end_after(file: &File, offset: u64) -> io::Result<Option<End>> {
    if file.metadata()?.len() < offset {
        return Ok(None);
    }
    Ok(match Tail::read(file, offset)? {
        Tail::Line(end, _) => Some(end),
        Tail::NoLine | Tail::Torn(_) => None,
    })
}

fn after(mut file: File, offset: u64) -> io::Result<File> {
    file.seek(SeekFrom::Start(offset))?;
    Ok(file)
}

fn each(file: impl Read, mut take: impl FnMut(Found<'_>)) -> io::Result<()> {
    let mut lines = Lines::new(file);
    while let Some(found) = lines.next()? {
        take(found);
    }
    Ok(())
}
