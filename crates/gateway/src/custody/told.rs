//! What the audit trail tells of what is stored: the last version of each linked service that was set or deleted since a person
//! accepted the store, as far as the files go back.
//!
//! A line counts once a later one has its hash, or if it is the last: what somebody else has appended, and the gateway has gone on
//! without, does not. A trail that is not one chain from its beginning to the line that the store remembers does not tell
//! everything.

mod by_name;
mod history;
mod index;
mod reading;
mod stamp;
#[cfg(test)]
mod tests;

use std::io::ErrorKind;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::entry;
use super::newest::ByName;
use crate::audit::log::{AuditLog, Marked};
use crate::audit::verify::{CannotRead, Source};
use crate::keyring::Term;
use crate::store::{Connection, StoreError};
use crate::vault::Vault;
pub(super) use history::History;
use history::Whole;
pub(super) use index::Index;

/// What the store remembers, and what the trail is compared with.
#[derive(Clone, Copy)]
pub(super) struct Remembered {
    /// A line that is in the trail for certain, and the highest number that was given; none if nobody has sealed that.
    mark: Option<Marked>,
    /// No linked service has come to more versions.
    highest_version: i64,
}

impl Remembered {
    /// To be read before the trail.
    pub(super) async fn read(
        vault: &Vault,
        connection: &mut Connection<'_>,
    ) -> Result<Self, StoreError> {
        Ok(Self {
            mark: AuditLog::marked(vault, connection).await?,
            highest_version: entry::highest_version(vault, connection).await?,
        })
    }
}

/// What the trail tells.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(super) struct Told {
    #[serde(with = "by_name")]
    pub(super) newest: ByName,
    /// Terms of the keyring that are gone.
    pub(super) gone: Vec<Term>,
    /// How many changes there were to rows and terms, as the last line says that tells it; 0 if none does.
    pub(super) changes: u64,
    /// The last line's number; 0 if there is none.
    pub(super) last: i64,
    /// Why not all of it could be read.
    pub(super) fault: Option<String>,
}

impl Told {
    /// Reads all files of the trail, but for what is known already of those that were put aside. The index is for whoever begins
    /// later.
    pub(super) fn read(
        audit: &Path,
        history: &History,
        remembered: Remembered,
    ) -> (Self, Option<Index>) {
        Self::through(|| Source::all(audit, 0), history, remembered)
    }

    /// Reads what comes after this index; none if that does not tell everything.
    pub(super) fn after(index: Index, audit: &Path, remembered: Remembered) -> Option<Self> {
        let sources = Source::all(audit, 0).ok()?;
        index.go_on(sources, remembered).ok().flatten()
    }

    fn through(
        mut list: impl FnMut() -> Result<Vec<Source>, CannotRead>,
        history: &History,
        remembered: Remembered,
    ) -> (Self, Option<Index>) {
        let mut tries = TRIES;
        loop {
            tries -= 1;
            match history.read(&mut list, remembered) {
                Ok(whole) if whole.is_to_be_read_again() && tries > 0 => history.forget(),
                Ok(Whole { told, index, .. }) => return (told, index),
                // The gateway removes what is more than it is to keep.
                Err(error) if error.source.kind() == ErrorKind::NotFound && tries > 0 => {}
                Err(error) => return (Self::unknown(error.to_string()), None),
            }
        }
    }

    /// Nothing, and why.
    pub(super) fn unknown(fault: String) -> Self {
        Self {
            fault: Some(fault),
            ..Self::default()
        }
    }
}

/// How often the files are listed, if one of them is removed while they are read.
const TRIES: u32 = 5;
