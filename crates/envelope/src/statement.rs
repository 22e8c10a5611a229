//! What a gateway's identity key says about its envelope keys: how a ticket outlives a rotation.
//!
//! A ticket names the key to seal for by its thumbprint (`thp`). If that is an envelope key's, the ticket alone says which key is
//! right, and after a rotation nothing does: the ticket's issuer never heard of the new key, and the network that the key
//! document comes over is not trusted for this. So a ticket may name the gateway's identity key instead (Ed25519, made once),
//! and the key document carries a statement signed by it. Who seals believes the keys of a document only if
//!
//! 1. the statement's identity key has the ticket's thumbprint, and its signature verifies;
//! 2. the statement names the ticket's gateway;
//! 3. it covers the ticket's whole life, from `iat` to `exp`. So no clock is needed where it is checked, and one that was
//!    recorded is good for tickets that were issued up to some minutes after it and for no later one: a stolen envelope key cannot
//!    be put back in use with it;
//! 4. it names exactly the keys of the document, in their order: the first is the one to seal for;
//! 5. its number is not below one that was seen before.
//!
//! The statement is a compact JWS (RFC 7515). This crate neither signs nor verifies it: a browser has WebCrypto for that.

use serde::{Deserialize, Serialize};

use crate::base64url;
use crate::context::{GatewayId, UnixSeconds};
use crate::jwk::{JwkSet, Kid};
use crate::protocol::IdentityJwk;
use crate::ticket::{CLOCK_LEEWAY_SECONDS, MAX_TICKET_SECONDS, TicketClaims};

/// `typ` in a statement's header (RFC 7515 section 4.1.9).
pub const STATEMENT_TYP: &str = "credential-key-statement+jwt";

/// What is said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyStatement {
    /// The gateway whose keys they are.
    pub gw: GatewayId,
    /// The identity key that signs this.
    pub identity: IdentityJwk,
    /// The envelope keys' thumbprints with a space between two, the one in use first: a text, because the page carries what reads it.
    pub keys: String,
    /// Not for tickets issued before.
    pub nbf: UnixSeconds,
    /// Not for tickets that live longer.
    pub exp: UnixSeconds,
    /// Counts the changes of the keys.
    pub seq: u64,
}

/// Why a statement does not make a document's keys good for a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StatementRefusal {
    /// It is not signed by the key that the ticket names, or is no statement.
    #[error(
        "the statement about the gateway's keys is not signed by the key that the ticket names"
    )]
    Identity,
    /// It is another gateway's.
    #[error("the statement about the gateway's keys is another gateway's")]
    Gateway,
    /// The ticket's life is not within its validity: one of the two is too old, or a clock is wrong.
    #[error("the statement about the gateway's keys is not for the ticket's time")]
    Time,
    /// The document has other keys than it names.
    #[error("the statement about the gateway's keys is about other keys")]
    Keys,
    /// A later one was seen before.
    #[error("the statement about the gateway's keys is older than one before")]
    Older,
}

impl KeyStatement {
    /// What is said of these keys at this time: good for every ticket that is valid now, the issuer's clock allowed for.
    pub fn about(
        keys: &JwkSet,
        gw: GatewayId,
        identity: IdentityJwk,
        seq: u64,
        now: UnixSeconds,
    ) -> Self {
        Self {
            gw,
            identity,
            keys: thumbprints(keys),
            nbf: UnixSeconds(now.0.saturating_sub(MAX_TICKET_SECONDS)),
            exp: UnixSeconds(now.0 + CLOCK_LEEWAY_SECONDS + MAX_TICKET_SECONDS),
            seq,
        }
    }

    /// Rules 1 (but for the signature) to 5 of this module; `seen` is the highest number seen before.
    ///
    /// # Errors
    /// The [`StatementRefusal`] of the first rule that is broken.
    pub fn check(
        &self,
        claims: &TicketClaims,
        served: &JwkSet,
        seen: u64,
    ) -> Result<(), StatementRefusal> {
        if self.identity.thumbprint() != claims.thp {
            return Err(StatementRefusal::Identity);
        }
        if self.gw != claims.aud {
            return Err(StatementRefusal::Gateway);
        }
        if self.nbf > claims.iat || claims.exp > self.exp {
            return Err(StatementRefusal::Time);
        }
        if served.keys().is_empty() || thumbprints(served) != self.keys {
            return Err(StatementRefusal::Keys);
        }
        if self.seq < seen {
            return Err(StatementRefusal::Older);
        }
        Ok(())
    }
}

fn thumbprints(keys: &JwkSet) -> String {
    let mut text = String::new();
    for key in keys.keys() {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(key.kid().as_str());
    }
    text
}

/// A statement in compact serialization, taken apart; nothing is verified.
pub struct SignedStatement<'a> {
    /// What the signature is over (RFC 7515 section 5.2).
    pub signing_input: &'a str,
    /// The statement's JSON. To be read as nothing but a [`KeyStatement`].
    pub payload: Vec<u8>,
    /// The signature (RFC 8037 section 3.1); who verifies it sees whether it has its 64 bytes.
    pub signature: Vec<u8>,
}

impl<'a> SignedStatement<'a> {
    /// Takes a statement by this identity key apart. The header has one spelling, so it is compared and not read.
    pub fn parse(jws: &'a str, identity: &Kid) -> Option<Self> {
        let mut segments = jws.split('.');
        let (header, payload, signature) = (segments.next()?, segments.next()?, segments.next()?);
        let expected = [
            r#"{"alg":"EdDSA","typ":"credential-key-statement+jwt","kid":""#,
            identity.as_str(),
            r#""}"#,
        ];
        if segments.next().is_some() || header != base64url::encode(expected.concat().as_bytes()) {
            return None;
        }
        Some(Self {
            signing_input: jws.get(..header.len() + 1 + payload.len())?,
            payload: base64url::decode(payload)?,
            signature: base64url::decode(signature)?,
        })
    }
}

#[cfg(test)]
mod tests;
