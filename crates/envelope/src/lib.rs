//! The sealed credential on its way from the browser to the gateway: a strict JWE profile, its keys, its tickets and
//! the wire documents around them. The format itself is described in this crate's `README.md`.
//!
//! Value in, value out: there is no clock, socket, log, async or JavaScript here. Time and randomness are arguments.
//!
//! Features: `seal` makes envelopes (the browser's half), `open` opens them (the gateway's half, never part of the page),
//! `openapi` describes the wire documents (for the gateway's OpenAPI document, never part of the page).

pub mod secret;

pub mod credential;

pub mod context;

pub mod jwk;

pub mod ticket;

pub mod statement;

pub mod fingerprint;

pub mod jwe;

#[cfg(feature = "seal")]
pub mod seal;

#[cfg(feature = "open")]
pub mod open;

pub mod receipt;

pub mod page_hash;

pub mod protocol;

pub mod error;

#[cfg(fuzzing)]
pub mod fuzzing;

mod base64url;
mod canonical_json;
#[cfg(any(feature = "seal", feature = "open"))]
mod hazmat;
mod strict_json;

pub use context::{
    Binding, DataFactoryName, GatewayId, LinkedServiceName, Operation, TicketId, UnixSeconds,
};
pub use credential::{Credential, SecretChange};
pub use error::{
    EnvelopeRejected, KeyRefusal, NameError, NameRule, NotUtf8, RejectReason, TicketError,
    TicketRefusal,
};
pub use jwe::Envelope;
pub use jwk::{EnvelopeKey, JwkSet, Kid, RsaPublicJwk};
pub use page_hash::page_hash;
pub use receipt::{Receipt, SignedReceipt};
pub use secret::Secret;
pub use statement::KeyStatement;
pub use ticket::{Ticket, TicketAlgorithm, TicketClaims};

#[cfg(feature = "seal")]
pub use error::{SealError, SelfTestFailed};
#[cfg(feature = "seal")]
pub use seal::self_test;

#[cfg(feature = "open")]
pub use error::PrivateKeyError;
#[cfg(feature = "open")]
pub use open::{EnvelopePrivateKey, OpenedCredential, open};
