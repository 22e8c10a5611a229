//! What a gateway's identity key says about its envelope keys: how a ticket outlives a rotation.
//!
//! A ticket names the key to trust by its thumbprint (`thp`). If that is an envelope key's, the ticket alone says which key is
//! right, and after a rotation nothing does: the ticket's issuer never heard of the new key, and the network that the key
//! document comes over is not trusted for this. So a ticket may name the gateway's identity key instead (Ed25519, made once).
//! Either way the key document carries a statement signed by the identity key, and who seals believes it only if
//!
//! 1. its signature verifies under the identity key that it names;
//! 2. it names the ticket's gateway;
//! 3. it covers the ticket's whole life, from `iat` to `exp`. So no clock is needed where it is checked, and one that was
//!    recorded is good for tickets that were issued up to some minutes after it and for no later one: a stolen envelope key cannot
//!    be put back in use with it for tickets of today. A ticket of that time brings such a statement back where rule 6 knows of no later
//!    one; the gateway then refuses the ticket, but has not stopped what was sealed;
//! 4. it names exactly the keys of the document, in their order: the first is the one in use;
//! 5. the ticket names its identity key, one that handed over to it, or one of the document's envelope keys;
//! 6. its number is not below that of the last one that was believed;
//! 7. no other identity key was seen at this gateway before, but one that handed over to it. Not even a ticket settles that: who seals cannot
//!    check a ticket's signature, so that anybody can write a link.
//!
//! The statement is a compact JWS (RFC 7515). This crate neither signs nor verifies it: a browser has WebCrypto for that.
//!
//! An identity key that is replaced hands over: its last statement names, in the place of envelope keys, the thumbprint of its successor. No
//! other statement can, because that is no RSA key's. The hand-overs follow the statement in the key document, each after a space,
//! the latest first, so that whoever knows any of the earlier keys finds the way to the present one.

use serde::{Deserialize, Serialize};

use crate::base64url;
use crate::context::{GatewayId, UnixSeconds};
use crate::jwk::{EnvelopeKey, JwkSet, Kid};
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
    /// The identity keys before, the latest first: no part of what is said, but of what came with it ([`KeyStatement::follow`]).
    #[serde(skip)]
    pub predecessors: Vec<Kid>,
}

/// What is remembered of a gateway's statements by who has believed one: nothing about it is secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The identity key's thumbprint.
    pub identity: Kid,
    /// The highest number.
    pub seq: u64,
}

impl Seen {
    /// What [`Seen::to_text`] wrote; `None` if it is something else.
    pub fn from_text(text: &str) -> Option<Self> {
        let (identity, seq) = text.split_once(' ')?;
        Some(Self {
            identity: Kid::parse(identity).ok()?,
            seq: seq.parse().ok()?,
        })
    }

    /// In one line.
    pub fn to_text(&self) -> String {
        [
            self.identity.as_str(),
            " ",
            itoa::Buffer::new().format(self.seq),
        ]
        .concat()
    }
}

/// Why a statement does not make a document's keys good for a ticket.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StatementRefusal {
    /// There is none.
    #[error("no statement by the gateway's identity key comes with the keys")]
    Missing,
    /// It is no statement, or its signature is not by the key that it names.
    #[error("the statement about the keys is not signed by the identity key that it names")]
    Signature,
    /// It is another gateway's.
    #[error("the statement about the keys is another gateway's")]
    Gateway,
    /// The ticket's life is not within its validity: one of the two is too old, or a clock is wrong.
    #[error("the statement about the keys is not of the ticket's time")]
    Time,
    /// The document has other keys than it names.
    #[error("the statement about the keys is about other keys")]
    Keys,
    /// The ticket names neither its identity key nor a key of the document.
    #[error("the ticket names another key")]
    NotPinned,
    /// A later one was seen before.
    #[error("the statement about the keys is older than one that was seen before")]
    Older,
    /// The gateway had another identity key before.
    #[error("the gateway had another identity key before")]
    IdentityChanged {
        /// What was seen before.
        before: Kid,
        /// What it has now.
        now: Kid,
    },
}

impl StatementRefusal {
    /// A stable code for programs, and for a person to pass on: the same in every language.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Missing => "statement_missing",
            Self::Signature => "statement_signature",
            Self::Gateway => "statement_gateway",
            Self::Time => "statement_time",
            Self::Keys => "statement_keys",
            Self::NotPinned => "not_pinned",
            Self::Older => "statement_older",
            Self::IdentityChanged { .. } => "identity_changed",
        }
    }
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
            predecessors: Vec::new(),
        }
    }

    /// What an identity key says last: that another one has taken its place, at this time.
    pub fn hand_over(
        gw: GatewayId,
        identity: IdentityJwk,
        successor: &Kid,
        seq: u64,
        now: UnixSeconds,
    ) -> Self {
        Self {
            gw,
            identity,
            keys: successor.as_str().to_owned(),
            nbf: now,
            exp: now,
            seq,
            predecessors: Vec::new(),
        }
    }

    /// Takes note of the hand-over that came next in the document and whose signature was verified. False if it is not one to the key that
    /// was known so far: then the whole document is not to be believed.
    pub fn follow(&mut self, hand_over: &Self) -> bool {
        let predecessor = hand_over.identity.thumbprint();
        let fits = match self.predecessors.last() {
            Some(successor) => hand_over.keys == successor.as_str(),
            None => hand_over.keys == self.identity.thumbprint().as_str(),
        };
        self.predecessors.push(predecessor);
        fits && hand_over.gw == self.gw
    }

    /// Whether this is the identity key, or one that handed over to it.
    #[inline(never)]
    fn is_or_was(&self, identity: &Kid) -> bool {
        self.identity.thumbprint() == *identity || self.predecessors.contains(identity)
    }

    /// Rules 2 to 7 of this module: the key to seal for.
    ///
    /// # Errors
    /// The [`StatementRefusal`] of the first rule that is broken.
    pub fn key_for<'a>(
        &self,
        claims: &TicketClaims,
        served: &'a JwkSet,
        seen: Option<&Seen>,
    ) -> Result<&'a EnvelopeKey, StatementRefusal> {
        if self.gw != claims.aud {
            return Err(StatementRefusal::Gateway);
        }
        if self.nbf > claims.iat || claims.exp > self.exp {
            return Err(StatementRefusal::Time);
        }
        if thumbprints(served) != self.keys {
            return Err(StatementRefusal::Keys);
        }
        let key = if self.is_or_was(&claims.thp) {
            served.keys().first()
        } else {
            served.select(&claims.thp).ok()
        };
        let key = key.ok_or(StatementRefusal::NotPinned)?;
        match seen {
            Some(seen) if !self.is_or_was(&seen.identity) => {
                Err(StatementRefusal::IdentityChanged {
                    before: seen.identity.clone(),
                    now: self.identity.thumbprint(),
                })
            }
            Some(seen) if self.seq < seen.seq => Err(StatementRefusal::Older),
            _ => Ok(key),
        }
    }

    /// What to remember once it is believed.
    pub fn seen(&self) -> Seen {
        Seen {
            identity: self.identity.thumbprint(),
            seq: self.seq,
        }
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
    header: &'a str,
    /// What the signature is over (RFC 7515 section 5.2).
    pub signing_input: &'a str,
    /// The statement's JSON. To be read as nothing but a [`KeyStatement`].
    pub payload: Vec<u8>,
    /// The signature (RFC 8037 section 3.1); who verifies it sees whether it has its 64 bytes.
    pub signature: Vec<u8>,
}

impl<'a> SignedStatement<'a> {
    /// Takes a statement apart.
    pub fn parse(jws: &'a str) -> Option<Self> {
        let mut segments = jws.split('.');
        let (header, payload, signature) = (segments.next()?, segments.next()?, segments.next()?);
        if segments.next().is_some() {
            return None;
        }
        Some(Self {
            header,
            signing_input: jws.get(..header.len() + 1 + payload.len())?,
            payload: base64url::decode(payload)?,
            signature: base64url::decode(signature)?,
        })
    }

    /// Whether the header names this identity key. It has one spelling, so it is compared and not read.
    pub fn is_by(&self, identity: &Kid) -> bool {
        self.header == base64url::encode(header(identity).as_bytes())
    }
}

/// The header of a statement by this identity key, in its one spelling.
pub fn header(identity: &Kid) -> String {
    [
        r#"{"alg":"EdDSA","typ":"credential-key-statement+jwt","kid":""#,
        identity.as_str(),
        r#""}"#,
    ]
    .concat()
}

#[cfg(test)]
mod tests;
