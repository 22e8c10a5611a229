//! What setting and testing have in common: an envelope that arrives under a ticket, up to a credential that keeps its kind's rules.

use envelope::{
    Binding, Envelope, EnvelopeRejected, Kid, OpenedCredential, Operation, RejectReason,
    UnixSeconds,
};

use super::Custody;
use super::access::{AuthorisedTicket, MAX_FAILURES};
use super::checked::Checked;
use super::opening::Place;
use super::set::SetProblem;
use crate::audit::log::AuditLog;
use crate::audit::{AuditEvent, Event, Outcome};
use crate::store::envelope_keys::KeyState;
use crate::store::glance::{self, Glance};
use crate::store::tickets::{self, TicketKey};
use crate::store::writer::Change;
use crate::store::{Connection, StoreError};

/// One envelope under one ticket, and what it is for.
pub(super) struct Receiving {
    pub(super) custody: Custody,
    pub(super) ticket: AuthorisedTicket,
    pub(super) operation: Operation,
    /// What the audit trail calls it.
    pub(super) event: Event,
    pub(super) now: UnixSeconds,
}

impl Receiving {
    /// What is known about the ticket now, under its lock: what `authorise` saw may be old by then.
    pub(super) async fn glance(&self) -> Result<Glance, SetProblem> {
        let read =
            async { glance::read(&mut self.custody.reading().await?, &self.ticket.key()).await };
        let glance = read.await.map_err(|error: StoreError| {
            tracing::error!(%error, "the store does not answer");
            SetProblem::Unavailable
        })?;
        if glance.ticket.failures >= MAX_FAILURES {
            return Err(SetProblem::TicketInvalid);
        }
        Ok(glance)
    }

    /// Reads the envelope; what is none counts against the ticket.
    pub(super) async fn parse(&self, body: &[u8]) -> Result<Envelope, SetProblem> {
        match Envelope::parse(body) {
            Ok(envelope) => Ok(envelope),
            Err(rejected) => Err(self.rejected(rejected, None).await),
        }
    }

    /// Opens the envelope, with the keys as they were at a glance, and checks what is in it.
    pub(super) async fn open(
        &self,
        place: Place,
        envelope: Envelope,
        glance: &Glance,
    ) -> Result<Checked, SetProblem> {
        let kid = envelope.kid().clone();
        let keys = self.custody.keys_as_of(glance.key_change).await;
        let keys = keys.map_err(|error| {
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
        let expected = Binding::from_ticket(&self.ticket.claims, self.operation);
        let opening = &self.custody.parts.opening;
        let opened = opening
            .open(place, envelope, key, expected)
            .await
            .map_err(|_| SetProblem::Unavailable)?;
        match opened {
            Ok(opened) => self.check(opened).await,
            Err(rejected) => Err(self.rejected(rejected, Some(kid)).await),
        }
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
        let OpenedCredential {
            credential, kid, ..
        } = opened;
        let kind_fits = self.ticket.claims.kind.as_deref().is_none_or(|fixed| {
            linked_service::kind(fixed).map_or(fixed, |kind| kind.id) == credential.kind
        });
        if !kind_fits {
            let problem = SetProblem::ContextMismatch;
            return Err(self.refused(kid, "context_mismatch: kind", problem).await);
        }
        match Checked::new(credential) {
            Ok(checked) => Ok(checked),
            Err(errors) => {
                let problem = SetProblem::InvalidCredential(errors);
                Err(self.refused(kid, "invalid_credential", problem).await)
            }
        }
    }

    /// Records why, and gives the problem back.
    pub(super) async fn refused(&self, kid: Kid, reason: &str, problem: SetProblem) -> SetProblem {
        let mut event = self.event(Outcome::Refused, Some(kid));
        event.reason = Some(reason.to_owned());
        match self.custody.record(event).await {
            Ok(()) => problem,
            Err(error) => error.into(),
        }
    }

    pub(super) fn event(&self, result: Outcome, kid: Option<Kid>) -> AuditEvent {
        AuditEvent {
            kid,
            ..self.ticket.event(self.event, result, self.now)
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

    async fn apply(self, transaction: &mut Connection<'_>) -> Result<(), StoreError> {
        tickets::count_failure(transaction, &self.key, self.exp).await?;
        AuditLog::put(transaction, &self.event).await
    }
}
