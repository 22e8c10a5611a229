//! What the files that were put aside have told: they stay as they are, and are read once.

use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::index::Index;
use super::reading::Reading;
use super::stamp::{Place, Stamp};
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

/// What all files tell.
pub(super) struct Whole {
    pub(super) told: Told,
    pub(super) read: Read,
    /// For whoever begins later; none while something is at fault, or what the store remembers was come by before.
    pub(super) index: Option<Index>,
}

impl Whole {
    /// What is at fault may be about what was not read this time.
    pub(super) fn is_to_be_read_again(&self) -> bool {
        self.told.fault.is_some() && self.read == Read::Continued
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
    ) -> Result<Whole, CannotRead> {
        let sources = list()?;
        let aside = Stamp::of_aside(&sources)?;
        let known = self.known().clone();
        let is_as_it_was = !known.files.is_empty() && aside.starts_with(&known.files);
        let (skipped, mut reading) = match is_as_it_was {
            true => (known.files.len(), known.reading),
            false => (0, Reading::default()),
        };
        reading.remember(remembered);
        let mut index = None;
        // Those that were put aside come first.
        for (at, source) in sources.into_iter().enumerate().skip(skipped) {
            let place = Place::of(&source)?;
            match reading.file(source, 0) {
                Ok(None) => {}
                Ok(Some(at_mark)) => index = Some(Index::new(&aside[..at], place, at_mark)),
                Err(error) if error.source.kind() == io::ErrorKind::NotFound => return Err(error),
                // What others tell is still told.
                Err(error) => {
                    reading.fault(error.to_string());
                    break;
                }
            }
            if at + 1 == aside.len() && reading.is_given() {
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
        let told = reading.finish(remembered.mark);
        let index = index.filter(|_| told.fault.is_none());
        Ok(Whole { told, read, index })
    }

    pub(super) fn forget(&self) {
        *self.known() = Known::default();
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
