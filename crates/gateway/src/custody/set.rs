//! Setting a credential: the path of one password, from the envelope to the receipt.
//!
//! ```text
//! body → Envelope::parse → open (RSA) → check by kind → ┬ one transaction: keep or replace, protect, store, use the
//!                                                       │ ticket up, audit line, signed receipt
//!                                                       └ synced → audit file synced → receipt
//! ```

mod change;

use envelope::{Kid, Operation, SignedReceipt, UnixSeconds};
use linked_service::FieldError;

use super::Custody;
use super::access::AuthorisedTicket;
use super::checked::Checked;
use super::entry::MAX_VERSION;
use super::newest::Newest;
use super::receiving::Receiving;
use crate::audit::{Event, Outcome};
use crate::store::writer::WriteError;
use change::SetCredential;

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
    /// Only what has passed its test is stored, and this has not under its ticket.
    #[error("the credential has to pass its test first")]
    TestRequired,
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
        let setting = Setting(Receiving {
            custody: self.clone(),
            ticket,
            operation: Operation::Set,
            event: Event::CredentialSet,
            now,
        });
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

struct Setting(Receiving);

impl Setting {
    async fn run(self, body: &[u8]) -> Result<Stored, SetProblem> {
        let Receiving {
            custody, ticket, ..
        } = &self.0;
        let place = custody
            .parts
            .opening
            .place()
            .map_err(|_| SetProblem::Busy)?;
        let _lock = custody.parts.ticket_locks.lock(ticket.key()).await;
        let glance = self.0.glance().await?;
        let envelope = self.0.parse(body).await?;
        let (digest, kid) = (envelope.digest(), envelope.kid().clone());
        let checked = match glance.ticket.used {
            Some(_) => None,
            None => Some(self.0.open(place, envelope, &glance).await?),
        };
        self.write(digest, kid, checked).await
    }

    async fn write(
        self,
        digest: [u8; 32],
        kid: Kid,
        checked: Option<Checked>,
    ) -> Result<Stored, SetProblem> {
        let parts = self.0.custody.parts.clone();
        let change = SetCredential {
            event: self.0.event(Outcome::Ok, Some(kid.clone())),
            parts: parts.clone(),
            ticket: self.0.ticket,
            digest,
            kid,
            checked,
            now: self.0.now,
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
}
