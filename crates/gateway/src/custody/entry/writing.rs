//! Writing what is stored for one linked service, with its seal. What is to be written is worked out first.

use super::{Before, DELETED, Judged};
use crate::custody::{Parts, verification};
use crate::keyring::Term;
use crate::store::credentials::{self, Columns, CredentialRow};
use crate::store::entries::{self, Entry, VersionRow};
use crate::store::statement::{Query, carry_out};
use crate::store::{Connection, StoreError, terms};
use crate::vault::Protected;
use crate::vault::seal::{SEAL_BYTES, Sealed, StoreState};

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
    /// Writes a credential with its seal, in the place of what there was. Its record is under the active term. Gives how many changes there
    /// were to the rows then, for the event that tells of one; none if the state does not open. `also` is written with it.
    pub(in crate::custody) async fn put(
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
    pub(in crate::custody) async fn delete(
        &self,
        transaction: &mut Connection<'_>,
        df: &str,
        ls: &str,
        version: i64,
        before: Before,
    ) -> Result<Option<u64>, StoreError> {
        credentials::delete(transaction, df, ls).await?;
        let term = terms::active(transaction).await?;
        self.seal_deleted(transaction, term, (df, ls, version), before)
            .await
    }

    /// Seals that there is nothing any more, under the active term.
    pub(in crate::custody) async fn put_deleted(
        &self,
        transaction: &mut Connection<'_>,
        term: Term,
        entry: &Entry,
        judged: &Judged,
    ) -> Result<Option<u64>, StoreError> {
        let last = (entry.df.as_str(), entry.ls.as_str(), judged.last_version);
        self.seal_deleted(transaction, term, last, judged.before())
            .await
    }

    async fn seal_deleted(
        &self,
        transaction: &mut Connection<'_>,
        term: Term,
        (df, ls, version): (&str, &str, i64),
        before: Before,
    ) -> Result<Option<u64>, StoreError> {
        let sealed = Sealed {
            df,
            ls,
            version,
            digest: DELETED,
        };
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

    pub(in crate::custody) async fn state(
        &self,
        transaction: &mut Connection<'_>,
    ) -> Result<Option<StoreState>, StoreError> {
        let protected = entries::state(transaction).await?;
        Ok(protected.and_then(|state| self.vault.reveal_state(&state).ok()))
    }

    /// How many changes there were to the rows, for the event that tells of one; none if the state does not open.
    pub(in crate::custody) async fn changes(
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

/// The active term is not in the keyring, or the library failed.
fn no_seal() -> StoreError {
    StoreError::Damaged {
        table: "term",
        what: "the active term cannot be used",
    }
}
