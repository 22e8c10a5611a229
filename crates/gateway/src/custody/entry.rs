//! What is stored for one linked service, believed only as far as its seal goes; and the one way to write it.

use super::newest::Newest;
use super::{Custody, Parts, verification};
use crate::audit::log::AuditLog;
use crate::keyring::Term;
use crate::store::credentials::{self, Columns, CredentialRow};
use crate::store::entries::{self, Entry, VersionRow};
use crate::store::statement::{Query, carry_out};
use crate::store::{Connection, StoreError, terms};
use crate::vault::seal::{SEAL_BYTES, Sealed, StoreState};
use crate::vault::{Protected, Vault};

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

/// What is written of a seal.
struct Sealing {
    version: VersionRow,
    state: Option<Protected>,
    changes: Option<u64>,
}

impl Sealing {
    fn writes<'q>(&'q self, df: &'q str, ls: &'q str) -> impl Iterator<Item = Query<'q>> {
        let version = entries::put_version(df, ls, &self.version);
        let state = self.state.as_ref().map(entries::put_state);
        [version].into_iter().chain(state)
    }
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

    /// Writes a credential with its seal, in the place of what there was. Its record is under the active term. Gives how many changes there
    /// were to the rows then, for the event that tells of one; none if the state does not open. `also` is written with it.
    pub(super) async fn put(
        &self,
        transaction: &mut Connection<'_>,
        row: &CredentialRow,
        before: Before,
        also: Vec<Query<'_>>,
    ) -> Result<Option<u64>, StoreError> {
        let columns = Columns::of(row)?;
        let (df, ls) = (row.shown.df.as_str(), row.shown.ls.as_str());
        let sealed = Sealed {
            df,
            ls,
            version: columns.version(),
            digest: &columns.digest(),
        };
        let sealing = self
            .sealing(transaction, row.protected.term, sealed, before)
            .await?;
        let mut writes = vec![credentials::replace(&columns)];
        writes.extend(sealing.writes(df, ls));
        writes.extend(also);
        carry_out(writes, transaction).await?;
        Ok(sealing.changes)
    }

    /// Deletes a credential, or what is left of it. Its versions stay used up.
    pub(super) async fn delete(
        &self,
        transaction: &mut Connection<'_>,
        df: &str,
        ls: &str,
        version: i64,
        before: Before,
    ) -> Result<Option<u64>, StoreError> {
        credentials::delete(transaction, df, ls).await?;
        let term = terms::active(transaction).await?;
        let sealed = Sealed {
            df,
            ls,
            version,
            digest: DELETED,
        };
        self.put_seal(transaction, term, sealed, before).await
    }

    /// Seals that there is nothing any more, under the active term.
    pub(super) async fn put_deleted(
        &self,
        transaction: &mut Connection<'_>,
        term: Term,
        entry: &Entry,
        judged: &Judged,
    ) -> Result<Option<u64>, StoreError> {
        let sealed = Sealed {
            df: &entry.df,
            ls: &entry.ls,
            version: judged.last_version,
            digest: DELETED,
        };
        self.put_seal(transaction, term, sealed, judged.before())
            .await
    }

    async fn put_seal(
        &self,
        transaction: &mut Connection<'_>,
        term: Term,
        sealed: Sealed<'_>,
        before: Before,
    ) -> Result<Option<u64>, StoreError> {
        let (df, ls) = (sealed.df, sealed.ls);
        let sealing = self.sealing(transaction, term, sealed, before).await?;
        carry_out(sealing.writes(df, ls), transaction).await?;
        Ok(sealing.changes)
    }

    /// Nothing is written yet. A state that does not open stays as it is: writing it anew would hide that.
    async fn sealing(
        &self,
        transaction: &mut Connection<'_>,
        term: Term,
        sealed: Sealed<'_>,
        before: Before,
    ) -> Result<Sealing, StoreError> {
        let seal = self.vault.seal(term, sealed).ok_or(no_seal())?;
        let is_known = !before.is_damaged || self.sum_fits(transaction).await?;
        let version = VersionRow {
            version: sealed.version,
            term: i64::from(term.0),
            seal: seal.to_vec(),
        };
        let Some(mut state) = self.state(transaction).await? else {
            return Ok(Sealing {
                version,
                state: None,
                changes: None,
            });
        };
        state.is_altered |= !is_known;
        self.change_state(&mut state, before.version, (term, &seal))?;
        let protected = self.vault.protect_state(term, &state);
        Ok(Sealing {
            version,
            state: Some(protected.map_err(|_| no_seal())?),
            changes: Some(state.changes),
        })
    }

    /// Whether all seals together are the ones that the gateway made: then that of a damaged row is so too, and only the rest of the
    /// row is somebody else's.
    async fn sum_fits(&self, transaction: &mut Connection<'_>) -> Result<bool, StoreError> {
        let counted = verification::sum(&self.vault, transaction).await?;
        let state = self.state(transaction).await?;
        Ok(state.is_some_and(|state| state.has_sum_of(&counted)))
    }

    pub(super) async fn state(
        &self,
        transaction: &mut Connection<'_>,
    ) -> Result<Option<StoreState>, StoreError> {
        let protected = entries::state(transaction).await?;
        Ok(protected.and_then(|state| self.vault.reveal_state(&state).ok()))
    }

    /// How many changes there were to the rows, for the event that tells of one; none if the state does not open.
    pub(super) async fn changes(
        &self,
        transaction: &mut Connection<'_>,
    ) -> Result<Option<u64>, StoreError> {
        let state = self.state(transaction).await?;
        Ok(state.map(|state| state.changes))
    }

    /// The sum goes along with each change.
    fn change_state(
        &self,
        state: &mut StoreState,
        before: Option<VersionRow>,
        (term, seal): (Term, &[u8; SEAL_BYTES]),
    ) -> Result<(), StoreError> {
        match before {
            None => state.entries += 1,
            Some(before) => {
                let share = before
                    .sealed_under()
                    .and_then(|term| self.vault.share(term, &before.seal));
                state.mix(&share.unwrap_or_default());
            }
        }
        state.mix(&self.vault.share(term, seal).ok_or(no_seal())?);
        state.changes += 1;
        Ok(())
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

/// The active term is not in the keyring, or the library failed.
fn no_seal() -> StoreError {
    StoreError::Damaged {
        table: "term",
        what: "the active term cannot be used",
    }
}
