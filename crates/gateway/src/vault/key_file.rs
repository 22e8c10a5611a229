//! A private key in a file of the data folder, protected by the [`Vault`] and bound to its name.
//!
//! The file is JSON: `{"v":1,"term":1,"salt":"…","nonce":"…","ciphertext":"…"}`, bytes in base64url. What is protected
//! is the key's PKCS#8 form.

use std::path::{Path, PathBuf};

use base64ct::{Base64UrlUnpadded, Encoding};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{CannotProtect, DoesNotOpen, Place, Protected, Vault};
use crate::data_folder::{self, FolderError};
use crate::keyring::Term;

/// Why a private key file could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// The file is not there.
    #[error(
        "{0} is missing; put it back from the backup, or run `credential-gateway init` in a new folder"
    )]
    Missing(PathBuf),
    /// Not a file of this form.
    #[error("{0} is damaged or not a key file; put it back from the backup")]
    Damaged(PathBuf),
    /// Protected under a term that the keyring does not have.
    #[error("{path} is protected under {term}, which keyring.json does not have: put the right keyring.json back", path = path.display())]
    OtherTerm {
        /// The file.
        path: PathBuf,
        /// The term that the file names.
        term: Term,
    },
    /// The keyring has its term, and it does not open all the same.
    #[error("{path}: {source}", path = path.display())]
    DoesNotOpen {
        /// The file.
        path: PathBuf,
        /// What that means.
        source: DoesNotOpen,
    },
    /// The cryptographic library failed.
    #[error(transparent)]
    CannotProtect(#[from] CannotProtect),
    /// The file could not be read or written.
    #[error(transparent)]
    Folder(#[from] FolderError),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyFile {
    v: u8,
    term: Term,
    salt: String,
    nonce: String,
    ciphertext: String,
}

/// Writes a private key to a file that must not exist yet.
///
/// # Errors
/// [`KeyFileError::CannotProtect`], [`KeyFileError::Folder`].
pub fn write(
    path: &Path,
    vault: &Vault,
    term: Term,
    name: &str,
    pkcs8: Zeroizing<Vec<u8>>,
) -> Result<(), KeyFileError> {
    let json = text(vault, term, name, pkcs8)?;
    Ok(data_folder::write_new(path, &json)?)
}

/// Protects a file's key again, under this term, unless it is so already; whether it was not. The caller holds the lock on the
/// keys.
///
/// # Errors
/// As [`read`] and [`write`].
pub fn renew(path: &Path, vault: &Vault, term: Term, name: &str) -> Result<bool, KeyFileError> {
    if term_of(path)? == term {
        return Ok(false);
    }
    let json = text(vault, term, name, read(path, vault, name)?)?;
    data_folder::replace(path, &json)?;
    Ok(true)
}

/// The term that a file names.
///
/// # Errors
/// [`KeyFileError::Missing`], [`KeyFileError::Damaged`], [`KeyFileError::Folder`].
pub fn term_of(path: &Path) -> Result<Term, KeyFileError> {
    Ok(parsed(path)?.term)
}

/// Reads a private key: its PKCS#8 form, in a buffer that is wiped.
///
/// # Errors
/// Every variant of [`KeyFileError`] but [`KeyFileError::CannotProtect`].
pub fn read(path: &Path, vault: &Vault, name: &str) -> Result<Zeroizing<Vec<u8>>, KeyFileError> {
    let protected = parsed(path)?;
    if vault.key(protected.term).is_none() {
        return Err(KeyFileError::OtherTerm {
            path: path.to_owned(),
            term: protected.term,
        });
    }
    vault
        .reveal(Place::Key(name), &protected)
        .map_err(|source| KeyFileError::DoesNotOpen {
            path: path.to_owned(),
            source,
        })
}

fn text(
    vault: &Vault,
    term: Term,
    name: &str,
    pkcs8: Zeroizing<Vec<u8>>,
) -> Result<Vec<u8>, KeyFileError> {
    let protected = vault.protect(term, Place::Key(name), pkcs8)?;
    let file = KeyFile {
        v: 1,
        term,
        salt: Base64UrlUnpadded::encode_string(&protected.salt),
        nonce: Base64UrlUnpadded::encode_string(&protected.nonce),
        ciphertext: Base64UrlUnpadded::encode_string(&protected.ciphertext),
    };
    let mut json = serde_json::to_vec(&file).map_err(|_| CannotProtect)?;
    json.push(b'\n');
    Ok(json)
}

fn parsed(path: &Path) -> Result<Protected, KeyFileError> {
    let content = match data_folder::read_private(path) {
        Err(error) if error.is_not_found() => return Err(KeyFileError::Missing(path.to_owned())),
        other => other?,
    };
    let damaged = || KeyFileError::Damaged(path.to_owned());
    let file: KeyFile = serde_json::from_slice(&content).map_err(|_| damaged())?;
    if file.v != 1 {
        return Err(damaged());
    }
    parse(&file).ok_or_else(damaged)
}

fn parse(file: &KeyFile) -> Option<Protected> {
    let decode = |text: &str| Base64UrlUnpadded::decode_vec(text).ok();
    Some(Protected {
        term: file.term,
        salt: decode(&file.salt)?.try_into().ok()?,
        nonce: decode(&file.nonce)?.try_into().ok()?,
        ciphertext: decode(&file.ciphertext)?,
    })
}
