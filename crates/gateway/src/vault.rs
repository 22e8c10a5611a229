//! Protection at rest: AES-256-GCM under a key of its own per record, bound to the record's place.
//!
//! ```text
//! key        = HKDF-SHA256(kek, salt = 32 random bytes kept beside the ciphertext, info = purpose)
//! ciphertext = AES-256-GCM(key, nonce = 12 random bytes, plaintext, aad = place)
//! place      = each part preceded by its length: format, what, gateway, …, KEK id
//! ```
//! The place of a credential is (gateway, data factory, linked service, kind, version): a row copied into another, or
//! an old version put back under the new number, does not open.

pub mod key_file;
pub mod record;

use std::path::Path;

use aws_lc_rs::aead::{AES_256_GCM, Aad, Nonce, RandomizedNonceKey};
use envelope::{DataFactoryName, GatewayId, LinkedServiceName};
use zeroize::Zeroizing;

use crate::kek::{Kek, KekError, KekId};

/// Length of the salt beside each ciphertext, in bytes.
pub const SALT_BYTES: usize = 32;
/// Length of the nonce beside each ciphertext, in bytes.
pub const NONCE_BYTES: usize = 12;

const FORMAT: &[u8] = b"credential-gateway at rest 1";
const PURPOSE: &[u8] = b"credential-gateway record key 1";

/// Protects and reveals under one KEK, for one gateway.
pub struct Vault {
    kek: Kek,
    gateway: GatewayId,
}

/// Where a protected record belongs; it opens nowhere else.
#[derive(Clone, Copy, Debug)]
pub enum Place<'a> {
    /// One version of the credential of one linked service.
    Credential {
        /// The data factory.
        df: &'a DataFactoryName,
        /// The linked service.
        ls: &'a LinkedServiceName,
        /// The kind as stored.
        kind: &'a str,
        /// Counts from 1 per linked service.
        version: u64,
    },
    /// A private key file, by its name in the data folder without the ending.
    Key(&'a str),
}

/// A record as it lies on disk. All of it may be seen by anyone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Protected {
    /// Salt of the record's key.
    pub salt: [u8; SALT_BYTES],
    /// AES-GCM nonce.
    pub nonce: [u8; NONCE_BYTES],
    /// AES-GCM ciphertext with its tag of 16 bytes.
    pub ciphertext: Vec<u8>,
}

/// The record does not open here: changed, moved, or protected under another KEK. Which of them cannot be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the protected record does not open: it was changed, moved from another place, or belongs to another key file"
)]
pub struct DoesNotOpen;

/// Random numbers, key derivation or encryption failed: never expected, never ignored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the cryptographic library failed")]
pub struct CannotProtect;

impl Vault {
    /// A vault over the gateway's KEK file.
    ///
    /// # Errors
    /// As [`Kek::load`].
    pub fn open(kek_file: &Path, gateway: GatewayId) -> Result<Self, KekError> {
        Ok(Self {
            kek: Kek::load(kek_file)?,
            gateway,
        })
    }

    /// The KEK in use.
    #[must_use]
    pub fn kek_id(&self) -> &KekId {
        self.kek.id()
    }

    /// Protects a plaintext for one place. The plaintext's buffer is wiped.
    ///
    /// # Errors
    /// [`CannotProtect`].
    pub fn protect(
        &self,
        place: Place<'_>,
        plaintext: Zeroizing<Vec<u8>>,
    ) -> Result<Protected, CannotProtect> {
        let mut salt = [0; SALT_BYTES];
        aws_lc_rs::rand::fill(&mut salt).map_err(|_| CannotProtect)?;
        let key = self.record_key(&salt).map_err(|_| CannotProtect)?;
        // The plaintext is copied once into a buffer with room for the tag and encrypted there.
        let mut buffer =
            Zeroizing::new(Vec::with_capacity(plaintext.len() + AES_256_GCM.tag_len()));
        buffer.extend_from_slice(&plaintext);
        drop(plaintext);
        let nonce = key
            .seal_in_place_append_tag(self.aad(place), &mut *buffer)
            .map_err(|_| CannotProtect)?;
        Ok(Protected {
            salt,
            nonce: *nonce.as_ref(),
            ciphertext: std::mem::take(&mut *buffer),
        })
    }

    /// Reveals a record in its place, into a buffer that is wiped.
    ///
    /// # Errors
    /// [`DoesNotOpen`].
    pub fn reveal(
        &self,
        place: Place<'_>,
        protected: &Protected,
    ) -> Result<Zeroizing<Vec<u8>>, DoesNotOpen> {
        let key = self.record_key(&protected.salt).map_err(|_| DoesNotOpen)?;
        let nonce = Nonce::assume_unique_for_key(protected.nonce);
        let mut buffer = Zeroizing::new(protected.ciphertext.clone());
        let length = key
            .open_in_place(nonce, self.aad(place), &mut buffer)
            .map_err(|_| DoesNotOpen)?
            .len();
        buffer.truncate(length);
        Ok(buffer)
    }

    fn record_key(&self, salt: &[u8; SALT_BYTES]) -> Result<RandomizedNonceKey, CannotProtect> {
        let key = self.kek.derive(salt, PURPOSE).map_err(|_| CannotProtect)?;
        RandomizedNonceKey::new(&AES_256_GCM, key.as_slice()).map_err(|_| CannotProtect)
    }

    fn aad(&self, place: Place<'_>) -> Aad<Vec<u8>> {
        let gateway = self.gateway.as_str().as_bytes();
        let kek_id = self.kek.id().as_str().as_bytes();
        Aad::from(match place {
            Place::Credential {
                df,
                ls,
                kind,
                version,
            } => length_prefixed(&[
                FORMAT,
                b"credential",
                gateway,
                df.as_str().as_bytes(),
                ls.as_str().as_bytes(),
                kind.as_bytes(),
                &version.to_be_bytes(),
                kek_id,
            ]),
            Place::Key(name) => {
                length_prefixed(&[FORMAT, b"key", gateway, name.as_bytes(), kek_id])
            }
        })
    }
}

/// Each part preceded by its length (8 bytes, big-endian): no two lists of parts give the same bytes.
fn length_prefixed(parts: &[&[u8]]) -> Vec<u8> {
    let mut joined = Vec::with_capacity(parts.iter().map(|part| part.len() + 8).sum());
    for part in parts {
        joined.extend_from_slice(&(part.len() as u64).to_be_bytes());
        joined.extend_from_slice(part);
    }
    joined
}

#[cfg(test)]
mod tests;
