//! Protection at rest: AES-256-GCM under a key of its own per record, bound to the record's place.
//!
//! ```text
//! key        = HKDF-SHA256(term key, salt = 32 random bytes kept beside the ciphertext, info = purpose)
//! ciphertext = AES-256-GCM(key, nonce = 12 random bytes, plaintext, aad = place)
//! place      = each part preceded by its length: format, what, gateway, …, term, term key's id
//! ```
//! The place of a credential is (gateway, data factory, linked service, kind, version): a row copied into another, or
//! an old version put back under the new number, does not open. That a whole row was put back is for its seal to tell
//! ([`seal`]).

pub mod key_file;
pub mod record;
pub mod seal;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};

use aws_lc_rs::aead::{AES_256_GCM, Aad, Nonce, RandomizedNonceKey};
use envelope::{DataFactoryName, LinkedServiceName, UnixSeconds};
use zeroize::Zeroizing;

use crate::data_folder::{self, DataFolder};
use crate::keyring::file::{self, Owner};
use crate::keyring::{KeyringError, Term, TermKey};

/// Length of the salt beside each ciphertext, in bytes.
pub const SALT_BYTES: usize = 32;
/// Length of the nonce beside each ciphertext, in bytes.
pub const NONCE_BYTES: usize = 12;

const FORMAT: &[u8] = b"credential-gateway at rest 1";
const PURPOSE: &[u8] = b"credential-gateway record key 1";

/// Protects and reveals under the terms of one keyring, for one gateway.
pub struct Vault {
    owner: Owner,
    path: PathBuf,
    terms: RwLock<Arc<Terms>>,
    /// Terms that are not used, whatever the file has.
    retired: RwLock<BTreeSet<Term>>,
}

/// The keyring's file as this process last read it.
struct Terms {
    content: Vec<u8>,
    keys: Vec<Arc<TermKey>>,
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
    /// What the store as a whole is like ([`seal::StoreState`]).
    State,
}

/// A record as it lies on disk. All of it may be seen by anyone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Protected {
    /// The term that it is protected under.
    pub term: Term,
    /// Salt of the record's key.
    pub salt: [u8; SALT_BYTES],
    /// AES-GCM nonce.
    pub nonce: [u8; NONCE_BYTES],
    /// AES-GCM ciphertext with its tag of 16 bytes.
    pub ciphertext: Vec<u8>,
}

/// The record does not open here: changed, moved, or protected under another key. Which of them cannot be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the protected record does not open: it was changed, moved from another place, or belongs to another keyring"
)]
pub struct DoesNotOpen;

/// Random numbers, key derivation or encryption failed, or the term is not in the keyring: never expected, never ignored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the cryptographic library failed, or keyring.json lacks the active term")]
pub struct CannotProtect;

impl Vault {
    /// A vault over a new keyring with one term, whose file must not exist yet.
    ///
    /// # Errors
    /// See [`KeyringError`].
    pub fn create(
        folder: &DataFolder,
        owner: Owner,
        now: UnixSeconds,
    ) -> Result<Self, KeyringError> {
        let keys = vec![Arc::new(TermKey::generate(Term::FIRST, now)?)];
        Self::with_terms(folder, owner, keys)
    }

    /// A vault over a new keyring with the terms of another, from a backup. Its file must not exist yet.
    ///
    /// # Errors
    /// See [`KeyringError`].
    pub fn with_terms(
        folder: &DataFolder,
        owner: Owner,
        keys: Vec<Arc<TermKey>>,
    ) -> Result<Self, KeyringError> {
        let path = folder.keyring();
        let content = file::text(&path, &owner, &keys)?;
        data_folder::write_new(&path, &content)?;
        Ok(Self::of(path, owner, content, keys))
    }

    /// A vault over the keyring that there is.
    ///
    /// # Errors
    /// See [`KeyringError`].
    pub fn open(folder: &DataFolder, owner: Owner) -> Result<Self, KeyringError> {
        let path = folder.keyring();
        let content = file::read(&path)?;
        let keys = file::parse(&path, &owner, &content)?;
        Ok(Self::of(path, owner, content.to_vec(), keys))
    }

    fn of(path: PathBuf, owner: Owner, content: Vec<u8>, keys: Vec<Arc<TermKey>>) -> Self {
        Self {
            owner,
            path,
            terms: RwLock::new(Arc::new(Terms { content, keys })),
            retired: RwLock::default(),
        }
    }

    /// Whose keyring it is.
    #[must_use]
    pub fn owner(&self) -> &Owner {
        &self.owner
    }

    /// The keys of all terms in the keyring as this process last read it, the newest last.
    #[must_use]
    pub fn keys(&self) -> Vec<Arc<TermKey>> {
        self.known().keys.clone()
    }

    /// Uses these terms no more: neither what is protected nor what is sealed under them.
    pub(crate) fn retire(&self, terms: &[Term]) {
        let mut retired = self.retired.write().unwrap_or_else(PoisonError::into_inner);
        retired.extend(terms);
    }

    fn is_retired(&self, term: Term) -> bool {
        let retired = self.retired.read().unwrap_or_else(PoisonError::into_inner);
        retired.contains(&term)
    }

    /// The key of one term that is in use. If it is not known, the file is looked at again: another process may have begun a term.
    #[must_use]
    pub fn key(&self, term: Term) -> Option<Arc<TermKey>> {
        if self.is_retired(term) {
            return None;
        }
        let find = |terms: &Terms| terms.keys.iter().find(|key| key.term() == term).cloned();
        find(&self.known()).or_else(|| match self.read_again() {
            Ok(terms) => find(&terms),
            Err(error) => {
                tracing::error!(%error, "the keyring cannot be read again");
                None
            }
        })
    }

    /// Reads the file again if it has changed. Blocks.
    ///
    /// # Errors
    /// See [`KeyringError`]; what was read before stays in use then.
    pub fn look_again(&self) -> Result<(), KeyringError> {
        self.read_again().map(drop)
    }

    /// Writes the file anew with these terms, in their order. The caller holds the lock on the keys.
    ///
    /// # Errors
    /// See [`KeyringError`].
    pub fn replace(&self, keys: Vec<Arc<TermKey>>) -> Result<(), KeyringError> {
        let content = file::text(&self.path, &self.owner, &keys)?;
        // What was written is read before it takes the place of what can be read.
        file::parse(&self.path, &self.owner, &content)?;
        data_folder::replace(&self.path, &content)?;
        self.learn(content, keys);
        Ok(())
    }

    /// Writes the file anew for another owner: the same terms under another KEK. This vault knows only the former one, and is of
    /// no more use. The caller holds the lock on the keys.
    ///
    /// # Errors
    /// See [`KeyringError`].
    pub fn rewrap(&self, owner: &Owner) -> Result<(), KeyringError> {
        let content = file::text(&self.path, owner, &self.keys())?;
        // What was written is read before it takes the place of what can be read.
        file::parse(&self.path, owner, &content)?;
        Ok(data_folder::replace(&self.path, &content)?)
    }

    fn read_again(&self) -> Result<Arc<Terms>, KeyringError> {
        let content = file::read(&self.path)?;
        let known = self.known();
        if known.content == *content {
            return Ok(known);
        }
        let keys = file::parse(&self.path, &self.owner, &content)?;
        Ok(self.learn(content.to_vec(), keys))
    }

    fn learn(&self, content: Vec<u8>, keys: Vec<Arc<TermKey>>) -> Arc<Terms> {
        let terms = Arc::new(Terms { content, keys });
        let mut known = self.terms.write().unwrap_or_else(PoisonError::into_inner);
        known.clone_from(&terms);
        terms
    }

    fn known(&self) -> Arc<Terms> {
        let known = self.terms.read();
        known.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Protects a plaintext under one term for one place. The plaintext's buffer is wiped.
    ///
    /// # Errors
    /// [`CannotProtect`].
    pub fn protect(
        &self,
        term: Term,
        place: Place<'_>,
        plaintext: Zeroizing<Vec<u8>>,
    ) -> Result<Protected, CannotProtect> {
        let mut salt = [0; SALT_BYTES];
        aws_lc_rs::rand::fill(&mut salt).map_err(|_| CannotProtect)?;
        let term_key = self.key(term).ok_or(CannotProtect)?;
        let key = record_key(&term_key, &salt)?;
        // The plaintext is copied once into a buffer with room for the tag and encrypted there.
        let mut buffer =
            Zeroizing::new(Vec::with_capacity(plaintext.len() + AES_256_GCM.tag_len()));
        buffer.extend_from_slice(&plaintext);
        drop(plaintext);
        let nonce = key
            .seal_in_place_append_tag(self.aad(place, &term_key), &mut *buffer)
            .map_err(|_| CannotProtect)?;
        Ok(Protected {
            term,
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
        let term_key = self.key(protected.term).ok_or(DoesNotOpen)?;
        let key = record_key(&term_key, &protected.salt).map_err(|_| DoesNotOpen)?;
        let nonce = Nonce::assume_unique_for_key(protected.nonce);
        let mut buffer = Zeroizing::new(protected.ciphertext.clone());
        let length = key
            .open_in_place(nonce, self.aad(place, &term_key), &mut buffer)
            .map_err(|_| DoesNotOpen)?
            .len();
        buffer.truncate(length);
        Ok(buffer)
    }

    fn aad(&self, place: Place<'_>, key: &TermKey) -> Aad<Vec<u8>> {
        let gateway = self.owner.gateway.as_str().as_bytes();
        let (term, id) = (key.term().0.to_be_bytes(), key.id().as_bytes());
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
                &term,
                id,
            ]),
            Place::Key(name) => {
                length_prefixed(&[FORMAT, b"key", gateway, name.as_bytes(), &term, id])
            }
            Place::State => length_prefixed(&[FORMAT, b"state", gateway, &term, id]),
        })
    }
}

fn record_key(
    term: &TermKey,
    salt: &[u8; SALT_BYTES],
) -> Result<RandomizedNonceKey, CannotProtect> {
    let key = term.derive(salt, PURPOSE).map_err(|_| CannotProtect)?;
    RandomizedNonceKey::new(&AES_256_GCM, key.as_slice()).map_err(|_| CannotProtect)
}

/// Each part preceded by its length (8 bytes, big-endian): no two lists of parts give the same bytes.
pub(crate) fn length_prefixed(parts: &[&[u8]]) -> Vec<u8> {
    let mut joined = Vec::with_capacity(parts.iter().map(|part| part.len() + 8).sum());
    for part in parts {
        joined.extend_from_slice(&(part.len() as u64).to_be_bytes());
        joined.extend_from_slice(part);
    }
    joined
}

#[cfg(test)]
pub(crate) mod tests;
