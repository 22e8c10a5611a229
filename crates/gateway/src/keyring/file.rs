//! `keyring.json`: the term keys, each wrapped under the KEK for its gateway, its term and that KEK.
//!
//! ```text
//! {"v":1,"gateway":"…","provider":"file","kek":"…","terms":[{"term":1,"id":"…","made":1795468380,"wrapped":"…"}],"seal":"…"}
//! ```
//! The first four say whose keyring this is; everything about them is also in what each key is wrapped for. An older copy of
//! the file lacks the newest terms, which the store knows, so that it is refused ([`crate::store::StoreError::OtherKeyring`]).
//! The newest term's key seals the file as a whole: no entry of an older copy can be put among the others.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use aws_lc_rs::hmac;
use base64ct::{Base64UrlUnpadded, Encoding};
use envelope::{GatewayId, UnixSeconds};
use kek::{Kek, KekError};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::provider::KekSettings;
use super::{CannotDerive, Term, TermKey};
use crate::data_folder::{self, FolderError};

const VERSION: u8 = 1;
const CONTEXT: &[u8] = b"credential-gateway term key 1";
const SEAL: &[u8] = b"credential-gateway keyring 1";

/// Why there is no keyring to work with.
#[derive(Debug, thiserror::Error)]
pub enum KeyringError {
    /// The file is not there. Never answered by making a new one: that would orphan everything protected.
    #[error(
        "{0} is missing; what is stored can be read only with this file, so put it back from the backup"
    )]
    Missing(PathBuf),
    /// Not a keyring, or not as this gateway writes it.
    #[error("{0} is damaged or not a keyring; put it back from the backup")]
    Damaged(PathBuf),
    /// Another gateway's.
    #[error("{path} belongs to the gateway {found}, the configuration says {expected}", path = path.display())]
    OtherGateway {
        /// The file.
        path: PathBuf,
        /// The id in the file.
        found: String,
        /// The id in the configuration.
        expected: String,
    },
    /// Wrapped by another provider than the one in the configuration.
    #[error("{path} is wrapped by the provider {found:?}, but [kek] in gateway.toml says {expected:?}: name the right one there", path = path.display())]
    OtherProvider {
        /// The file.
        path: PathBuf,
        /// The provider in the file.
        found: String,
        /// The provider in the configuration.
        expected: &'static str,
    },
    /// Wrapped under another KEK than the one that the provider has.
    #[error("{path} is wrapped under the key {expected}, but the {holder} of the provider {provider} holds {found}: put the right {holder} back", path = path.display())]
    OtherKek {
        /// The file.
        path: PathBuf,
        /// The provider.
        provider: &'static str,
        /// What holds the KEK.
        holder: &'static str,
        /// The KEK's id in the file.
        expected: String,
        /// The KEK's id that there is.
        found: String,
    },
    /// The KEK's id is right, and a term does not open all the same.
    #[error("{path}: {term}: {source}; put the file back from the backup", path = path.display())]
    Term {
        /// The file.
        path: PathBuf,
        /// The term.
        term: Term,
        /// What the provider said.
        source: KekError,
    },
    /// The file could not be read or written.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// The cryptographic library failed.
    #[error(transparent)]
    Library(#[from] CannotDerive),
}

/// Whose keyring it is, and under what it is wrapped.
pub struct Owner {
    /// The gateway.
    pub gateway: GatewayId,
    /// The provider's settings.
    pub settings: KekSettings,
    /// The KEK.
    pub kek: Kek,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyringFile {
    v: u8,
    gateway: String,
    provider: String,
    kek: String,
    terms: Vec<WrappedTerm>,
    seal: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrappedTerm {
    term: Term,
    id: String,
    made: UnixSeconds,
    wrapped: String,
}

/// The file's text for these keys, in the order of their terms.
///
/// # Errors
/// [`KeyringError::Term`].
pub fn text(path: &Path, owner: &Owner, terms: &[Arc<TermKey>]) -> Result<Vec<u8>, KeyringError> {
    let wrapped = terms.iter().map(|key| {
        let context = context(owner, key.term(), key.id());
        let wrapped = owner.kek.wrap_key(&key.key, &context);
        Ok(WrappedTerm {
            term: key.term(),
            id: key.id().to_owned(),
            made: key.made(),
            wrapped: Base64UrlUnpadded::encode_string(&wrapped.map_err(failed(path, key.term()))?),
        })
    });
    let mut file = KeyringFile {
        v: VERSION,
        gateway: owner.gateway.to_string(),
        provider: owner.settings.provider().to_owned(),
        kek: owner.kek.id().to_string(),
        terms: wrapped.collect::<Result<_, KeyringError>>()?,
        seal: String::new(),
    };
    if let Some(newest) = terms.last() {
        let seal = hmac::sign(newest.seal(), &sealed(&file));
        file.seal = Base64UrlUnpadded::encode_string(seal.as_ref());
    }
    let mut text = serde_json::to_vec_pretty(&file).map_err(|_| CannotDerive)?;
    text.push(b'\n');
    Ok(text)
}

/// The file's content.
///
/// # Errors
/// [`KeyringError::Missing`], [`KeyringError::Folder`].
pub fn read(path: &Path) -> Result<Zeroizing<Vec<u8>>, KeyringError> {
    match data_folder::read_private(path) {
        Err(error) if error.is_not_found() => Err(KeyringError::Missing(path.to_owned())),
        other => Ok(other?),
    }
}

/// Takes every key out of its wrapping.
///
/// # Errors
/// Every variant of [`KeyringError`] but the missing file.
pub fn parse(
    path: &Path,
    owner: &Owner,
    content: &[u8],
) -> Result<Vec<Arc<TermKey>>, KeyringError> {
    let damaged = || KeyringError::Damaged(path.to_owned());
    let file: KeyringFile = serde_json::from_slice(content).map_err(|_| damaged())?;
    if file.v != VERSION {
        return Err(damaged());
    }
    check_owner(path, owner, &file)?;
    let mut terms: Vec<Arc<TermKey>> = Vec::new();
    for entry in &file.terms {
        let follows = terms.last().is_none_or(|last| last.term() < entry.term);
        let wrapped = Base64UrlUnpadded::decode_vec(&entry.wrapped).map_err(|_| damaged())?;
        if !follows || entry.term < Term::FIRST {
            return Err(damaged());
        }
        let context = context(owner, entry.term, &entry.id);
        let key = owner.kek.unwrap_key(&wrapped, &context);
        let key = TermKey::new(
            entry.term,
            entry.made,
            key.map_err(failed(path, entry.term))?,
        )?;
        if key.id() != entry.id {
            return Err(damaged());
        }
        terms.push(Arc::new(key));
    }
    let newest = terms.last().ok_or_else(damaged)?;
    let seal = Base64UrlUnpadded::decode_vec(&file.seal).map_err(|_| damaged())?;
    hmac::verify(newest.seal(), &sealed(&file), &seal).map_err(|_| damaged())?;
    Ok(terms)
}

/// Whether the file is this gateway's and wrapped by this provider, without asking it for the KEK.
///
/// # Errors
/// [`KeyringError::Missing`], [`KeyringError::Folder`], [`KeyringError::Damaged`], [`KeyringError::OtherProvider`],
/// [`KeyringError::OtherGateway`].
pub fn check(path: &Path, gateway: &GatewayId, settings: &KekSettings) -> Result<(), KeyringError> {
    let file = serde_json::from_slice(&read(path)?);
    let file = file.map_err(|_| KeyringError::Damaged(path.to_owned()))?;
    is_of(path, gateway, settings, &file)
}

/// Everything in the file but the seal.
fn sealed(file: &KeyringFile) -> Vec<u8> {
    let mut parts = vec![
        SEAL.to_vec(),
        file.gateway.clone().into_bytes(),
        file.provider.clone().into_bytes(),
        file.kek.clone().into_bytes(),
    ];
    for entry in &file.terms {
        parts.push(entry.term.0.to_be_bytes().to_vec());
        parts.push(entry.id.clone().into_bytes());
        parts.push(entry.made.0.to_be_bytes().to_vec());
        parts.push(entry.wrapped.clone().into_bytes());
    }
    let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
    crate::vault::length_prefixed(&parts)
}

fn is_of(
    path: &Path,
    gateway: &GatewayId,
    settings: &KekSettings,
    file: &KeyringFile,
) -> Result<(), KeyringError> {
    let path = path.to_owned();
    let expected = settings.provider();
    if file.provider != expected {
        let found = file.provider.clone();
        return Err(KeyringError::OtherProvider {
            path,
            found,
            expected,
        });
    }
    if file.gateway != gateway.as_str() {
        return Err(KeyringError::OtherGateway {
            path,
            found: file.gateway.clone(),
            expected: gateway.to_string(),
        });
    }
    Ok(())
}

/// Whose the file says it is, before anything is opened: the clearest of the refusals.
fn check_owner(path: &Path, owner: &Owner, file: &KeyringFile) -> Result<(), KeyringError> {
    is_of(path, &owner.gateway, &owner.settings, file)?;
    let path = path.to_owned();
    let expected = owner.settings.provider();
    if file.kek != owner.kek.id().as_str() {
        return Err(KeyringError::OtherKek {
            path,
            provider: expected,
            holder: owner.settings.holder(),
            expected: file.kek.clone(),
            found: owner.kek.id().to_string(),
        });
    }
    Ok(())
}

fn context(owner: &Owner, term: Term, id: &str) -> Vec<u8> {
    crate::vault::length_prefixed(&[
        CONTEXT,
        owner.gateway.as_str().as_bytes(),
        &term.0.to_be_bytes(),
        id.as_bytes(),
        owner.settings.provider().as_bytes(),
        owner.kek.id().as_str().as_bytes(),
    ])
}

fn failed(path: &Path, term: Term) -> impl FnOnce(KekError) -> KeyringError {
    let path = path.to_owned();
    move |source| KeyringError::Term { path, term, source }
}
