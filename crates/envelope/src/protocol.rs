//! The wire around the envelope: limits, media types, paths and the documents that the gateway answers with.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::context::{DataFactoryName, GatewayId, LinkedServiceName, UnixSeconds};
use crate::jwk::Kid;

/// Largest envelope, in bytes, and so the largest request body.
pub const MAX_ENVELOPE_BYTES: usize = 16 * 1024;

/// Lengths that a plaintext is padded to, in bytes.
pub const BUCKETS: [usize; 6] = [256, 512, 1024, 2048, 4096, LARGEST_BUCKET];

/// The largest of [`BUCKETS`], in bytes.
pub const LARGEST_BUCKET: usize = 8192;

/// Media type of an envelope (RFC 7515 section 9.2.1).
pub const MEDIA_TYPE_ENVELOPE: &str = "application/jose";

/// Media type of a [`Problem`] (RFC 9457 section 3).
pub const MEDIA_TYPE_PROBLEM: &str = "application/problem+json";

/// Media type of a key document (RFC 7517 section 8.5.2).
pub const MEDIA_TYPE_KEYS: &str = "application/jwk-set+json";

/// Prefix of every path of the API.
pub const API_BASE: &str = "/v1";

/// Path of the gateway's description (RFC 8615).
pub const DESCRIPTION_PATH: &str = "/.well-known/credential-gateway";

/// Path of the key document.
pub const KEYS_PATH: &str = "/v1/keys";

/// Path of all linked services of a data factory.
pub fn linked_services_path(df: &DataFactoryName) -> String {
    format!(
        "{API_BASE}/factories/{}/linked-services",
        percent_encoded(df.as_str())
    )
}

/// Path of one linked service.
pub fn linked_service_path(df: &DataFactoryName, ls: &LinkedServiceName) -> String {
    format!(
        "{}/{}",
        linked_services_path(df),
        percent_encoded(ls.as_str())
    )
}

/// Path of one linked service's credential.
pub fn credential_path(df: &DataFactoryName, ls: &LinkedServiceName) -> String {
    format!("{}/credential", linked_service_path(df, ls))
}

/// One path segment: everything but the unreserved characters of RFC 3986 section 2.3 is percent-encoded.
fn percent_encoded(segment: &str) -> String {
    let mut encoded = String::with_capacity(segment.len());
    for byte in segment.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                encoded.push(char::from(byte));
            }
            _ => encoded.extend(['%', hex_digit(byte >> 4), hex_digit(byte & 0xf)]),
        }
    }
    encoded
}

fn hex_digit(nibble: u8) -> char {
    char::from(if nibble < 10 {
        b'0' + nibble
    } else {
        b'A' + nibble - 10
    })
}

/// A stable code for what went wrong, the same in every language and version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProblemCode {
    /// The one answer for every envelope failure.
    EnvelopeRejected,
    /// Sealed for a key that is no longer in use.
    KeyRotated,
    /// The ticket is unreadable, unsigned, expired or for something else.
    TicketInvalid,
    /// The ticket was used for another envelope.
    TicketUsed,
    /// The path names something else than the ticket.
    ContextMismatch,
    /// A stored secret cannot be kept for another destination or account.
    SecretRequired,
    /// The data store could not be reached with this credential.
    TestFailed,
    /// There is no such linked service.
    UnknownLinkedService,
    /// The request is larger than the limit.
    TooLarge,
    /// Too many requests.
    RateLimited,
    /// The gateway cannot answer now.
    Unavailable,
    /// The credential does not fit its kind; the fields are listed.
    InvalidCredential,
    /// There is nothing at this path.
    NotFound,
}

impl ProblemCode {
    /// The word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::EnvelopeRejected => "envelope_rejected",
            Self::KeyRotated => "key_rotated",
            Self::TicketInvalid => "ticket_invalid",
            Self::TicketUsed => "ticket_used",
            Self::ContextMismatch => "context_mismatch",
            Self::SecretRequired => "secret_required",
            Self::TestFailed => "test_failed",
            Self::UnknownLinkedService => "unknown_linked_service",
            Self::TooLarge => "too_large",
            Self::RateLimited => "rate_limited",
            Self::Unavailable => "unavailable",
            Self::InvalidCredential => "invalid_credential",
            Self::NotFound => "not_found",
        }
    }
}

/// A problem document (RFC 9457).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// A URI for the kind of problem: `urn:credential-gateway:problem:` and the code.
    #[serde(rename = "type")]
    pub type_: String,
    /// The same in a few words for people.
    pub title: String,
    /// The HTTP status, repeated.
    pub status: u16,
    /// The stable code.
    pub code: ProblemCode,
    /// What is particular about this occurrence, if the caller may know it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// For [`ProblemCode::InvalidCredential`]: which fields break which rules.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldProblem>,
}

impl Problem {
    /// A problem document with nothing but what the code determines.
    pub fn new(code: ProblemCode, status: u16, title: &str) -> Self {
        Self {
            type_: format!("urn:credential-gateway:problem:{}", code.as_str()),
            title: title.to_owned(),
            status,
            code,
            detail: None,
            errors: Vec::new(),
        }
    }
}

/// One field of a credential that breaks a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldProblem {
    /// The field's wire name.
    pub field: String,
    /// The rule's stable code.
    pub rule: String,
}

/// What a gateway says about itself, at [`DESCRIPTION_PATH`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GatewayDescription {
    /// Its id: `aud` of tickets, `gw` of envelopes.
    pub id: GatewayId,
    /// Its name for people.
    pub name: String,
    /// Version of its software.
    pub version: String,
    /// Prefix of its API: [`API_BASE`].
    pub api: String,
    /// Its long-lived identity key, which signs receipts.
    pub identity: IdentityJwk,
    /// The identity key's RFC 7638 thumbprint.
    pub fingerprint: String,
    /// What it can do beyond the first version.
    pub features: Vec<String>,
    /// The kinds of data store it offers, by JSON type.
    pub kinds: Vec<String>,
}

/// An Ed25519 public key as a JWK (RFC 8037 section 2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdentityJwk {
    /// "OKP".
    pub kty: String,
    /// "Ed25519".
    pub crv: String,
    /// The key, 32 bytes in base64url.
    pub x: String,
}

impl IdentityJwk {
    /// The key of these 32 bytes.
    pub fn ed25519(public_key: &[u8; 32]) -> Self {
        Self {
            kty: "OKP".to_owned(),
            crv: "Ed25519".to_owned(),
            x: crate::base64url::encode(public_key),
        }
    }

    /// The RFC 7638 thumbprint, over `crv`, `kty` and `x` (RFC 8037 section 2).
    pub fn thumbprint(&self) -> Kid {
        let Self { kty, crv, x } = self;
        Kid::of_canonical_json(&format!(r#"{{"crv":"{crv}","kty":"{kty}","x":"{x}"}}"#))
    }
}

/// What may be shown about a stored credential.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredCredential {
    /// Data factory.
    pub df: DataFactoryName,
    /// Linked service.
    pub ls: LinkedServiceName,
    /// Kind of the data store, by its JSON type.
    pub kind: String,
    /// Authentication type.
    pub auth: String,
    /// The far end, for people.
    pub target: String,
    /// The account on the data store, unless it is secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// Properties that are not secret, by their wire names.
    pub properties: BTreeMap<String, String>,
    /// Names of the secrets that are stored.
    pub secrets: Vec<String>,
    /// Counts up with each credential stored for the linked service, from 1.
    pub version: u64,
    /// The envelope key it was sealed for.
    pub kid: Kid,
    /// The person who set it.
    pub set_by: String,
    /// When it was set.
    pub set_at: UnixSeconds,
}
