//! The permission to set one credential once: a JWS (RFC 7515) whose claims (RFC 7519) name everything it permits.
//!
//! This crate reads tickets strictly; it neither signs nor verifies them. Who verifies takes
//! [`Ticket::signing_input`] and [`Ticket::signature`] to the issuer's key.

use serde::Serialize;
use zeroize::Zeroizing;

use crate::base64url;
use crate::context::{
    DataFactoryName, GatewayId, LinkedServiceName, Operation, TicketId, UnixSeconds,
};
use crate::error::{TicketError, TicketRefusal};
use crate::jwk::Kid;
use crate::strict_json::Members;

mod claims;

/// `typ` in a ticket's header (RFC 7515 section 4.1.9).
pub const TICKET_TYP: &str = "credential-ticket+jwt";

/// Longest ticket, in bytes.
pub const MAX_TICKET_BYTES: usize = 2048;

/// Longest life of a ticket, `exp` - `iat`, in seconds.
pub const MAX_TICKET_SECONDS: u64 = 600;

/// How far the issuer's clock may be ahead of the gateway's, in seconds.
pub const CLOCK_LEEWAY_SECONDS: u64 = 60;

/// Length of a signature in bytes, with either algorithm (RFC 8037 section 3.1, RFC 7518 section 3.4).
pub const SIGNATURE_BYTES: usize = 64;

/// What a ticket says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TicketClaims {
    /// Who issued it: the name under which an issuer is registered with the gateway.
    pub iss: String,
    /// The gateway it is for.
    pub aud: GatewayId,
    /// The person it was issued to.
    pub sub: String,
    /// Its identifier, used up when the credential is stored.
    pub jti: TicketId,
    /// Issued at.
    pub iat: UnixSeconds,
    /// Not valid before.
    pub nbf: UnixSeconds,
    /// Not valid from this time on.
    pub exp: UnixSeconds,
    /// What may be done. `set` includes `test`.
    pub op: Operation,
    /// The data factory it may be done in.
    pub df: DataFactoryName,
    /// The linked service it may be done to.
    pub ls: LinkedServiceName,
    /// The only kind of data store permitted, if the issuer fixes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Thumbprint of the key to trust: the gateway's identity key, or one envelope key; see [`crate::statement`].
    pub thp: Kid,
    /// Origin of the portal's page that is told the outcome.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub org: Option<String>,
}

impl TicketClaims {
    /// Checks everything that time and the gateway's own name decide. The signature, the issuer's registration and
    /// whether the ticket was used are the gateway's to check.
    ///
    /// # Errors
    /// The [`TicketRefusal`] of the first rule that is broken.
    pub fn check(&self, now: UnixSeconds, gateway: &GatewayId) -> Result<(), TicketRefusal> {
        if self.aud != *gateway {
            return Err(TicketRefusal::WrongGateway);
        }
        if !(self.iat <= self.nbf && self.nbf < self.exp) {
            return Err(TicketRefusal::TimesOutOfOrder);
        }
        if self.exp.0 - self.iat.0 > MAX_TICKET_SECONDS {
            return Err(TicketRefusal::LivesTooLong {
                limit: MAX_TICKET_SECONDS,
            });
        }
        if self.nbf.0 > now.0.saturating_add(CLOCK_LEEWAY_SECONDS) {
            return Err(TicketRefusal::NotYetValid);
        }
        if now >= self.exp {
            return Err(TicketRefusal::Expired);
        }
        Ok(())
    }
}

/// How a ticket is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TicketAlgorithm {
    /// Ed25519 (RFC 8037).
    EdDsa,
    /// ECDSA with P-256 and SHA-256 (RFC 7518 section 3.4).
    Es256,
}

/// A ticket in compact serialization. Whoever has it may use it, so it is treated as a secret: it cannot be printed or
/// copied, and is wiped on drop.
///
/// ```compile_fail,E0277
/// fn print(ticket: envelope::Ticket) {
///     format!("{ticket:?}");
/// }
/// ```
///
/// ```compile_fail,E0599
/// fn copy(ticket: &envelope::Ticket) -> envelope::Ticket {
///     ticket.clone()
/// }
/// ```
pub struct Ticket {
    compact: Zeroizing<String>,
    signature_at: usize,
    signature: Zeroizing<[u8; SIGNATURE_BYTES]>,
    algorithm: TicketAlgorithm,
    issuer_key: Option<String>,
    claims: TicketClaims,
}

impl Ticket {
    /// Reads a ticket: three segments of canonical base64url, a header of exactly `alg`, `typ` and perhaps `kid`, exactly
    /// the claims of [`TicketClaims`], a signature of 64 bytes, at most [`MAX_TICKET_BYTES`]. Nothing is verified.
    ///
    /// # Errors
    /// [`TicketError`].
    pub fn parse(compact: &str) -> Result<Self, TicketError> {
        if compact.len() > MAX_TICKET_BYTES {
            return Err(TicketError::TooLarge {
                bytes: compact.len(),
                limit: MAX_TICKET_BYTES,
            });
        }
        let mut segments = compact.split('.');
        let (Some(header), Some(claims), Some(signature), None) = (
            segments.next(),
            segments.next(),
            segments.next(),
            segments.next(),
        ) else {
            return Err(TicketError::Segments);
        };
        let signature_at = header.len() + 1 + claims.len() + 1;
        let header = Header::parse(&decode(header)?)?;
        let claims = claims::parse(&decode(claims)?)?;
        let signature = decode(signature)?;
        let signature = <[u8; SIGNATURE_BYTES]>::try_from(signature.as_slice()).map_err(|_| {
            TicketError::SignatureLength {
                bytes: signature.len(),
            }
        })?;
        Ok(Self {
            compact: Zeroizing::new(compact.to_owned()),
            signature_at,
            signature: Zeroizing::new(signature),
            algorithm: header.algorithm()?,
            issuer_key: header.kid,
            claims,
        })
    }

    /// What the ticket says. It says so unverified: the page may show it, only the gateway can believe it.
    pub fn claims(&self) -> &TicketClaims {
        &self.claims
    }

    /// The compact serialization. Each call states its reason in a comment that begins with `EXPOSE:`.
    pub fn expose(&self) -> &str {
        &self.compact
    }

    /// How it is said to be signed. A verifier takes the algorithm from the issuer's key and compares.
    pub fn algorithm(&self) -> TicketAlgorithm {
        self.algorithm
    }

    /// `kid` of the issuer's key, if the header has one.
    pub fn issuer_key(&self) -> Option<&str> {
        self.issuer_key.as_deref()
    }

    /// What the signature is over: the first two segments and the dot between them (RFC 7515 section 5.2).
    /// Without the signature it is not worth anything to a thief.
    pub fn signing_input(&self) -> &[u8] {
        &self.compact.as_bytes()[..self.signature_at - 1]
    }

    /// The signature: R and S of 32 bytes each, with either algorithm.
    pub fn signature(&self) -> &[u8; SIGNATURE_BYTES] {
        &self.signature
    }
}

fn decode(segment: &str) -> Result<Zeroizing<Vec<u8>>, TicketError> {
    base64url::decode(segment)
        .map(Zeroizing::new)
        .ok_or(TicketError::Base64Url)
}

/// A ticket's JOSE header (RFC 7515 section 4).
struct Header {
    alg: String,
    kid: Option<String>,
}

impl Header {
    fn parse(json: &[u8]) -> Result<Self, TicketError> {
        let read = || {
            let mut members = Members::parse(json)?;
            let header = Self {
                alg: members.text("alg")?,
                kid: members.optional_text("kid")?,
            };
            let typ = members.text("typ")?;
            members.end()?;
            if typ == TICKET_TYP {
                Ok(header)
            } else {
                Err("typ")
            }
        };
        read().map_err(|_| TicketError::Header)
    }

    fn algorithm(&self) -> Result<TicketAlgorithm, TicketError> {
        match self.alg.as_str() {
            "EdDSA" => Ok(TicketAlgorithm::EdDsa),
            "ES256" => Ok(TicketAlgorithm::Es256),
            _ => Err(TicketError::Header),
        }
    }
}

#[cfg(test)]
mod tests;
