//! Setting a credential: the path of one password, from the envelope to the receipt.
//!
//! ```text
//! body → Envelope::parse → open (RSA) → check by kind → ┬ one transaction: keep or replace, protect, store, use the
//!                                                       │ ticket up, audit line, signed receipt
//!                                                       └ synced → audit file synced → receipt
//! ```

mod change;

use envelope::{
    Binding, Envelope, EnvelopeRejected, Kid, OpenedCredential, Operation, RejectReason,
    SignedReceipt, UnixSeconds,
};
use linked_service::FieldError;

use super::Custody;
use super::access::{AuthorisedTicket, MAX_FAILURES};
use super::checked::Checked;
use super::entry::MAX_VERSION;
use super::newest::Newest;
use crate::audit::{AuditEvent, Event, Outcome};
use crate::store::StoreError;
use crate::store::envelope_keys::KeyState;
use crate::store::tickets::{self, TicketRow};
use crate::store::writer::WriteError;
use change::{EnvelopeFailure, SetCredential};

pub(super) use change::receipt_in;

/// What was stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// The receipt; the same bytes again for the same request.
    pub signed: SignedReceipt,
    /// Nothing was stored for this linked service before.
    pub created: bool,
    /// The same request was answered before, and nothing was changed this time.
    pub repeated: bool,
}

/// Why nothing was stored.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SetProblem {
    /// The one answer for everything that can be wrong with an envelope.
    #[error("the envelope was rejected")]
    EnvelopeRejected,
    /// Five envelopes were rejected under the ticket.
    #[error("the ticket has ended")]
    TicketInvalid,
    /// The envelope is sealed for a key that is gone: sealed anew it can be sent under the same ticket.
    #[error("the envelope key has been replaced")]
    KeyRotated,
    /// The ticket was used for another envelope.
    #[error("the ticket was used")]
    TicketUsed,
    /// The credential is of another kind than the ticket fixes.
    #[error("the ticket is for another kind of data store")]
    ContextMismatch,
    /// The credential breaks rules of its kind.
    #[error("the credential is not valid")]
    InvalidCredential(Vec<FieldError>),
    /// These secrets cannot be kept: none is stored, or the destination or the account has changed.
    #[error("secrets must be entered again")]
    SecretRequired(Vec<String>),
    /// Too many envelopes are waiting to be opened.
    #[error("too many envelopes are waiting")]
    Busy,
    /// The store or the audit trail does not answer, or the gateway is stopping.
    #[error("the gateway cannot store anything now")]
    Unavailable,
}

impl From<WriteError> for SetProblem {
    // The writer has logged why.
    fn from(_: WriteError) -> Self {
        Self::Unavailable
    }
}

impl Custody {
    /// Opens an envelope and stores what is in it. The same envelope under the same ticket gives the same receipt again;
    /// another envelope under a used ticket is refused. Answered only when credential and audit line are on disk, and
    /// carried out to the end once begun, whether or not the caller waits.
    ///
    /// # Errors
    /// See [`SetProblem`]. A rejected envelope counts against its ticket.
    pub async fn set(
        &self,
        ticket: AuthorisedTicket,
        body: &[u8],
        now: UnixSeconds,
    ) -> Result<Stored, SetProblem> {
        let call = self
            .parts
            .opening
            .call()
            .map_err(|_| SetProblem::Unavailable)?;
        let setting = Setting {
            custody: self.clone(),
            ticket,
            now,
        };
        let body = body.to_vec();
        // A task of its own: a caller who hangs up must not be able to take back a failure that counts.
        let task = tokio::spawn(async move {
            let outcome = setting.run(&body).await;
            drop(call);
            outcome
        });
        task.await.unwrap_or(Err(SetProblem::Unavailable))
    }
}

struct Setting {
    custody: Custody,
    ticket: AuthorisedTicket,
    now: UnixSeconds,
}

impl Setting {
    async fn run(self, body: &[u8]) -> Result<Stored, SetProblem> {
        let parts = &self.custody.parts;
        let place = parts.opening.place().map_err(|_| SetProblem::Busy)?;
        let _lock = parts.ticket_locks.lock(self.ticket.key()).await;

        // Read again under the lock: what `authorise` saw may be old by now.
        let row = self.ticket_row().await?;
        if row.failures >= MAX_FAILURES {
            return Err(SetProblem::TicketInvalid);
        }
        let envelope = match Envelope::parse(body) {
            Ok(envelope) => envelope,
            Err(rejected) => return Err(self.rejected(rejected, None).await),
        };
        let digest = envelope.digest();
        if row.used.is_some() {
            return self.write(digest, envelope.kid().clone(), None).await;
        }
        let kid = envelope.kid().clone();
        let keys = self.custody.current_keys().await.map_err(|error| {
            tracing::error!(%error, "the envelope keys cannot be read");
            SetProblem::Unavailable
        })?;
        let Some(key) = keys.private(&kid) else {
            return Err(match keys.state(&kid) {
                Some(KeyState::Gone) => self.sealed_too_early(kid).await,
                // A key that is pending has not been shown to anyone.
                _ => {
                    self.rejected(RejectReason::ForeignKey.into(), Some(kid))
                        .await
                }
            });
        };
        let expected = Binding::from_ticket(&self.ticket.claims, Operation::Set);
        let opened = parts
            .opening
            .open(place, envelope, key, expected)
            .await
            .map_err(|_| SetProblem::Unavailable)?;
        match opened {
            Ok(opened) => {
                let checked = self.check(opened).await?;
                self.write(digest, kid, Some(checked)).await
            }
            Err(rejected) => Err(self.rejected(rejected, Some(kid)).await),
        }
    }

    async fn ticket_row(&self) -> Result<TicketRow, SetProblem> {
        let read =
            async { tickets::read(&mut *self.custody.reading().await?, &self.ticket.key()).await };
        read.await.map_err(|error: StoreError| {
            tracing::error!(%error, "the store does not answer");
            SetProblem::Unavailable
        })
    }

    /// Nobody's failure, and nothing was tried: it does not count against the ticket. As it can be repeated at no cost, its
    /// line is within the budget for refusals.
    async fn sealed_too_early(&self, kid: Kid) -> SetProblem {
        let mut event = self.event(Outcome::Refused, Some(kid));
        event.reason = Some("key_rotated".to_owned());
        self.custody.record_refusal(event).await;
        SetProblem::KeyRotated
    }

    /// Counts the failure. That the count is on disk comes before the answer.
    async fn rejected(&self, rejected: EnvelopeRejected, kid: Option<Kid>) -> SetProblem {
        let mut event = self.event(Outcome::Refused, kid);
        event.reason = Some(format!("envelope_rejected: {}", rejected.reason()));
        let failure = EnvelopeFailure {
            key: self.ticket.key(),
            exp: self.ticket.claims.exp,
            event,
        };
        match self.custody.parts.writer.write(failure).await {
            Ok(()) => SetProblem::EnvelopeRejected,
            Err(error) => error.into(),
        }
    }

    async fn check(&self, opened: OpenedCredential) -> Result<Checked, SetProblem> {
        let refused = async |reason: &str, problem: SetProblem| {
            let mut event = self.event(Outcome::Refused, Some(opened.kid.clone()));
            event.reason = Some(reason.to_owned());
            match self.custody.record(event).await {
                Ok(()) => problem,
                Err(error) => error.into(),
            }
        };
        let OpenedCredential { credential, .. } = opened;
        let kind_fits = self.ticket.claims.kind.as_deref().is_none_or(|fixed| {
            linked_service::kind(fixed).map_or(fixed, |kind| kind.id) == credential.kind
        });
        if !kind_fits {
            return Err(refused("context_mismatch: kind", SetProblem::ContextMismatch).await);
        }
        match Checked::new(credential) {
            Ok(checked) => Ok(checked),
            Err(errors) => {
                Err(refused("invalid_credential", SetProblem::InvalidCredential(errors)).await)
            }
        }
    }

    async fn write(
        self,
        digest: [u8; 32],
        kid: Kid,
        checked: Option<Checked>,
    ) -> Result<Stored, SetProblem> {
        let parts = self.custody.parts.clone();
        let change = SetCredential {
            event: self.event(Outcome::Ok, Some(kid.clone())),
            parts: self.custody.parts,
            ticket: self.ticket,
            digest,
            kid,
            checked,
            now: self.now,
        };
        let stored = parts.writer.write(change).await??;
        if !stored.repeated {
            let receipt = &stored.signed.receipt;
            let newest = Newest {
                version: i64::try_from(receipt.version).unwrap_or(MAX_VERSION),
                is_deleted: false,
            };
            parts
                .newest
                .learn(receipt.df.as_str(), receipt.ls.as_str(), newest);
        }
        Ok(stored)
    }

    fn event(&self, result: Outcome, kid: Option<Kid>) -> AuditEvent {
        AuditEvent {
            kid,
            ..self.ticket.event(Event::CredentialSet, result, self.now)
        }
    }
}
