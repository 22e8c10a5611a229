//! A credential that is to be tried before it is stored: opened, checked, and kept nowhere but here.
//!
//! ```text
//! body → Envelope::parse → open (RSA) → check by kind → kept secrets, towards the stored destination only → Candidate
//! ```

use std::mem;

use envelope::{DataFactoryName, Kid, LinkedServiceName, Operation, TicketClaims, UnixSeconds};
use probe::report::Cause;

use super::Custody;
use super::access::AuthorisedTicket;
use super::checked::Checked;
use super::entry::Found;
use super::opening::Call;
use super::receiving::Receiving;
use super::set::SetProblem;
use super::tried::{Mark, Verdict};
use crate::audit::{AuditEvent, Event, Outcome};
use crate::store::tickets::TicketKey;
use crate::store::writer::WriteError;
use crate::vault::record::KeptCredential;

/// The audit trail's reason for a test that came to no end because nobody waited for it.
const CALLER_GONE: &str = "caller_gone";

/// What may be tried, and under which ticket. As long as it is there, custody does not shut down.
pub struct Candidate {
    credential: KeptCredential,
    account: Option<String>,
    mark: Mark,
    ticket: AuthorisedTicket,
    kid: Kid,
    _call: Call,
}

/// Why nothing is tried.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TestProblem {
    /// As for an envelope that is to be stored.
    #[error(transparent)]
    Envelope(#[from] SetProblem),
    /// Twenty tests were made under the ticket.
    #[error("the ticket permits no more tests")]
    TicketExhausted,
}

impl From<WriteError> for TestProblem {
    fn from(error: WriteError) -> Self {
        Self::Envelope(error.into())
    }
}

/// How a test of a candidate ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// It passed.
    Passed,
    /// It failed.
    Failed(Cause),
    /// The caller went away, and it was ended.
    Abandoned,
}

impl Candidate {
    /// The credential, taken out: it is needed once.
    pub fn take(&mut self) -> KeptCredential {
        KeptCredential {
            kind: self.credential.kind.clone(),
            auth: mem::take(&mut self.credential.auth),
            properties: mem::take(&mut self.credential.properties),
            secrets: mem::take(&mut self.credential.secrets),
        }
    }

    /// The credential.
    #[must_use]
    pub fn credential(&self) -> &KeptCredential {
        &self.credential
    }

    /// Who signs in, where that is not a secret.
    #[must_use]
    pub fn account(&self) -> Option<&str> {
        self.account.as_deref()
    }

    /// The linked service that it is for.
    #[must_use]
    pub fn place(&self) -> (&DataFactoryName, &LinkedServiceName) {
        let TicketClaims { df, ls, .. } = &self.ticket.claims;
        (df, ls)
    }

    fn ticket(&self) -> TicketKey {
        self.ticket.key()
    }

    fn event(&self, event: Event, result: Outcome, now: UnixSeconds) -> AuditEvent {
        AuditEvent {
            kid: Some(self.kid.clone()),
            kind: Some(self.credential.kind.clone()),
            ..self.ticket.event(event, result, now)
        }
    }
}

impl Custody {
    /// Opens an envelope whose credential is to be tried. Nothing is stored, and no ticket is used up; but an envelope that is rejected
    /// counts against its ticket, whether or not the caller waits.
    ///
    /// # Errors
    /// See [`TestProblem`].
    pub async fn receive_candidate(
        &self,
        ticket: AuthorisedTicket,
        body: &[u8],
        now: UnixSeconds,
    ) -> Result<Candidate, TestProblem> {
        let call = self.parts.opening.call();
        let call = call.map_err(|_| SetProblem::Unavailable)?;
        let receiving = Receiving {
            custody: self.clone(),
            ticket,
            operation: Operation::Test,
            event: Event::CredentialTestBegun,
            now,
        };
        let body = body.to_vec();
        // A task of its own: a caller who hangs up must not be able to take back a failure that counts.
        let task = tokio::spawn(async move { receiving.candidate(&body, call).await });
        task.await.unwrap_or(Err(SetProblem::Unavailable.into()))
    }

    /// Takes one of the ticket's tests, and records that the candidate is about to be tried: that is in the audit file before this
    /// returns.
    ///
    /// # Errors
    /// [`TestProblem::TicketExhausted`]; [`SetProblem::Unavailable`].
    pub async fn begin_test(
        &self,
        candidate: &Candidate,
        now: UnixSeconds,
    ) -> Result<(), TestProblem> {
        let exp = candidate.ticket.claims.exp;
        if !self.parts.tried.take(candidate.ticket(), exp, now) {
            let event = candidate.event(Event::CredentialTestBegun, Outcome::Refused, now);
            return Err(self.exhausted(event).await);
        }
        let event = candidate.event(Event::CredentialTestBegun, Outcome::Ok, now);
        Ok(self.record(event).await?)
    }

    /// Records what became of the test, and remembers it for the save that may come under the same ticket.
    ///
    /// # Errors
    /// See [`WriteError`]: then nothing is remembered.
    pub async fn end_test(
        &self,
        candidate: &Candidate,
        ended: Ended,
        now: UnixSeconds,
    ) -> Result<(), WriteError> {
        let (result, reason) = match ended {
            Ended::Passed => (Outcome::Ok, None),
            Ended::Failed(cause) => (Outcome::Failed, Some(cause.code())),
            Ended::Abandoned => (Outcome::Failed, Some(CALLER_GONE)),
        };
        let mut event = candidate.event(Event::CredentialTested, result, now);
        event.reason = reason.map(str::to_owned);
        self.record(event).await?;
        let cause = match ended {
            Ended::Passed => None,
            Ended::Failed(cause) => Some(cause),
            Ended::Abandoned => return Ok(()),
        };
        let verdict = Verdict { cause, at: now };
        let (ticket, mark) = (candidate.ticket(), candidate.mark);
        self.parts.tried.remember(&ticket, mark, verdict);
        Ok(())
    }

    /// Records, within the budget, that a test was refused for this reason.
    pub async fn refuse_test(&self, candidate: &Candidate, reason: &str, now: UnixSeconds) {
        let mut event = candidate.event(Event::CredentialTestBegun, Outcome::Refused, now);
        event.reason = Some(reason.to_owned());
        self.record_refusal(event).await;
    }

    async fn exhausted(&self, mut event: AuditEvent) -> TestProblem {
        event.reason = Some("rate_limited: ticket".to_owned());
        self.record_refusal(event).await;
        TestProblem::TicketExhausted
    }
}

impl Receiving {
    async fn candidate(self, body: &[u8], call: Call) -> Result<Candidate, TestProblem> {
        let parts = &self.custody.parts;
        let place = parts.opening.place().map_err(|_| SetProblem::Busy)?;
        let _lock = parts.ticket_locks.lock(self.ticket.key()).await;
        let glance = self.glance().await?;
        if glance.ticket.used.is_some() {
            let mut event = self.event(Outcome::Refused, None);
            event.reason = Some("ticket_used".to_owned());
            self.custody.record_refusal(event).await;
            return Err(SetProblem::TicketUsed.into());
        }
        // Before any RSA work; `begin_test` is what counts.
        if !parts.tried.has_left(&self.ticket.key()) {
            let event = self.event(Outcome::Refused, None);
            return Err(self.custody.exhausted(event).await);
        }
        let envelope = self.parse(body).await?;
        let kid = envelope.kid().clone();
        let checked = self.open(place, envelope, &glance).await?;
        let account = checked.account.clone();
        let credential = match self.complete(checked).await? {
            Ok(credential) => credential,
            Err(names) => {
                let problem = SetProblem::SecretRequired(names);
                return Err(self.refused(kid, "secret_required", problem).await.into());
            }
        };
        Ok(Candidate {
            mark: parts.tried.mark(&credential),
            credential,
            account,
            ticket: self.ticket,
            kid,
            _call: call,
        })
    }

    /// With the secrets that it keeps; or the names of those that cannot be kept.
    async fn complete(
        &self,
        checked: Checked,
    ) -> Result<Result<KeptCredential, Vec<String>>, SetProblem> {
        if !checked.keeps() {
            return Ok(checked.complete(None));
        }
        let TicketClaims { df, ls, .. } = &self.ticket.claims;
        let found = self.custody.look(df.as_str(), ls.as_str()).await;
        let found = found.map_err(|error| {
            tracing::error!(%error, "the store does not answer");
            SetProblem::Unavailable
        })?;
        let previous = match found {
            Found::Sound(row) => self.custody.parts.kept(&row),
            Found::Nothing | Found::Damaged(_) => None,
        };
        Ok(checked.complete(previous))
    }
}
