//! What the audit trail tells of what is stored: the last version of each linked service that was set or deleted since a person
//! accepted the store, as far as the files go back.
//!
//! A line counts once a later one has its hash, or if it is the last: what somebody else has appended, and the gateway has gone on
//! without, does not. A trail that is not one chain from its beginning to the line that the store remembers does not tell
//! everything.

mod history;
mod reading;
#[cfg(test)]
mod tests;

use std::io::ErrorKind;
use std::path::Path;

use sqlx::SqliteConnection;

use super::entry;
use super::newest::ByName;
use crate::audit::log::{AuditLog, Marked};
use crate::audit::verify::{CannotRead, Source};
use crate::keyring::Term;
use crate::store::StoreError;
use crate::vault::Vault;
pub(super) use history::History;
use history::Read;

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
        connection: &mut SqliteConnection,
    ) -> Result<Self, StoreError> {
        Ok(Self {
            mark: AuditLog::marked(vault, connection).await?,
            highest_version: entry::highest_version(vault, connection).await?,
        })
    }
}

/// What the trail tells.
#[derive(Clone, Default)]
pub(super) struct Told {
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
    /// Reads all files of the trail, but for what is known already of those that were put aside.
    pub(super) fn read(audit: &Path, history: &History, remembered: Remembered) -> Self {
        Self::through(|| Source::all(audit, 0), history, remembered)
    }

    fn through(
        mut list: impl FnMut() -> Result<Vec<Source>, CannotRead>,
        history: &History,
        remembered: Remembered,
    ) -> Self {
        let mut tries = TRIES;
        loop {
            tries -= 1;
            match history.read(&mut list, remembered) {
                // It may be about what was not read this time.
                Ok((told, Read::Continued)) if told.fault.is_some() && tries > 0 => {
                    history.forget();
                }
                Ok((told, _)) => return told,
                // The gateway removes what is more than it is to keep.
                Err(error) if error.source.kind() == ErrorKind::NotFound && tries > 0 => {}
                Err(error) => return Self::unknown(error.to_string()),
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
