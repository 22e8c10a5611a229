//! Who may do what: everything about a ticket that can be checked without RSA.

mod refusal;

use std::net::IpAddr;
use std::sync::Arc;

use base64ct::{Base64UrlUnpadded, Encoding};
use envelope::{
    DataFactoryName, Kid, LinkedServiceName, Operation, Ticket, TicketAlgorithm, TicketClaims,
    UnixSeconds,
};
use jsonwebtoken::Algorithm;

use super::Custody;
use crate::audit::{AuditEvent, Event, Outcome};
use crate::identity::succession::Identities;
use crate::identity::{BUILT_IN_ISSUER, IdentityError};
use crate::issuers::{Issuer, PublicKey};
use crate::store::glance::{self, Glance};
use crate::store::tickets::{TicketKey, TicketRow};

pub use refusal::{RefusalReason, TicketProblem};

/// Rejected envelopes that end a ticket.
pub const MAX_FAILURES: u32 = 5;

/// What a caller wants to do, whatever the ticket says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// What to do.
    pub action: Action,
    /// In which data factory.
    pub df: DataFactoryName,
    /// To which linked service; none means the whole data factory, which is for reading only.
    pub ls: Option<LinkedServiceName>,
    /// The caller's address, for the audit trail.
    pub remote: Option<IpAddr>,
}

/// What can be done with a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Store a credential. Needs a ticket with `op` `set`.
    Set,
    /// Try a connection. Needs `test` or `set`.
    Test,
    /// Delete the stored credential. Needs `delete`.
    Delete,
    /// See what may be shown. Any ticket for it will do, a used one too.
    Read,
}

impl Action {
    fn is_permitted_by(self, operation: Operation) -> bool {
        match self {
            Self::Set => operation == Operation::Set,
            Self::Test => matches!(operation, Operation::Set | Operation::Test),
            Self::Delete => operation == Operation::Delete,
            Self::Read => true,
        }
    }

    fn event(self) -> Event {
        match self {
            Self::Set => Event::CredentialSet,
            Self::Delete => Event::CredentialDeleted,
            Self::Test | Self::Read => Event::TicketRefused,
        }
    }
}

/// A ticket that was checked, for the access that it was checked for.
pub struct AuthorisedTicket {
    pub(super) claims: TicketClaims,
    pub(super) remote: Option<IpAddr>,
    issuer: Option<Issuer>,
    /// What was known about it when it was checked.
    pub(super) seen: TicketRow,
}

impl AuthorisedTicket {
    /// What the ticket says; verified.
    #[must_use]
    pub fn claims(&self) -> &TicketClaims {
        &self.claims
    }

    /// Whether the ticket's issuer may touch a linked service: what a listing shows to the holder is limited to that.
    #[must_use]
    pub fn issuer_may_touch(&self, df: &DataFactoryName, ls: &LinkedServiceName) -> bool {
        self.issuer
            .as_ref()
            .is_none_or(|issuer| issuer.may_touch(df, ls))
    }

    /// The origin of the portal that issued it, where it has one.
    #[must_use]
    pub fn portal(&self) -> Option<&str> {
        self.issuer.as_ref().and_then(Issuer::origin)
    }

    pub(super) fn key(&self) -> TicketKey {
        TicketKey::of(&self.claims)
    }

    pub(super) fn event(&self, event: Event, result: Outcome, now: UnixSeconds) -> AuditEvent {
        AuditEvent {
            who: Some(self.claims.sub.clone()),
            remote: self.remote,
            ..claimed(&self.claims, event, result, now)
        }
    }
}

impl Custody {
    /// Checks a ticket for one access: form, issuer, signature, times and audience, what the issuer may touch, whose key it
    /// names, what the ticket permits, and whether too many envelopes failed under it. A refusal is recorded here.
    ///
    /// # Errors
    /// See [`TicketProblem`].
    pub async fn authorise(
        &self,
        compact_ticket: &str,
        access: &Access,
        now: UnixSeconds,
    ) -> Result<AuthorisedTicket, TicketProblem> {
        let authorised = self
            .verified(compact_ticket, access.remote, now, now)
            .await?;
        if !fits(&authorised.claims, access) {
            let mut event = authorised.event(access.action.event(), Outcome::Refused, now);
            event.reason = Some("context_mismatch".to_owned());
            self.record_refusal(event).await;
            return Err(TicketProblem::ContextMismatch);
        }
        if access.action != Action::Read && authorised.seen.failures >= MAX_FAILURES {
            let event = authorised.event(Event::TicketRefused, Outcome::Refused, now);
            return Err(self.refused(event, RefusalReason::Ended).await);
        }
        Ok(authorised)
    }

    /// A ticket that is good for something: form, issuer, signature, times as of `at`, audience, what the issuer may touch, and
    /// whose key it names. A refusal is recorded here.
    ///
    /// # Errors
    /// [`TicketProblem::Refused`], [`TicketProblem::Unavailable`].
    pub(super) async fn verified(
        &self,
        compact_ticket: &str,
        remote: Option<IpAddr>,
        at: UnixSeconds,
        now: UnixSeconds,
    ) -> Result<AuthorisedTicket, TicketProblem> {
        let Ok(ticket) = Ticket::parse(compact_ticket) else {
            let mut event = AuditEvent::new(Event::TicketRefused, Outcome::Refused, now);
            event.remote = remote;
            return Err(self.refused(event, RefusalReason::Malformed).await);
        };
        let claims = ticket.claims();
        let refused = async |reason| {
            let mut event = claimed(claims, Event::TicketRefused, Outcome::Refused, now);
            event.remote = remote;
            self.refused(event, reason).await
        };
        let (glance, identities) = self.glance(&TicketKey::of(claims)).await.map_err(|error| {
            tracing::error!(%error, "the store or the identity key cannot be read");
            TicketProblem::Unavailable
        })?;
        let issuer = match self.verify(&ticket, &identities, at) {
            Ok(issuer) => issuer,
            Err(reason) => return Err(refused(reason).await),
        };
        if !identities.is_or_was(&claims.thp)
            && !self.is_mine(&claims.thp, glance.key_change).await?
        {
            return Err(refused(RefusalReason::ForeignKey).await);
        }
        Ok(AuthorisedTicket {
            claims: claims.clone(),
            remote,
            issuer: issuer.cloned(),
            seen: glance.ticket,
        })
    }

    async fn glance(&self, ticket: &TicketKey) -> Result<(Glance, Arc<Identities>), IdentityError> {
        let mut connection = self.reading().await?;
        let glance = glance::read(&mut connection, ticket).await?;
        let signed = glance.succession.as_deref();
        let succession = &self.parts.succession;
        let identities = succession.as_signed(signed, &mut connection).await?;
        Ok((glance, identities))
    }

    /// Who issued the ticket, if it is good: a registered issuer, or none for the gateway itself.
    fn verify(
        &self,
        ticket: &Ticket,
        identities: &Identities,
        now: UnixSeconds,
    ) -> Result<Option<&Issuer>, RefusalReason> {
        let claims = ticket.claims();
        let issuer = match claims.iss.as_str() {
            BUILT_IN_ISSUER => None,
            name => Some(
                self.issuers()
                    .iter()
                    .find(|one| one.name() == name)
                    .ok_or(RefusalReason::UnknownIssuer)?,
            ),
        };
        let signed = match issuer {
            Some(issuer) => is_signed(ticket, issuer.key()),
            None => identities.have_issued(ticket),
        };
        if !signed {
            return Err(RefusalReason::Signature);
        }
        claims
            .check(now, self.gateway_id())
            .map_err(RefusalReason::Claims)?;
        if let Some(issuer) = issuer {
            if !issuer.may_touch(&claims.df, &claims.ls) {
                return Err(RefusalReason::NotAllowed);
            }
            if claims.org.is_some() && claims.org.as_deref() != issuer.origin() {
                return Err(RefusalReason::ForeignOrigin);
            }
        }
        Ok(issuer)
    }

    /// Whether a thumbprint is that of an envelope key. One that is gone counts: what is sealed for it is told so by name. Whoever
    /// issued a ticket for any other key, but an identity key, has mistaken the gateway, or somebody has deceived them.
    async fn is_mine(&self, thumbprint: &Kid, key_change: u64) -> Result<bool, TicketProblem> {
        let keys = self.keys_as_of(key_change).await.map_err(|error| {
            tracing::error!(%error, "the envelope keys cannot be read");
            TicketProblem::Unavailable
        })?;
        Ok(keys.state(thumbprint).is_some())
    }

    async fn refused(&self, mut event: AuditEvent, reason: RefusalReason) -> TicketProblem {
        event.reason = Some(reason.as_str().to_owned());
        self.record_refusal(event).await;
        TicketProblem::Refused(reason)
    }

    /// Within the budget. The refusal stands whether or not it could be recorded.
    pub(super) async fn record_refusal(&self, mut event: AuditEvent) {
        let Some(unwritten) = self.parts.refusals.take(event.at) else {
            return;
        };
        event.unwritten = (unwritten > 0).then_some(unwritten);
        if let Err(error) = self.record(event).await {
            tracing::error!(%error, "a refusal was not recorded");
        }
    }
}

/// What a ticket says of itself; `who` stays empty until it is verified.
fn claimed(claims: &TicketClaims, event: Event, result: Outcome, now: UnixSeconds) -> AuditEvent {
    AuditEvent {
        iss: Some(claims.iss.clone()),
        df: Some(claims.df.clone()),
        ls: Some(claims.ls.clone()),
        jti: Some(claims.jti.clone()),
        ..AuditEvent::new(event, result, now)
    }
}

fn is_signed(ticket: &Ticket, key: &PublicKey) -> bool {
    let algorithm = match ticket.algorithm() {
        TicketAlgorithm::EdDsa => Algorithm::EdDSA,
        TicketAlgorithm::Es256 => Algorithm::ES256,
    };
    let signature = Base64UrlUnpadded::encode_string(ticket.signature());
    key.verifies(algorithm, ticket.signing_input(), &signature)
}

fn fits(claims: &TicketClaims, access: &Access) -> bool {
    let linked_service_fits = match &access.ls {
        Some(ls) => *ls == claims.ls,
        None => access.action == Action::Read,
    };
    access.action.is_permitted_by(claims.op) && access.df == claims.df && linked_service_fits
}
