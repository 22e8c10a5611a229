//! What a change of terms writes: steps within the writer's transaction.

use std::sync::Arc;

use envelope::UnixSeconds;

use super::protected;
use crate::audit::log::AuditLog;
use crate::audit::{AuditEvent, Event, Outcome};
use crate::custody::Parts;
use crate::custody::entry::Found;
use crate::custody::rotation::change::end_pending;
use crate::keyring::{Term, TermKey};
use crate::nodes::{self, Sharing};
use crate::store::credentials::CredentialRow;
use crate::store::entries::{self, Entry, Key, Which};
use crate::store::postgresql::NodeName;
use crate::store::terms::{self, TermRow, TermState};
use crate::store::writer::Change;
use crate::store::{Connection, StoreError};
use crate::vault::seal::StoreState;

/// Linked services in one transaction: what a save that comes meanwhile waits for.
const ROWS_AT_ONCE: u32 = 32;

/// A key that the keyring has already becomes that of the active term.
pub(super) struct Begin {
    pub(super) parts: Arc<Parts>,
    pub(super) key: Arc<TermKey>,
    pub(super) who: Option<String>,
    /// The gateway that gets no share of it.
    pub(super) without: Option<NodeName>,
    pub(super) now: UnixSeconds,
}

impl Change for Begin {
    type Answer = ();

    async fn apply(self, transaction: &mut Connection<'_>) -> Result<(), StoreError> {
        let state = state(&self.parts, transaction).await?;
        let former = terms::active(transaction).await?;
        for row in terms::read(transaction).await? {
            if row.state == TermState::Active {
                let (state, since) = (TermState::Former, self.now);
                terms::put(
                    transaction,
                    &TermRow {
                        state,
                        since,
                        ..row
                    },
                )
                .await?;
            }
        }
        let row = TermRow {
            term: self.key.term(),
            id: self.key.id().to_owned(),
            state: TermState::Active,
            since: self.now,
        };
        terms::put(transaction, &row).await?;
        self.share(transaction, former, row.term).await?;
        renew_state(&self.parts, transaction, row.term, state).await?;
        let mut event = AuditEvent::new(Event::KeyringRotated, Outcome::Ok, self.now);
        event.who = self.who.clone();
        event.term = Some(row.term.0);
        event.changes = self.parts.changes(transaction).await?;
        AuditLog::put(transaction, &event).await
    }
}

impl Begin {
    /// With the other gateways that have the store.
    async fn share(
        &self,
        transaction: &mut Connection<'_>,
        former: Term,
        active: Term,
    ) -> Result<(), StoreError> {
        if !transaction.is_shared() {
            return Ok(());
        }
        let sharing = Sharing {
            vault: &self.parts.vault,
            identity: &self.parts.succession.known().present,
        };
        let without = self.without.as_ref().map(NodeName::as_str);
        sharing
            .begin(transaction, (former, active), without)
            .await?;
        if let Some(node) = without {
            // It could read the key that the next rotation would take, whenever that is, and whoever does it.
            end_pending(transaction, self.who.as_deref(), self.now).await?;
            let mut event = AuditEvent::new(Event::NodeRemoved, Outcome::Ok, self.now);
            event.who = self.who.clone();
            event.node = Some(node.to_owned());
            AuditLog::put(transaction, &event).await?;
        }
        Ok(())
    }
}

/// The next rows are protected under the active term.
pub(super) struct Renew {
    pub(super) parts: Arc<Parts>,
    /// The linked service that was the last before.
    pub(super) after: Key,
}

/// What became of them.
pub(super) struct Renewed {
    /// Damaged rows, left as they are.
    pub(super) stuck: usize,
    /// Where to go on; none at the end.
    pub(super) next: Option<Key>,
}

impl Change for Renew {
    type Answer = Renewed;

    async fn apply(self, transaction: &mut Connection<'_>) -> Result<Renewed, StoreError> {
        let term = terms::active(transaction).await?;
        let after = (self.after.0.as_slice(), self.after.1.as_slice());
        let which = Which::NotUnder(term);
        let entries = entries::after(transaction, which, after, ROWS_AT_ONCE).await?;
        let next = entries.last().map(|last| last.key.clone());
        let mut stuck = 0;
        for entry in entries {
            if !self.renew(transaction, term, &entry).await? {
                stuck += 1;
            }
        }
        Ok(Renewed { stuck, next })
    }
}

impl Renew {
    /// Whether it could be done: what is not as it was written last is not made to look as if it were.
    async fn renew(
        &self,
        transaction: &mut Connection<'_>,
        term: Term,
        entry: &Entry,
    ) -> Result<bool, StoreError> {
        let newest = self.parts.newest.of(&entry.df, &entry.ls);
        let judged = self.parts.judge(entry, newest);
        let before = judged.before();
        match judged.found {
            Found::Damaged(_) => Ok(false),
            Found::Nothing => {
                self.parts
                    .put_deleted(transaction, term, entry, &judged)
                    .await?;
                Ok(true)
            }
            Found::Sound(row) => {
                let vault = &self.parts.vault;
                let Ok(record) = vault.reveal(row.place(), &row.protected) else {
                    return Ok(false);
                };
                let Ok(protected) = vault.protect(term, row.place(), record) else {
                    return Ok(false);
                };
                let shown = row.shown;
                let row = CredentialRow { shown, protected };
                self.parts
                    .put(transaction, &row, before, Vec::new())
                    .await?;
                let of = (&row.shown.df, row.shown.ls.as_str());
                self.parts.renew_last_test(transaction, of, term).await?;
                Ok(true)
            }
        }
    }
}

/// Other gateways that share the store get these key files.
pub(super) struct Give {
    pub(super) files: Vec<(String, Vec<u8>)>,
}

impl Change for Give {
    type Answer = ();

    async fn apply(self, transaction: &mut Connection<'_>) -> Result<(), StoreError> {
        nodes::give_files(transaction, &self.files).await
    }
}

/// A former term is gone, if no row is under it.
pub(super) struct End {
    pub(super) parts: Arc<Parts>,
    pub(super) term: Term,
    pub(super) now: UnixSeconds,
}

impl Change for End {
    type Answer = ();

    async fn apply(self, transaction: &mut Connection<'_>) -> Result<(), StoreError> {
        let rows = terms::read(transaction).await?;
        let former = rows
            .into_iter()
            .find(|row| row.term == self.term && row.state == TermState::Former);
        let Some(former) = former else { return Ok(()) };
        let active = terms::active(transaction).await?;
        if terms::rows_under(transaction, self.term).await? > 0
            || !nodes::all_caught_up(transaction, active).await?
        {
            return Ok(());
        }
        let protected = state(&self.parts, transaction).await?;
        let (state, since) = (TermState::Gone, self.now);
        terms::put(
            transaction,
            &TermRow {
                state,
                since,
                ..former
            },
        )
        .await?;
        renew_state(&self.parts, transaction, active, protected).await?;
        let mut event = AuditEvent::new(Event::KeyringTermGone, Outcome::Ok, self.now);
        event.term = Some(self.term.0);
        event.changes = self.parts.changes(transaction).await?;
        AuditLog::put(transaction, &event).await
    }
}

/// The protected state, if it opens; the terms are as it says.
async fn state(
    parts: &Parts,
    transaction: &mut Connection<'_>,
) -> Result<Option<StoreState>, StoreError> {
    let protected = entries::state(transaction).await?;
    let state = protected.and_then(|state| parts.vault.reveal_state(&state).ok());
    if let Some(state) = &state {
        protected::agree(state, &terms::read(transaction).await?)?;
    }
    Ok(state)
}

/// The state with the terms as they are now. One that does not open stays as it is: writing it anew would hide that.
async fn renew_state(
    parts: &Parts,
    transaction: &mut Connection<'_>,
    term: Term,
    state: Option<StoreState>,
) -> Result<(), StoreError> {
    let Some(mut state) = state else {
        return Ok(());
    };
    state.changes += 1;
    state.terms = terms::digest(&terms::read(transaction).await?);
    match parts.vault.protect_state(term, &state) {
        Ok(renewed) => {
            entries::put_state(&renewed).execute(transaction).await?;
            Ok(())
        }
        Err(_) => Ok(()),
    }
}
