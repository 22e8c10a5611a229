//! Setting a credential: the path of one password, from the envelope to the receipt.
//!
//! ```text
//! body → Envelope::parse → open (RSA) → check by kind → ┬ one transaction: keep or replace, protect, store, use the
//!                                                       │ ticket up, audit line, signed receipt
//!                                                       └ synced → audit file synced → receipt
//! ```

use std::sync::Arc;

use envelope::protocol::StoredCredential;
use envelope::receipt::{RECEIPT_TYP, RECEIPT_VERSION};
use envelope::{
    Binding, Envelope, EnvelopeRejected, Kid, OpenedCredential, Operation, Receipt, RejectReason,
    SignedReceipt, UnixSeconds,
};
use linked_service::FieldError;
use serde::{Deserialize, Serialize};
use sqlx::SqliteConnection;

use super::access::{AuthorisedTicket, MAX_FAILURES};
use super::checked::Checked;
use super::{Custody, Parts};
use crate::audit::log::AuditLog;
use crate::audit::{AuditEvent, Event, Outcome};
use crate::store::StoreError;
use crate::store::credentials::{self, CredentialRow};
use crate::store::tickets::{self, TicketKey, TicketRow, Used};
use crate::store::writer::{Change, WriteError};
use crate::vault::Place;
use crate::vault::record::KeptCredential;

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
        let Some(key) = parts.keys.private(&kid) else {
            return Err(self
                .rejected(RejectReason::ForeignKey.into(), Some(kid))
                .await);
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
        let writer = self.custody.parts.writer.clone();
        let change = SetCredential {
            event: self.event(Outcome::Ok, Some(kid.clone())),
            parts: self.custody.parts,
            ticket: self.ticket,
            digest,
            kid,
            checked,
            now: self.now,
        };
        writer.write(change).await?
    }

    fn event(&self, result: Outcome, kid: Option<Kid>) -> AuditEvent {
        AuditEvent {
            kid,
            ..self.ticket.event(Event::CredentialSet, result, self.now)
        }
    }
}

/// One more rejected envelope under a ticket.
struct EnvelopeFailure {
    key: TicketKey,
    exp: UnixSeconds,
    event: AuditEvent,
}

impl Change for EnvelopeFailure {
    type Answer = ();

    async fn apply(self, transaction: &mut SqliteConnection) -> Result<(), StoreError> {
        tickets::count_failure(transaction, &self.key, self.exp).await?;
        AuditLog::put(transaction, &self.event).await
    }
}

/// Stores the credential and uses the ticket up; or, for a used ticket, finds out what to answer.
struct SetCredential {
    parts: Arc<Parts>,
    ticket: AuthorisedTicket,
    digest: [u8; 32],
    kid: Kid,
    /// None when the ticket was already found used, and so the envelope was not opened.
    checked: Option<Checked>,
    event: AuditEvent,
    now: UnixSeconds,
}

/// The answer as the ticket's row keeps it.
#[derive(Serialize, Deserialize)]
struct Kept {
    created: bool,
    signed: SignedReceipt,
}

impl Change for SetCredential {
    type Answer = Result<Stored, SetProblem>;

    async fn apply(
        mut self,
        transaction: &mut SqliteConnection,
    ) -> Result<Self::Answer, StoreError> {
        let row = tickets::read(transaction, &self.ticket.key()).await?;
        let outcome = match (row.used, self.checked.take()) {
            (Some(used), _) => self.again(&used)?,
            // Five failures in another process on the same store.
            (None, _) if row.failures >= MAX_FAILURES => {
                Err(Refused("ended", SetProblem::TicketInvalid))
            }
            (None, None) => Err(Refused("ticket row is gone", SetProblem::Unavailable)),
            (None, Some(checked)) => self.store(transaction, checked).await?,
        };
        match &outcome {
            Ok(stored) => {
                let receipt = &stored.signed.receipt;
                self.event.kind = Some(receipt.kind.clone());
                self.event.version = Some(receipt.version);
                self.event.result = if stored.repeated {
                    Outcome::Repeated
                } else {
                    Outcome::Ok
                };
            }
            Err(Refused(reason, problem)) => {
                self.event.reason = Some((*reason).to_owned());
                let is_fault = *problem == SetProblem::Unavailable;
                self.event.result = if is_fault {
                    Outcome::Failed
                } else {
                    Outcome::Refused
                };
            }
        }
        AuditLog::put(transaction, &self.event).await?;
        Ok(outcome.map_err(|Refused(_, problem)| problem))
    }
}

/// Reason for the audit, problem for the caller.
struct Refused(&'static str, SetProblem);

impl SetCredential {
    /// A used ticket: the same envelope gets the same answer.
    fn again(&self, used: &Used) -> Result<Result<Stored, Refused>, StoreError> {
        if used.digest != self.digest {
            return Ok(Err(Refused("ticket_used", SetProblem::TicketUsed)));
        }
        let kept: Kept = serde_json::from_str(&used.outcome).map_err(|_| StoreError::Damaged {
            table: "ticket",
            what: "outcome",
        })?;
        Ok(Ok(Stored {
            signed: kept.signed,
            created: kept.created,
            repeated: true,
        }))
    }

    async fn store(
        &self,
        transaction: &mut SqliteConnection,
        checked: Checked,
    ) -> Result<Result<Stored, Refused>, StoreError> {
        let claims = &self.ticket.claims;
        let previous = credentials::read(transaction, &claims.df, &claims.ls).await?;
        let version = credentials::last_version(transaction, &claims.df, &claims.ls).await? + 1;
        let created = previous.is_none();
        let (row, signed) = match self.prepare(checked, previous, version) {
            Ok(prepared) => prepared,
            Err(refused) => return Ok(Err(refused)),
        };
        let kept = Kept { created, signed };
        let Ok(outcome) = serde_json::to_string(&kept) else {
            return Ok(Err(Refused(
                "receipt cannot be written",
                SetProblem::Unavailable,
            )));
        };
        // Nothing was written before this line, and nothing after it fails but the disk.
        credentials::replace(transaction, &row).await?;
        let used = Used {
            digest: self.digest,
            outcome,
        };
        tickets::use_up(transaction, &self.ticket.key(), claims.exp, &used).await?;
        Ok(Ok(Stored {
            signed: kept.signed,
            created,
            repeated: false,
        }))
    }

    /// Everything that is computed: kept secrets merged in, record protected, receipt signed.
    fn prepare(
        &self,
        checked: Checked,
        previous: Option<CredentialRow>,
        version: u64,
    ) -> Result<(CredentialRow, SignedReceipt), Refused> {
        let claims = &self.ticket.claims;
        let receipt = Receipt {
            v: RECEIPT_VERSION,
            gw: self.parts.gateway.clone(),
            df: claims.df.clone(),
            ls: claims.ls.clone(),
            kind: checked.kind.clone(),
            auth: checked.auth.clone(),
            target: checked.target.clone(),
            account: checked.account.clone(),
            version,
            kid: self.kid.clone(),
            jti: claims.jti.clone(),
            sub: claims.sub.clone(),
            at: self.now,
        };
        let previous = previous
            .filter(|_| checked.keeps())
            .and_then(|row| self.revealed(&row));
        let kept = checked
            .complete(previous)
            .map_err(|names| Refused("secret_required", SetProblem::SecretRequired(names)))?;
        let place = Place::Credential {
            df: &claims.df,
            ls: &claims.ls,
            kind: &kept.kind,
            version,
        };
        let protected = self
            .parts
            .vault
            .protect(place, kept.encode())
            .map_err(|_| Refused("cannot protect", SetProblem::Unavailable))?;
        let jws = self
            .parts
            .identity
            .jws(RECEIPT_TYP, &receipt)
            .map_err(|_| Refused("cannot sign", SetProblem::Unavailable))?;
        let shown = StoredCredential {
            df: receipt.df.clone(),
            ls: receipt.ls.clone(),
            kind: receipt.kind.clone(),
            auth: receipt.auth.clone(),
            target: receipt.target.clone(),
            account: receipt.account.clone(),
            properties: kept.properties.clone(),
            secrets: kept.secrets.keys().cloned().collect(),
            version,
            kid: receipt.kid.clone(),
            set_by: receipt.sub.clone(),
            set_at: receipt.at,
        };
        Ok((
            CredentialRow { shown, protected },
            SignedReceipt { receipt, jws },
        ))
    }

    /// The credential stored before. One that cannot be revealed has nothing that could be kept: the secrets are asked for
    /// again, which also is what repairs it.
    fn revealed(&self, row: &CredentialRow) -> Option<KeptCredential> {
        let revealed = self.parts.vault.reveal(row.place(), &row.protected);
        let kept = revealed
            .ok()
            .and_then(|record| KeptCredential::decode(&record).ok());
        if kept.is_none() {
            tracing::error!(df = %row.shown.df, ls = %row.shown.ls, "the stored credential cannot be revealed");
        }
        kept
    }
}
