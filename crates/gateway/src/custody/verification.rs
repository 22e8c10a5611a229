//! Whether the store is as the gateway wrote it: each row by its seal, all of them by the sum, and both by the audit trail.
//!
//! A row that was put back together with its seal is sound by itself, and found by the sum. Which one it is, the audit trail
//! tells ([`super::told`]): it has the version of each credential that was set or deleted since a person accepted the store, as
//! far as the files go back. It also tells when all rows and the sum were put back together: it has how many changes there were.

use std::path::Path;
use std::sync::Arc;

use envelope::{DataFactoryName, LinkedServiceName, UnixSeconds};

use super::entry::{Damage, Found, judge};
use super::learning::Extent;
use super::told::{History, Remembered, Told};
use super::{Custody, Parts};
use crate::audit::log::AuditLog;
use crate::audit::{AuditEvent, Event, Outcome};
use crate::store::entries::{self, Entry, Key, Which};
use crate::store::terms::{TermRow, TermState};
use crate::store::writer::{Change, WriteError};
use crate::store::{Connection, StoreError, succession, terms};
use crate::vault::Vault;
use crate::vault::seal::StoreState;

/// Rows looked at in one statement.
const ROWS_AT_ONCE: u32 = 1000;
/// Damaged rows that get an audit line each; what is more is a number.
const LINES: usize = 100;

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreReport {
    /// Credentials that are as they were written last.
    pub sound: u64,
    /// Those that are not.
    pub damaged: Vec<DamagedEntry>,
    /// The store as a whole.
    pub whole: Whole,
    /// Why the audit trail does not tell everything: then what was put back together with its seal may not be found.
    pub unverified: Option<String>,
}

/// A linked service whose credential is not as it was written last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DamagedEntry {
    /// Data factory, as the store has it.
    pub df: String,
    /// Linked service, as the store has it.
    pub ls: String,
    /// What is wrong.
    pub damage: Damage,
}

/// The store as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whole {
    /// The rows are the ones that were written last.
    AsWritten,
    /// They are not: rows were put back or removed together with their seals.
    OtherRows,
    /// The terms of the keyring are not in the states that the gateway has given them.
    OtherTerms,
    /// What the store says of former identity keys was removed or put back: whoever has met one of those is led nowhere.
    OtherSuccession,
    /// What tells is missing or was changed.
    StateDamaged,
}

impl Whole {
    /// A stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::AsWritten => "as_written",
            Self::OtherRows => "rows_put_back_or_removed",
            Self::OtherTerms => "terms_changed",
            Self::OtherSuccession => "identity_keys_changed",
            Self::StateDamaged => "store_state_damaged",
        }
    }
}

impl StoreReport {
    /// Everything is as it was written last, and that could be verified.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.damaged.is_empty() && self.whole == Whole::AsWritten && self.unverified.is_none()
    }
}

impl Custody {
    /// Looks at every row of the store. Nothing is changed.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn verify_store(&self) -> Result<StoreReport, StoreError> {
        // First the audit trail, then the store: what is written meanwhile makes the store the newer one.
        let (told, _) = self.learn_told(Extent::Whole).await;
        self.compare(told).await
    }

    /// As [`Custody::verify_store`] by a service, which begins: what its index tells of the audit trail is not read once more. It
    /// looks at everything right afterwards, where that was not all.
    pub async fn verify_store_at_start(&self) -> (Result<StoreReport, StoreError>, Extent) {
        let (told, looked) = self.learn_told(Extent::AfterIndex).await;
        let extent = self.keep_index(looked).await;
        (self.compare(told).await, extent)
    }

    /// As [`Custody::verify_store`] by a service, which keeps the index for its next start.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn verify_store_in_service(&self) -> Result<StoreReport, StoreError> {
        let (told, looked) = self.learn_told(Extent::Whole).await;
        self.keep_index(looked).await;
        self.compare(told).await
    }

    async fn compare(&self, told: Told) -> Result<StoreReport, StoreError> {
        verify(&self.parts.vault, &mut self.reading().await?, told).await
    }

    /// Takes the rows for the ones that were written last, as they are now, and what is said of former identity keys: after a person
    /// has looked at what [`Whole::OtherRows`], [`Whole::OtherSuccession`] or [`Whole::StateDamaged`] is about. Rows that are damaged by themselves stay so, but for those under
    /// names that no gateway allows, which are removed: nobody can set or delete them.
    ///
    /// # Errors
    /// See [`WriteError`].
    pub async fn accept_store(&self, who: &str, now: UnixSeconds) -> Result<(), WriteError> {
        let accept = Accept {
            parts: self.parts.clone(),
            who: who.to_owned(),
            now,
        };
        self.parts.writer.write(accept).await?;
        self.parts.newest.forget();
        Ok(())
    }

    /// Records what [`Custody::verify_store`] found, in the log and in the audit trail.
    ///
    /// # Errors
    /// See [`WriteError`].
    pub async fn record_damage(
        &self,
        report: &StoreReport,
        now: UnixSeconds,
    ) -> Result<(), WriteError> {
        let failed = || AuditEvent::new(Event::StoreDamaged, Outcome::Failed, now);
        if report.whole != Whole::AsWritten {
            let code = report.whole.code();
            tracing::error!(what = code, "the store is not as it was written last");
            let mut event = failed();
            event.reason = Some(code.to_owned());
            self.record(event).await?;
        }
        if let Some(reason) = &report.unverified {
            tracing::error!(
                reason,
                "the store cannot be verified: the audit trail does not tell everything"
            );
            let mut event = failed();
            event.reason = Some(format!("cannot be verified: {reason}"));
            self.record(event).await?;
        }
        for entry in report.damaged.iter().take(LINES) {
            let code = entry.damage.code();
            tracing::error!(
                df = entry.df,
                ls = entry.ls,
                what = code,
                "the stored credential is damaged"
            );
            let mut event = failed();
            event.df = DataFactoryName::parse(&entry.df).ok();
            event.ls = LinkedServiceName::parse(&entry.ls).ok();
            event.reason = Some(code.to_owned());
            self.record(event).await?;
        }
        let more = report.damaged.len().saturating_sub(LINES);
        if more > 0 {
            tracing::error!(more, "more stored credentials are damaged");
            let mut event = failed();
            event.reason = Some(format!("more damaged rows: {more}"));
            self.record(event).await?;
        }
        Ok(())
    }
}

/// Looks at every row of a store that is no custody's, such as a copy.
///
/// # Errors
/// See [`StoreError`].
pub(crate) async fn verify_copy(
    vault: &Vault,
    connection: &mut Connection<'_>,
) -> Result<StoreReport, StoreError> {
    verify(vault, connection, Told::default()).await
}

/// As [`Custody::verify_store`], by somebody who only looks: with a vault and a connection of their own.
///
/// # Errors
/// See [`StoreError`].
pub async fn verify_at(
    vault: &Vault,
    connection: &mut Connection<'_>,
    audit: &Path,
) -> Result<StoreReport, StoreError> {
    let remembered = Remembered::read(vault, connection).await?;
    verify(
        vault,
        connection,
        Told::read(audit, &History::default(), remembered).0,
    )
    .await
}

/// All of one moment.
async fn verify(
    vault: &Vault,
    connection: &mut Connection<'_>,
    mut told: Told,
) -> Result<StoreReport, StoreError> {
    let mut transaction = connection.view().await?;
    let protected = entries::state(&mut transaction).await?;
    let active = terms::active(&mut transaction).await?;
    // Each change of the terms puts it under the active one.
    let protected = protected.filter(|state| state.term == active);
    let state = protected.and_then(|state| vault.reveal_state(&state).ok());
    let rows = terms::read(&mut transaction).await?;
    let is_there_again =
        |row: &TermRow| row.state != TermState::Gone && told.gone.contains(&row.term);
    let other_terms = rows.iter().any(is_there_again);
    let signed = succession::read(&mut transaction).await?;
    let succession = succession::digest(signed.as_deref());
    let mut counted = StoreState::default();
    let (mut sound, mut damaged) = (0, Vec::new());
    let mut last = Key::default();
    loop {
        let after = (last.0.as_slice(), last.1.as_slice());
        let entries = entries::after(&mut transaction, Which::All, after, ROWS_AT_ONCE).await?;
        let Some(end) = entries.last() else { break };
        last = end.key.clone();
        for entry in entries {
            count(vault, &entry, &mut counted);
            let judged = judge(vault, &entry);
            let known = told.newest.remove(&(entry.df.clone(), entry.ls.clone()));
            let damage = match judged.found {
                Found::Damaged(damage) => Some(damage),
                Found::Nothing => known.and_then(|known| known.differs(judged.last_version, false)),
                Found::Sound(_) => known.and_then(|known| known.differs(judged.last_version, true)),
            };
            match (damage, judged.found) {
                (Some(damage), _) => damaged.push(DamagedEntry {
                    df: entry.df,
                    ls: entry.ls,
                    damage,
                }),
                (None, Found::Sound(_)) => sound += 1,
                (None, _) => {}
            }
        }
    }
    // Told of, and not even the row of the last version is there.
    damaged.extend(told.newest.into_keys().map(|(df, ls)| DamagedEntry {
        df,
        ls,
        damage: Damage::Removed,
    }));
    let whole = match state {
        None => Whole::StateDamaged,
        Some(state) if other_terms || state.terms != terms::digest(&rows) => Whole::OtherTerms,
        Some(state)
            if told.changes > state.changes || state.is_altered || !state.has_sum_of(&counted) =>
        {
            Whole::OtherRows
        }
        Some(state) if state.succession != succession => Whole::OtherSuccession,
        Some(_) => Whole::AsWritten,
    };
    Ok(StoreReport {
        sound,
        damaged,
        whole,
        unverified: told.fault,
    })
}

/// Removes the rows under names that no gateway allows, and says how many linked services there were of them.
async fn remove_foreign(transaction: &mut Connection<'_>) -> Result<usize, StoreError> {
    let mut removed = 0;
    let mut last = Key::default();
    loop {
        let after = (last.0.as_slice(), last.1.as_slice());
        let entries = entries::after(transaction, Which::All, after, ROWS_AT_ONCE).await?;
        let Some(end) = entries.last() else {
            return Ok(removed);
        };
        last = end.key.clone();
        for entry in entries.iter().filter(|entry| entry.is_foreign()) {
            entries::remove_foreign(transaction, &entry.key).await?;
            removed += 1;
        }
    }
}

/// The sum of the rows as they are.
pub(super) async fn sum(
    vault: &Vault,
    transaction: &mut Connection<'_>,
) -> Result<StoreState, StoreError> {
    let mut counted = StoreState::default();
    let mut last = Key::default();
    loop {
        let after = (last.0.as_slice(), last.1.as_slice());
        let entries = entries::after(transaction, Which::All, after, ROWS_AT_ONCE).await?;
        let Some(end) = entries.last() else {
            return Ok(counted);
        };
        last = end.key.clone();
        for entry in &entries {
            count(vault, entry, &mut counted);
        }
    }
}

fn count(vault: &Vault, entry: &Entry, counted: &mut StoreState) {
    if let Ok(Some(version)) = &entry.version {
        counted.entries += 1;
        let share = version
            .sealed_under()
            .and_then(|term| vault.share(term, &version.seal));
        counted.mix(&share.unwrap_or_default());
    }
}

/// The state is made anew from the rows as they are.
struct Accept {
    parts: Arc<Parts>,
    who: String,
    now: UnixSeconds,
}

impl Change for Accept {
    type Answer = ();

    async fn apply(self, transaction: &mut Connection<'_>) -> Result<(), StoreError> {
        let removed = remove_foreign(transaction).await?;
        let mut counted = sum(&self.parts.vault, transaction).await?;
        let protected = entries::state(transaction).await?;
        let state = protected.and_then(|state| self.parts.vault.reveal_state(&state).ok());
        let rows = terms::read(transaction).await?;
        (counted.changes, counted.terms) = match state {
            Some(state) => (state.changes + 1, state.terms),
            // Each change has had a line: there were no more of them.
            None => {
                let marked = AuditLog::marked(&self.parts.vault, transaction).await?;
                let lines = marked.map_or(0, |mark| mark.end.seq.unsigned_abs());
                (lines + 1, terms::digest(&rows))
            }
        };
        let signed = succession::read(transaction).await?;
        counted.succession = succession::digest(signed.as_deref());
        let term = terms::active(transaction).await?;
        let cannot = |_| StoreError::Damaged {
            table: "store_state",
            what: "it cannot be protected",
        };
        let state = self
            .parts
            .vault
            .protect_state(term, &counted)
            .map_err(cannot)?;
        entries::put_state(&state).execute(transaction).await?;
        let mut event = AuditEvent::new(Event::StoreAccepted, Outcome::Ok, self.now);
        event.who = Some(self.who);
        event.changes = Some(counted.changes);
        event.reason =
            (removed > 0).then(|| format!("removed under names that are none: {removed}"));
        AuditLog::put(transaction, &event).await
    }
}
