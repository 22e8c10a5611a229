//! Replacing the identity key, with a hand-over by the former one: see [`crate::identity::succession`] for the steps.

use std::sync::Arc;

use envelope::{Kid, UnixSeconds};

use super::{Custody, CustodyError, Parts};
use crate::audit::log::AuditLog;
use crate::audit::{AuditEvent, Event, HandOver, Outcome};
use crate::identity::{Identity, IdentityError};
use crate::keys::EnvelopeKeysError;
use crate::store::writer::Change;
use crate::store::{Connection, StoreError, entries, envelope_keys, succession, terms};

/// What a replacement did.
pub struct Replaced {
    /// The thumbprint of the key before.
    pub former: Kid,
    /// The present key.
    pub present: Arc<Identity>,
}

impl Custody {
    /// Makes a new identity key, has the present one hand over to it, and destroys that one's private half. A process that runs
    /// meanwhile signs with the new key from then on.
    ///
    /// # Errors
    /// See [`CustodyError`]. After [`CustodyError::Write`] because of the audit trail the replacement may have been done; the next
    /// process that opens the folder and can write the trail does the rest.
    pub async fn replace_identity(
        &self,
        who: &str,
        now: UnixSeconds,
    ) -> Result<Replaced, CustodyError> {
        if self.parts.shared.is_some() {
            // The other gateways' audit trails would not tell of it.
            return Err(CustodyError::NotWithShared("replacing the identity key"));
        }
        let keys = self.current_keys().await?;
        // To the end: no other replacement, no new term, no backup in between.
        let lock = self.lock_keys().await?;
        self.finish_under_lock().await?;
        let before = self.identities().await?;
        let term = terms::active(&mut self.reading().await?).await?;
        let parts = self.parts.clone();
        let made = tokio::task::spawn_blocking(move || {
            Identity::create_at(&parts.folder.next_identity(), &parts.vault, term)
        });
        let present = made.await.map_err(|_| EnvelopeKeysError::Stopped)??;
        let (signed, jws) = before.hand_over(self.gateway_id(), &present, keys.seq(), now)?;
        let former = before.present.kid().clone();
        let mut event = AuditEvent::new(Event::IdentityReplaced, Outcome::Ok, now);
        event.who = Some(who.to_owned());
        event.hand_over = Some(HandOver {
            former: former.clone(),
            successor: present.kid().clone(),
            successor_key: present.public_x().to_owned(),
            jws,
        });
        let change = Replace {
            parts: self.parts.clone(),
            before: before.signed().map(str::to_owned),
            signed,
            event,
            now,
        };
        if !self.parts.writer.write(change).await? {
            return Err(IdentityError::Another.into());
        }
        self.finish_under_lock().await?;
        drop(lock);
        Ok(Replaced {
            former,
            present: self.identities().await?.present.clone(),
        })
    }

    /// Does what a process that was killed while it replaced the key has left to do.
    pub(super) async fn finish_replacement(&self) -> Result<(), CustodyError> {
        if self.parts.folder.next_identity().exists() {
            let _lock = self.lock_keys().await?;
            self.finish_under_lock().await?;
        }
        Ok(())
    }

    /// As [`Custody::finish_replacement`], for a caller that has the lock on the keys.
    pub(crate) async fn finish_under_lock(&self) -> Result<(), CustodyError> {
        if !self.parts.folder.next_identity().exists() {
            return Ok(());
        }
        self.parts.writer.write(AppendAll).await?;
        let mut connection = self.reading().await?;
        Ok(self.parts.succession.finish(&mut connection).await?)
    }
}

/// Nothing: but when it is answered, every line of the store is in the audit file, so that the former key signs no more.
struct AppendAll;

impl Change for AppendAll {
    type Answer = ();

    async fn apply(self, _transaction: &mut Connection<'_>) -> Result<(), StoreError> {
        Ok(())
    }
}

/// The new key becomes the present one; `false` if the key before is not what the caller saw.
struct Replace {
    parts: Arc<Parts>,
    before: Option<String>,
    signed: String,
    event: AuditEvent,
    now: UnixSeconds,
}

impl Change for Replace {
    type Answer = bool;

    async fn apply(mut self, transaction: &mut Connection<'_>) -> Result<bool, StoreError> {
        if succession::read(transaction).await? != self.before {
            return Ok(false);
        }
        self.event.changes = self.renew_state(transaction).await?;
        succession::put(transaction, &self.signed).await?;
        envelope_keys::count_change(transaction, self.now).await?;
        AuditLog::put(transaction, &self.event).await?;
        // The new key's: it stands for the whole trail from then on.
        AuditLog::sign_now(transaction, self.now).await?;
        Ok(true)
    }
}

impl Replace {
    /// The state goes along, and it is told how many changes there were, as of one to a row: an older state that is put back is found by
    /// the audit trail. One that does not open stays as it is: writing it anew would hide that.
    async fn renew_state(
        &self,
        transaction: &mut Connection<'_>,
    ) -> Result<Option<u64>, StoreError> {
        let Some(mut state) = self.parts.state(transaction).await? else {
            return Ok(None);
        };
        if state.succession != succession::digest(self.before.as_deref()) {
            return Err(StoreError::OtherSuccession);
        }
        state.succession = succession::digest(Some(&self.signed));
        state.changes += 1;
        let term = terms::active(transaction).await?;
        match self.parts.vault.protect_state(term, &state) {
            Ok(renewed) => {
                entries::put_state(&renewed).execute(transaction).await?;
                Ok(Some(state.changes))
            }
            Err(_) => Ok(None),
        }
    }
}
