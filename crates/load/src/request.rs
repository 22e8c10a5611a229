//! A set, made before the clock starts.

use anyhow::{Result, anyhow};
use envelope::context::{Binding, Operation};
use envelope::credential::Credential;
use envelope::jwe::Envelope;
use envelope::jwk::{EnvelopeKey, JwkSet, Kid};
use envelope::protocol::credential_path;
use envelope::ticket::TicketClaims;
use getrandom::SysRng;
use rand_core::UnwrapErr;

use crate::{Answer, Connection, Installation, Issuer};

/// One prepared request.
pub struct Request {
    ticket: String,
    claims: TicketClaims,
    envelope: Envelope,
}

impl Request {
    /// A set of `linked_service` with a ticket of its own.
    ///
    /// # Errors
    /// When the ticket or the envelope cannot be made.
    pub fn set(
        (issuer, installation): (&Issuer, &Installation),
        keys: &(JwkSet, Kid),
        linked_service: &str,
        credential: Credential,
    ) -> Result<Self> {
        let kid = &keys.1;
        let (ticket, claims) =
            issuer.ticket(&installation.id, kid, linked_service, &credential.kind)?;
        Self::under(ticket, claims, keys, credential)
    }

    /// Another credential under the same ticket.
    ///
    /// # Errors
    /// When the envelope cannot be made.
    pub fn another(&self, keys: &(JwkSet, Kid), credential: Credential) -> Result<Self> {
        Self::under(self.ticket.clone(), self.claims.clone(), keys, credential)
    }

    fn under(
        ticket: String,
        claims: TicketClaims,
        (keys, kid): &(JwkSet, Kid),
        credential: Credential,
    ) -> Result<Self> {
        let key = keys.select(kid).map_err(|refusal| anyhow!("{refusal}"))?;
        let binding = Binding::from_ticket(&claims, Operation::Set);
        let envelope = sealed(credential, key, &binding)?;
        Ok(Self {
            ticket,
            claims,
            envelope,
        })
    }

    /// Sends it. It may be sent again: the gateway answers the same.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn send(&self, connection: &mut Connection) -> Result<Answer> {
        let path = credential_path(&self.claims.df, &self.claims.ls);
        connection
            .put(&path, &self.ticket, self.envelope.as_str())
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
