//! Envelope keys as JSON Web Keys (RFC 7517): the thumbprint that names one, one key, and the gateway's key document.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::base64url;
use crate::error::KeyRefusal;

mod document;
mod policy;

pub mod primality;

pub use policy::{MODULUS_BITS, PUBLIC_EXPONENT};

/// `alg` of an envelope key and of every envelope (RFC 7518 section 4.3).
pub const KEY_ALGORITHM: &str = "RSA-OAEP-256";

/// Most keys in a key document.
pub const MAX_KEYS: usize = 8;

/// Longest key document, in bytes.
pub const MAX_KEY_DOCUMENT_BYTES: usize = 16 * 1024;

/// A key id: the RFC 7638 SHA-256 thumbprint of the key, 43 characters of base64url.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(pattern = "^[A-Za-z0-9_-]{43}$"))]
#[serde(try_from = "String", into = "String")]
pub struct Kid(String);

impl Kid {
    /// Takes 43 characters of canonical base64url, which is 32 bytes.
    ///
    /// # Errors
    /// [`NotAThumbprint`] for anything else.
    pub fn parse(text: &str) -> Result<Self, NotAThumbprint> {
        Self::try_from(text.to_owned())
    }

    /// The 43 characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The thumbprint of a JWK, given the JSON of its required members in their canonical form (RFC 7638 section 3).
    ///
    /// For keys that this crate has no type for, the gateway's identity key for example.
    pub fn of_canonical_json(json: &str) -> Self {
        Self(base64url::encode(&Sha256::digest(json.as_bytes())))
    }
}

impl TryFrom<String> for Kid {
    type Error = NotAThumbprint;

    fn try_from(text: String) -> Result<Self, NotAThumbprint> {
        match base64url::decode(&text) {
            Some(bytes) if bytes.len() == 32 => Ok(Self(text)),
            _ => Err(NotAThumbprint),
        }
    }
}

impl From<Kid> for String {
    fn from(kid: Kid) -> Self {
        kid.0
    }
}

impl fmt::Display for Kid {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// The text is not a SHA-256 thumbprint in base64url.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a thumbprint of 43 base64url characters")]
pub struct NotAThumbprint;

/// An RSA public key (RFC 7517 section 4, RFC 7518 section 6.3.1) that the policy accepted. The exponent is always
/// 65537, so the modulus is all there is to keep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RsaPublicJwk {
    n: Vec<u8>,
    kid: Kid,
}

impl RsaPublicJwk {
    /// Checks the numbers of a key, both big-endian without leading zeros.
    ///
    /// # Errors
    /// The [`KeyRefusal`] of the first rule that is broken.
    pub fn from_numbers(n: &[u8], e: &[u8]) -> Result<Self, KeyRefusal> {
        policy::check_numbers(n, e)?;
        let (e, modulus) = (base64url::encode(e), base64url::encode(n));
        let canonical = [r#"{"e":""#, &e, r#"","kty":"RSA","n":""#, &modulus, r#""}"#].concat();
        Ok(Self {
            n: n.to_vec(),
            kid: Kid::of_canonical_json(&canonical),
        })
    }

    /// The key's thumbprint.
    pub fn kid(&self) -> &Kid {
        &self.kid
    }

    /// The modulus, big-endian without leading zeros.
    pub fn n(&self) -> &[u8] {
        &self.n
    }

    /// The public exponent, big-endian without leading zeros.
    pub fn e(&self) -> &'static [u8] {
        &PUBLIC_EXPONENT
    }

    /// Length of the modulus in bytes; an encrypted key is as long.
    pub fn modulus_bytes(&self) -> usize {
        self.n.len()
    }

    /// The key as the key document has it: `alg`, `e`, `kid`, `kty`, `n`, `use`.
    pub fn to_json(&self) -> String {
        format!(
            r#"{{"alg":"{KEY_ALGORITHM}","e":"{}","kid":"{}","kty":"RSA","n":"{}","use":"enc"}}"#,
            base64url::encode(self.e()),
            self.kid,
            base64url::encode(&self.n)
        )
    }
}

/// A key that keeps the policy's rules: there is no way to one except through them. Whether its modulus is a prime number takes a browser's own
/// arithmetic ([`primality`]); who seals asks that first.
#[derive(Clone, Debug)]
pub struct EnvelopeKey {
    jwk: RsaPublicJwk,
    /// With the Montgomery parameters, computed when the key is accepted and not when the person presses Save.
    #[cfg(feature = "seal")]
    rsa: rsa::PublicKey,
}

impl EnvelopeKey {
    /// Makes a checked key ready for sealing.
    ///
    /// # Errors
    /// [`KeyRefusal::Malformed`] if the RSA implementation refuses what the policy accepted, which is not known to happen.
    pub fn new(jwk: RsaPublicJwk) -> Result<Self, KeyRefusal> {
        Ok(Self {
            #[cfg(feature = "seal")]
            rsa: crate::hazmat::public_key(jwk.n(), jwk.e())
                .ok_or(KeyRefusal::Malformed { member: "n" })?,
            jwk,
        })
    }

    /// The key's thumbprint.
    pub fn kid(&self) -> &Kid {
        self.jwk.kid()
    }

    /// The key as a JWK.
    pub fn jwk(&self) -> &RsaPublicJwk {
        &self.jwk
    }

    /// Length of the modulus in bytes.
    pub fn modulus_bytes(&self) -> usize {
        self.jwk.modulus_bytes()
    }

    #[cfg(feature = "seal")]
    pub(crate) fn rsa(&self) -> &rsa::PublicKey {
        &self.rsa
    }
}

/// The gateway's key document: a JWK Set (RFC 7517 section 5) of envelope keys, at most [`MAX_KEYS`], no `kid` twice.
#[derive(Clone, Debug)]
pub struct JwkSet {
    keys: Vec<EnvelopeKey>,
    statement: Option<String>,
}

impl JwkSet {
    /// Reads a key document. One bad key refuses all of it: it comes from one gateway, which makes no bad ones.
    ///
    /// # Errors
    /// The [`KeyRefusal`] of the first rule that is broken.
    pub fn parse(json: &[u8]) -> Result<Self, KeyRefusal> {
        let (keys, statement) = document::parse(json)?;
        Ok(Self {
            statement,
            ..Self::from_keys(keys)?
        })
    }

    /// Puts keys together, in this order.
    ///
    /// # Errors
    /// [`KeyRefusal::TooManyKeys`], [`KeyRefusal::DuplicateKid`].
    pub fn from_keys(keys: impl IntoIterator<Item = RsaPublicJwk>) -> Result<Self, KeyRefusal> {
        let mut ready = Vec::new();
        for key in keys {
            ready.push(EnvelopeKey::new(key)?);
        }
        let keys = ready;
        if keys.len() > MAX_KEYS {
            return Err(KeyRefusal::TooManyKeys {
                keys: keys.len(),
                limit: MAX_KEYS,
            });
        }
        for (index, key) in keys.iter().enumerate() {
            if keys[..index]
                .iter()
                .any(|earlier| earlier.kid() == key.kid())
            {
                return Err(KeyRefusal::DuplicateKid);
            }
        }
        Ok(Self {
            keys,
            statement: None,
        })
    }

    /// The key with this thumbprint.
    ///
    /// # Errors
    /// [`KeyRefusal::NotInSet`].
    pub fn select(&self, thumbprint: &Kid) -> Result<&EnvelopeKey, KeyRefusal> {
        self.keys
            .iter()
            .find(|key| key.kid() == thumbprint)
            .ok_or(KeyRefusal::NotInSet)
    }

    /// All keys, in the document's order.
    pub fn keys(&self) -> &[EnvelopeKey] {
        &self.keys
    }

    /// The statement that came with the keys, as it was written; see [`crate::statement`].
    pub fn statement(&self) -> Option<&str> {
        self.statement.as_deref()
    }

    /// The same keys with a statement about them, a compact JWS.
    pub fn with_statement(self, jws: String) -> Self {
        Self {
            statement: Some(jws),
            ..self
        }
    }

    /// The document as it is served.
    pub fn to_json(&self) -> String {
        let keys: Vec<String> = self.keys.iter().map(|key| key.jwk().to_json()).collect();
        // The characters of a compact JWS stand for themselves in JSON.
        let statement = self.statement.as_ref();
        let statement = statement.map_or(String::new(), |jws| format!(r#","statement":"{jws}""#));
        format!(r#"{{"keys":[{}]{statement}}}"#, keys.join(","))
    }
}

#[cfg(test)]
mod tests;
