//! What a rotation writes: steps within the writer's transaction.

use envelope::{Kid, UnixSeconds};

use super::Former;
use crate::audit::log::AuditLog;
use crate::audit::{AuditEvent, Event, Outcome};
use crate::nodes;
use crate::store::envelope_keys::{self, KeyRow, KeyState};
use crate::store::writer::Change;
use crate::store::{Connection, StoreError, shared_files};

/// The key that `init` made, or the newest of a folder from before keys had states, becomes the active one.
pub(in crate::custody) struct Adopt {
    pub(in crate::custody) kid: Kid,
    pub(in crate::custody) made: UnixSeconds,
}

impl Change for Adopt {
    type Answer = ();

    async fn apply(self, transaction: &mut Connection<'_>) -> Result<(), StoreError> {
        if envelope_keys::read(transaction).await?.1.is_empty() {
            envelope_keys::put(transaction, &self.kid, KeyState::Active, self.made).await?;
        }
        Ok(())
    }
}

/// A new key becomes the pending one, unless there is one; answered with the pending key.
pub(super) struct Add {
    pub(super) kid: Kid,
    /// Its file.
    pub(super) file: Vec<u8>,
    pub(super) now: UnixSeconds,
}

impl Change for Add {
    type Answer = Kid;

    async fn apply(self, transaction: &mut Connection<'_>) -> Result<Kid, StoreError> {
        let (_, rows) = envelope_keys::read(transaction).await?;
        if let Some(pending) = in_state(&rows, KeyState::Pending).next() {
            return Ok(pending.clone());
        }
        envelope_keys::put(transaction, &self.kid, KeyState::Pending, self.now).await?;
        let file = (nodes::of_envelope_key(&self.kid), self.file);
        nodes::give_files(transaction, &[file]).await?;
        Ok(self.kid)
    }
}

/// The pending key takes the place of the active one; `false` if either is not what the caller saw.
pub(super) struct Rotate {
    pub(super) from: Kid,
    pub(super) to: Kid,
    pub(super) former: Former,
    pub(super) who: Option<String>,
    pub(super) now: UnixSeconds,
}

impl Change for Rotate {
    type Answer = bool;

    async fn apply(self, transaction: &mut Connection<'_>) -> Result<bool, StoreError> {
        let (_, rows) = envelope_keys::read(transaction).await?;
        let is = |kid, state| in_state(&rows, state).any(|other| other == kid);
        if !is(&self.from, KeyState::Active) || !is(&self.to, KeyState::Pending) {
            return Ok(false);
        }
        let mut event = AuditEvent::new(Event::KeyRotated, Outcome::Ok, self.now);
        event.who = self.who.clone();
        event.kid = Some(self.to.clone());
        AuditLog::put(transaction, &event).await?;
        match self.former {
            Former::Retires => {
                envelope_keys::put(transaction, &self.from, KeyState::Retiring, self.now).await?;
            }
            Former::Ends => {
                for kid in in_state(&rows, KeyState::Retiring).chain([&self.from]) {
                    end(transaction, kid, self.who.clone(), self.now).await?;
                }
            }
        }
        envelope_keys::put(transaction, &self.to, KeyState::Active, self.now).await?;
        Ok(true)
    }
}

/// Retiring keys come to their end.
pub(super) struct Retire {
    pub(super) kids: Vec<Kid>,
    pub(super) now: UnixSeconds,
}

impl Change for Retire {
    type Answer = ();

    async fn apply(self, transaction: &mut Connection<'_>) -> Result<(), StoreError> {
        let (_, rows) = envelope_keys::read(transaction).await?;
        for kid in in_state(&rows, KeyState::Retiring).filter(|kid| self.kids.contains(kid)) {
            end(transaction, kid, None, self.now).await?;
        }
        Ok(())
    }
}

/// The key that the next rotation would take comes to its end without ever having been shown.
pub(in crate::custody) async fn end_pending(
    transaction: &mut Connection<'_>,
    who: Option<&str>,
    now: UnixSeconds,
) -> Result<(), StoreError> {
    let (_, rows) = envelope_keys::read(transaction).await?;
    for kid in in_state(&rows, KeyState::Pending) {
        end(transaction, kid, who.map(str::to_owned), now).await?;
    }
    Ok(())
}

async fn end(
    transaction: &mut Connection<'_>,
    kid: &Kid,
    who: Option<String>,
    now: UnixSeconds,
) -> Result<(), StoreError> {
    envelope_keys::put(transaction, kid, KeyState::Gone, now).await?;
    if transaction.is_shared() {
        shared_files::remove(transaction, &nodes::of_envelope_key(kid)).await?;
    }
    let mut event = AuditEvent::new(Event::KeyGone, Outcome::Ok, now);
    event.who = who;
    event.kid = Some(kid.clone());
    AuditLog::put(transaction, &event).await
}

fn in_state(rows: &[KeyRow], state: KeyState) -> impl Iterator<Item = &Kid> {
    let rows = rows.iter().filter(move |row| row.state == state);
    rows.map(|row| &row.kid)
}
