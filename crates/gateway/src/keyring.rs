//! The keyring: the keys under which everything at rest is protected, one for each *term*.
//!
//! ```text
//! KEK (kept by a provider) ──wraps──▶ term key ──HKDF──▶ record keys, the rows' seals
//! ```
//! A record names the term it is protected under. One term is active; the ones before open what has not been protected
//! again yet, and are gone from the keyring once nothing is left under them. Which is active, and which still counts, is
//! decided in the store, together with the records ([`crate::store::terms`]); the file has the wrapped keys.

pub mod file;
pub mod provider;

use std::fmt;

use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType, Salt};
use aws_lc_rs::hmac;
use base64ct::{Base64UrlUnpadded, Encoding};
use envelope::UnixSeconds;
use kek::Key;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

pub use file::KeyringError;

const ID_PURPOSE: &[u8] = b"credential-gateway term id 1";
const SEAL_PURPOSE: &[u8] = b"credential-gateway row seal 1";
const SUM_PURPOSE: &[u8] = b"credential-gateway store sum 1";
const ID_BYTES: usize = 16;

/// The number of a term; the first is 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Term(pub u32);

impl Term {
    /// The first term of every keyring.
    pub const FIRST: Self = Self(1);

    /// The one after it; none after the highest number, so that no number is ever given twice.
    #[must_use]
    pub fn next(self) -> Option<Self> {
        self.0.checked_add(1).map(Self)
    }

    /// As the store has it; none if it is not the number of a term.
    #[must_use]
    pub fn from_stored(number: i64) -> Option<Self> {
        u32::try_from(number).ok().filter(|&n| n > 0).map(Self)
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "term {}", self.0)
    }
}

/// The key of one term. Wiped on drop.
pub struct TermKey {
    term: Term,
    id: String,
    made: UnixSeconds,
    key: Key,
    seal: hmac::Key,
    sum: hmac::Key,
}

/// The library could not derive a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the cryptographic library failed")]
pub struct CannotDerive;

impl TermKey {
    /// With the key itself, from the keyring's file, a backup, or [`TermKey::generate`].
    ///
    /// # Errors
    /// [`CannotDerive`].
    pub fn new(term: Term, made: UnixSeconds, key: Key) -> Result<Self, CannotDerive> {
        let mut id = [0; ID_BYTES];
        expand(&key, b"", ID_PURPOSE, &mut id)?;
        let mac_key = |purpose| {
            let mut derived = Key::default();
            expand(&key, b"", purpose, derived.as_mut_slice())?;
            Ok(hmac::Key::new(hmac::HMAC_SHA256, derived.as_slice()))
        };
        Ok(Self {
            seal: mac_key(SEAL_PURPOSE)?,
            sum: mac_key(SUM_PURPOSE)?,
            id: Base64UrlUnpadded::encode_string(&id),
            term,
            made,
            key,
        })
    }

    /// A new key from the system's random number generator.
    ///
    /// # Errors
    /// [`CannotDerive`].
    pub fn generate(term: Term, made: UnixSeconds) -> Result<Self, CannotDerive> {
        let mut key = Key::default();
        aws_lc_rs::rand::fill(key.as_mut_slice()).map_err(|_| CannotDerive)?;
        Self::new(term, made, key)
    }

    /// Its term.
    #[must_use]
    pub fn term(&self) -> Term {
        self.term
    }

    /// Names the key without telling anything about it: derived from it one way.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// When it was made.
    #[must_use]
    pub fn made(&self) -> UnixSeconds {
        self.made
    }

    /// The key itself, for a backup that is protected in another way. Wiped on drop.
    #[must_use]
    pub fn key(&self) -> Key {
        self.key.clone()
    }

    /// Derives a key for one purpose and one salt: HKDF-SHA256 (RFC 5869).
    pub(crate) fn derive(&self, salt: &[u8], purpose: &[u8]) -> Result<Key, CannotDerive> {
        let mut key = Key::default();
        expand(&self.key, salt, purpose, key.as_mut_slice())?;
        Ok(key)
    }

    /// The key of the rows' seals.
    pub(crate) fn seal(&self) -> &hmac::Key {
        &self.seal
    }

    /// The key under which seals are added up.
    pub(crate) fn sum(&self) -> &hmac::Key {
        &self.sum
    }
}

/// Output length for HKDF-Expand, in bytes.
struct Bytes(usize);

impl KeyType for Bytes {
    fn len(&self) -> usize {
        self.0
    }
}

fn expand(key: &Key, salt: &[u8], purpose: &[u8], out: &mut [u8]) -> Result<(), CannotDerive> {
    Salt::new(HKDF_SHA256, salt)
        .extract(key.as_slice())
        .expand(&[purpose], Bytes(out.len()))
        .and_then(|okm| okm.fill(out))
        .map_err(|_| CannotDerive)
}

/// A wiped copy of text that is a secret for a provider or a server.
pub(crate) fn secret_line(bytes: &[u8]) -> Option<Zeroizing<String>> {
    let text = str::from_utf8(bytes).ok()?.trim_end_matches(['\r', '\n']);
    Some(Zeroizing::new(text.to_owned()))
}
