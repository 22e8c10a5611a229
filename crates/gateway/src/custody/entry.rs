//! What is stored for one linked service, believed only as far as its seal goes; and the one way to write it ([`writing`]).

mod writing;

use super::newest::Newest;
use super::{Custody, Parts};
use crate::audit::log::AuditLog;
use crate::store::credentials::{Columns, CredentialRow};
use crate::store::entries::{self, Entry, VersionRow};
use crate::store::{Connection, StoreError};
use crate::vault::Vault;
use crate::vault::seal::Sealed;

/// What stands for the digest of a row where there is none any more. No digest has this length.
const DELETED: &[u8] = b"deleted";

/// No linked service comes to as many versions: a damaged row that says so is not believed.
pub(super) const MAX_VERSION: i64 = 1 << 53;
/// How much newer than what this process knows a damaged row, or the audit trail, may say it is. Another process may have written
/// meanwhile.
const VERSIONS_AHEAD: i64 = 1000;

/// What is wrong with what is stored for a linked service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Damage {
    /// A column was changed, or the row is another one's: its seal is not.
    Changed,
    /// An earlier version was put back.
    RolledBack,
    /// The row was removed past the gateway.
    Removed,
    /// The row was deleted, and is there again.
    Restored,
    /// There is no row of the last version, and with it no seal.
    Unsealed,
    /// A column is not of its type.
    Unreadable,
    /// It names a term that the keyring does not have.
    UnknownTerm,
}

impl Damage {
    /// A stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Changed => "row_changed",
            Self::RolledBack => "row_rolled_back",
            Self::Removed => "row_removed",
            Self::Restored => "row_restored",
            Self::Unsealed => "row_unsealed",
            Self::Unreadable => "row_unreadable",
            Self::UnknownTerm => "row_of_unknown_term",
        }
    }
}

/// What there is.
pub(crate) enum Found {
    /// Nothing, or nothing any more.
    Nothing,
    /// A credential as it was written last.
    Sound(Box<CredentialRow>),
    /// Something else.
    Damaged(Damage),
}

/// An entry after its seal was looked at.
pub(crate) struct Judged {
    pub(crate) found: Found,
    /// The last version given out, as far as the store still tells; 0 if none was.
    pub(super) last_version: i64,
    /// The row of the last version, as it lies there.
    sealed: Option<VersionRow>,
}

impl Judged {
    /// What a change in the same transaction replaces.
    pub(super) fn before(&self) -> Before {
        Before {
            version: self.sealed.clone(),
            is_damaged: matches!(self.found, Found::Damaged(_)),
        }
    }
}

/// Looks at a seal.
pub(crate) fn judge(vault: &Vault, entry: &Entry) -> Judged {
    let versions = [
        entry
            .columns
            .as_ref()
            .ok()
            .and_then(Option::as_ref)
            .map(Columns::version),
        entry
            .version
            .as_ref()
            .ok()
            .and_then(Option::as_ref)
            .map(|row| row.version),
    ];
    let last_version = versions.into_iter().flatten().max().unwrap_or(0).max(0);
    Judged {
        found: find(vault, entry).unwrap_or_else(Found::Damaged),
        last_version,
        sealed: entry.version.as_ref().ok().cloned().flatten(),
    }
}

fn find(vault: &Vault, entry: &Entry) -> Result<Found, Damage> {
    let columns = entry.columns.as_ref().map_err(|_| Damage::Unreadable)?;
    let version = entry.version.as_ref().map_err(|_| Damage::Unreadable)?;
    let Some(version) = version else {
        return match columns {
            None => Ok(Found::Nothing),
            Some(_) => Err(Damage::Unsealed),
        };
    };
    let term = version.sealed_under().ok_or(Damage::UnknownTerm)?;
    if vault.key(term).is_none() {
        return Err(Damage::UnknownTerm);
    }
    let is_sealed = |digest: &[u8]| {
        let row = Sealed {
            df: &entry.df,
            ls: &entry.ls,
            version: version.version,
            digest,
        };
        vault.is_sealed(term, row, &version.seal)
    };
    match columns {
        None if is_sealed(DELETED) => Ok(Found::Nothing),
        None => Err(Damage::Removed),
        Some(columns) if is_sealed(&columns.digest()) => {
            let row = columns.read().map_err(|_| Damage::Unreadable)?;
            Ok(Found::Sound(Box::new(row)))
        }
        Some(columns) if columns.version() < version.version => Err(Damage::RolledBack),
        Some(_) if is_sealed(DELETED) => Err(Damage::Restored),
        Some(_) => Err(Damage::Changed),
    }
}

/// The highest version that is believed where nobody has sealed it: each version is a change, and each change has a line in the
/// audit trail.
pub(super) async fn highest_version(
    vault: &Vault,
    connection: &mut Connection<'_>,
) -> Result<i64, StoreError> {
    let protected = entries::state(connection).await?;
    let state = protected.and_then(|state| vault.reveal_state(&state).ok());
    let changes = match state {
        Some(state) => i64::try_from(state.changes).unwrap_or(MAX_VERSION),
        None => AuditLog::marked(vault, connection)
            .await?
            .map_or(0, |mark| mark.end.seq),
    };
    Ok(changes.saturating_add(VERSIONS_AHEAD).min(MAX_VERSION))
}

/// What a change replaces.
pub(super) struct Before {
    version: Option<VersionRow>,
    is_damaged: bool,
}

impl Parts {
    /// Looks at a seal, and whether it is the newest. `entry` was read after everything that `newest` tells was committed.
    pub(super) fn judge(&self, entry: &Entry, newest: Newest) -> Judged {
        let mut judged = judge(&self.vault, entry);
        let damage = match &judged.found {
            Found::Damaged(damage) => Some(*damage),
            Found::Sound(_) => newest.differs(judged.last_version, true),
            Found::Nothing => newest.differs(judged.last_version, false),
        };
        if let Some(damage) = damage {
            judged.found = Found::Damaged(damage);
            // Nobody has sealed the version of a damaged row.
            let is_known = newest.version > 0;
            if is_known && judged.last_version > newest.version.saturating_add(VERSIONS_AHEAD) {
                judged.last_version = newest.version;
            }
            judged.last_version = judged.last_version.max(newest.version);
        }
        judged
    }

    /// What is stored for a linked service.
    pub(super) async fn read(
        &self,
        connection: &mut Connection<'_>,
        df: &str,
        ls: &str,
    ) -> Result<Judged, StoreError> {
        let newest = self.newest.of(df, ls);
        let entry = entries::read(connection, df, ls).await?;
        let mut judged = self.judge(&entry, newest);
        if let Found::Damaged(_) = judged.found {
            let highest = highest_version(&self.vault, connection).await?;
            judged.last_version = judged.last_version.min(highest.max(newest.version));
        }
        Ok(judged)
    }
}

impl Custody {
    /// What is stored for a linked service; nothing older is believed afterwards.
    pub(super) async fn look(&self, df: &str, ls: &str) -> Result<Found, StoreError> {
        let mut reading = self.reading().await?;
        let judged = self.parts.read(&mut reading, df, ls).await?;
        let is_deleted = match &judged.found {
            Found::Damaged(_) => return Ok(judged.found),
            Found::Nothing if judged.last_version == 0 => return Ok(judged.found),
            Found::Nothing => true,
            Found::Sound(_) => false,
        };
        let newest = Newest {
            version: judged.last_version,
            is_deleted,
        };
        self.parts.newest.learn(df, ls, newest);
        Ok(judged.found)
    }
}
