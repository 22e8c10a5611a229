//! What goes into the audit trail by itself, and not with a change of what is kept.

use envelope::UnixSeconds;

use super::Custody;
use crate::audit::log::AuditLog;
use crate::audit::verify::Accepted;
use crate::audit::{AuditEvent, Event, Outcome};
use crate::store::writer::{Change, WriteError};
use crate::store::{Connection, StoreError};

impl Custody {
    /// Records an event that did not happen in here: started, stopped, ticket issued, issuer registered. What `authorise`,
    /// `set`, `delete` and `reveal` do is recorded by them.
    ///
    /// # Errors
    /// [`WriteError`]: the event is not, or not yet, in the audit file.
    pub async fn record(&self, event: AuditEvent) -> Result<(), WriteError> {
        self.parts.writer.write(Record(event)).await
    }

    /// Has the identity key sign the audit trail as it is, if there is anything new in it.
    ///
    /// # Errors
    /// [`WriteError`]: the checkpoint is not, or not yet, in the audit file.
    pub async fn sign_audit(&self, now: UnixSeconds) -> Result<(), WriteError> {
        self.parts.writer.write(SignAudit(now)).await
    }

    /// Records that a person has looked at what is not as it was written in the audit trail, and has it signed: `audit verify` takes
    /// it for known from then on.
    ///
    /// # Errors
    /// [`WriteError`]: it is not, or not yet, in the audit file.
    pub async fn accept_audit(
        &self,
        accepted: Vec<Accepted>,
        who: &str,
        now: UnixSeconds,
    ) -> Result<(), WriteError> {
        let mut event = AuditEvent::new(Event::AuditAccepted, Outcome::Ok, now);
        event.who = Some(who.to_owned());
        event.accepted = accepted;
        self.parts.writer.write(AcceptAudit(event)).await
    }

    /// Does [`Custody::sign_audit`] if lines have waited for it for an hour. Fewer lines than make a checkpoint due get one
    /// by this.
    ///
    /// # Errors
    /// As [`Custody::sign_audit`].
    pub async fn keep_audit(&self, now: UnixSeconds) -> Result<(), WriteError> {
        let due = match self.reading().await {
            Ok(mut connection) => AuditLog::awaits_checkpoint(&mut connection, now).await,
            Err(error) => Err(error),
        };
        match due {
            Ok(true) => self.sign_audit(now).await,
            Ok(false) => Ok(()),
            Err(error) => Err(WriteError::Store(error.to_string())),
        }
    }
}

/// An audit line and nothing else.
struct Record(AuditEvent);

impl Change for Record {
    type Answer = ();

    async fn apply(self, transaction: &mut Connection<'_>) -> Result<(), StoreError> {
        AuditLog::put(transaction, &self.0).await
    }
}

/// An audit line with a checkpoint right after it.
struct AcceptAudit(AuditEvent);

impl Change for AcceptAudit {
    type Answer = ();

    async fn apply(self, transaction: &mut Connection<'_>) -> Result<(), StoreError> {
        AuditLog::put(transaction, &self.0).await?;
        AuditLog::sign_now(transaction, self.0.at).await
    }
}

/// A checkpoint and nothing else.
struct SignAudit(UnixSeconds);

impl Change for SignAudit {
    type Answer = ();

    async fn apply(self, transaction: &mut Connection<'_>) -> Result<(), StoreError> {
        AuditLog::sign_now(transaction, self.0).await
    }
}
