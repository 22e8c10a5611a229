//! The envelope itself: JWE Compact Serialization (RFC 7516 section 7.1) in one strict profile, see the README.

use sha2::{Digest, Sha256};

use crate::base64url;
use crate::context::Binding;
use crate::credential::is_bucket;
use crate::error::{EnvelopeRejected, RejectReason};
use crate::jwk::{Kid, MODULUS_BITS};
use crate::protocol::MAX_ENVELOPE_BYTES;

mod header;

#[cfg(feature = "seal")]
pub(crate) use header::write as write_header;
pub use header::{ENVELOPE_CTY, ENVELOPE_ENC, ENVELOPE_TYP};

/// Length of the initialisation vector in bytes (RFC 7518 section 5.3).
pub const IV_BYTES: usize = 12;

/// Length of the authentication tag in bytes (RFC 7518 section 5.3).
pub const TAG_BYTES: usize = 16;

/// Length of the content encryption key in bytes.
pub const CEK_BYTES: usize = 32;

/// A text that has the form of this profile in every detail that can be checked without a key. It holds ciphertext
/// only, and is the first thing on a password's path that may be printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Envelope {
    compact: String,
    parts: Parts,
}

/// The five segments, decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Parts {
    /// Length of the first segment as it stands in the text: base64url of the protected header, the AAD.
    pub(crate) header_chars: usize,
    pub(crate) kid: Kid,
    pub(crate) binding: Binding,
    pub(crate) encrypted_key: Vec<u8>,
    pub(crate) iv: [u8; IV_BYTES],
    pub(crate) ciphertext: Vec<u8>,
    pub(crate) tag: [u8; TAG_BYTES],
}

impl Envelope {
    /// Reads an envelope: at most 16 KiB, five segments of canonical base64url, the header in its one spelling, every
    /// length as it must be.
    ///
    /// # Errors
    /// [`EnvelopeRejected`].
    pub fn parse(bytes: &[u8]) -> Result<Self, EnvelopeRejected> {
        if bytes.len() > MAX_ENVELOPE_BYTES {
            return Err(RejectReason::TooLarge {
                bytes: bytes.len(),
                limit: MAX_ENVELOPE_BYTES,
            }
            .into());
        }
        let compact = std::str::from_utf8(bytes).map_err(|_| RejectReason::Segments)?;
        Ok(Self {
            parts: Parts::parse(compact)?,
            compact: compact.to_owned(),
        })
    }

    /// The key it is sealed for, as its header says.
    pub fn kid(&self) -> &Kid {
        &self.parts.kid
    }

    /// What it is bound to, as its header says. Not authentic before the envelope is opened, and never authority.
    pub fn binding(&self) -> &Binding {
        &self.parts.binding
    }

    /// The compact serialization, ASCII.
    pub fn as_str(&self) -> &str {
        &self.compact
    }

    /// SHA-256 of the compact serialization: the same envelope sent again has the same one.
    pub fn digest(&self) -> [u8; 32] {
        Sha256::digest(self.compact.as_bytes()).into()
    }

    /// The additional authenticated data: ASCII(BASE64URL(protected header)), RFC 7516 section 5.1 step 14.
    #[cfg(feature = "open")]
    pub(crate) fn aad(&self) -> &[u8] {
        &self.compact.as_bytes()[..self.parts.header_chars]
    }

    #[cfg(feature = "open")]
    pub(crate) fn parts(&self) -> &Parts {
        &self.parts
    }

    /// Writes the five segments out. `header` is the first one, encoded already.
    #[cfg(feature = "seal")]
    pub(crate) fn assemble(header: &str, parts: Parts) -> Self {
        let compact = [
            header,
            &base64url::encode(&parts.encrypted_key),
            &base64url::encode(&parts.iv),
            &base64url::encode(&parts.ciphertext),
            &base64url::encode(&parts.tag),
        ]
        .join(".");
        Self { compact, parts }
    }
}

impl Parts {
    fn parse(compact: &str) -> Result<Self, RejectReason> {
        let mut segments = compact.split('.');
        let mut next = || segments.next().ok_or(RejectReason::Segments);
        let [header, key, iv, ciphertext, tag] = [next()?, next()?, next()?, next()?, next()?];
        if segments.next().is_some() {
            return Err(RejectReason::Segments);
        }
        let (kid, binding) = header::read(&decode(1, header)?)?;
        let encrypted_key = decode(2, key)?;
        if !MODULUS_BITS.contains(&(encrypted_key.len() * 8)) {
            return Err(RejectReason::EncryptedKeyLength {
                bytes: encrypted_key.len(),
            });
        }
        let iv = decode(3, iv)?;
        let iv = <[u8; IV_BYTES]>::try_from(iv.as_slice())
            .map_err(|_| RejectReason::IvLength { bytes: iv.len() })?;
        let ciphertext = decode(4, ciphertext)?;
        if !is_bucket(ciphertext.len()) {
            return Err(RejectReason::CiphertextLength {
                bytes: ciphertext.len(),
            });
        }
        let tag = decode(5, tag)?;
        let tag = <[u8; TAG_BYTES]>::try_from(tag.as_slice())
            .map_err(|_| RejectReason::TagLength { bytes: tag.len() })?;
        Ok(Self {
            header_chars: header.len(),
            kid,
            binding,
            encrypted_key,
            iv,
            ciphertext,
            tag,
        })
    }
}

fn decode(segment: usize, text: &str) -> Result<Vec<u8>, RejectReason> {
    base64url::decode(text).ok_or(RejectReason::Base64Url { segment })
}
