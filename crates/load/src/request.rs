//! A set or a test, made before the clock starts.

use anyhow::{Result, anyhow};
use envelope::context::{Binding, Operation};
use envelope::credential::Credential;
use envelope::jwe::Envelope;
use envelope::jwk::{EnvelopeKey, JwkSet, Kid};
use envelope::protocol::{credential_path, test_path};
use envelope::ticket::TicketClaims;
use getrandom::SysRng;
use rand_core::UnwrapErr;

use crate::{Answer, Connection, Installation, Issuer};

/// One prepared request.
pub struct Request {
    ticket: String,
    claims: TicketClaims,
    envelope: Envelope,
    operation: Operation,
}

impl Request {
    /// A set of `linked_service` with a ticket of its own.
    ///
    /// # Errors
    /// When the ticket or the envelope cannot be made.
    pub fn set(
        of: (&Issuer, &Installation),
        keys: &(JwkSet, Kid),
        linked_service: &str,
        credential: Credential,
    ) -> Result<Self> {
        Self::new(of, keys, linked_service, (Operation::Set, credential))
    }

    /// A test of a credential that is not stored, with a ticket of its own.
    ///
    /// # Errors
    /// When the ticket or the envelope cannot be made.
    pub fn test(
        of: (&Issuer, &Installation),
        keys: &(JwkSet, Kid),
        linked_service: &str,
        credential: Credential,
    ) -> Result<Self> {
        Self::new(of, keys, linked_service, (Operation::Test, credential))
    }

    fn new(
        (issuer, installation): (&Issuer, &Installation),
        keys: &(JwkSet, Kid),
        linked_service: &str,
        (operation, credential): (Operation, Credential),
    ) -> Result<Self> {
        let kid = &keys.1;
        let (ticket, claims) =
            issuer.ticket(&installation.id, kid, linked_service, &credential.kind)?;
        Self::under(ticket, claims, keys, (operation, credential))
    }

    /// Another credential under the same ticket.
    ///
    /// # Errors
    /// When the envelope cannot be made.
    pub fn another(&self, keys: &(JwkSet, Kid), credential: Credential) -> Result<Self> {
        let (ticket, claims) = (self.ticket.clone(), self.claims.clone());
        Self::under(ticket, claims, keys, (Operation::Set, credential))
    }

    fn under(
        ticket: String,
        claims: TicketClaims,
        (keys, kid): &(JwkSet, Kid),
        (operation, credential): (Operation, Credential),
    ) -> Result<Self> {
        let key = keys.select(kid).map_err(|refusal| anyhow!("{refusal}"))?;
        let binding = Binding::from_ticket(&claims, operation);
        let envelope = sealed(credential, key, &binding)?;
        Ok(Self {
            ticket,
            claims,
            envelope,
            operation,
        })
    }

    /// Sends it. It may be sent again: the gateway answers the same.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn send(&self, connection: &mut Connection) -> Result<Answer> {
        let (df, ls) = (&self.claims.df, &self.claims.ls);
        let call = match self.operation {
            Operation::Test => ("POST", test_path(df, ls)),
            _ => ("PUT", credential_path(df, ls)),
        };
        let (method, path) = (call.0, call.1.as_str());
        connection
            .send((method, path), &self.ticket, self.envelope.as_str())
            .await
    }
}

/// Seals a credential natively.
///
/// # Errors
/// When it is too long.
pub fn sealed(credential: Credential, key: &EnvelopeKey, binding: &Binding) -> Result<Envelope> {
    credential
        .seal(key, binding, &mut UnwrapErr(SysRng))
        .map_err(|error| anyhow!("{error}"))
}
