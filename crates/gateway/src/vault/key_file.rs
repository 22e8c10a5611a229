//! A private key in a file of the data folder, protected by the [`Vault`] and bound to its name.
//!
//! The file is JSON: `{"v":1,"kek":"…","salt":"…","nonce":"…","ciphertext":"…"}`, bytes in base64url. What is protected
//! is the key's PKCS#8 form.

use std::path::{Path, PathBuf};

use base64ct::{Base64UrlUnpadded, Encoding};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{CannotProtect, DoesNotOpen, Place, Protected, Vault};
use crate::data_folder::{self, FolderError};

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
    /// Protected under another KEK than `kek.key`.
    #[error("{path} is protected under the key {expected}, but kek.key holds {found}: put the right kek.key back", path = path.display())]
    OtherKek {
        /// The file.
        path: PathBuf,
        /// The KEK's id that the file names.
        expected: String,
        /// The KEK's id that there is.
        found: String,
    },
    /// It names the right KEK and does not open all the same.
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
    kek: String,
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
    name: &str,
    pkcs8: Zeroizing<Vec<u8>>,
) -> Result<(), KeyFileError> {
    let protected = vault.protect(Place::Key(name), pkcs8)?;
    let file = KeyFile {
        v: 1,
        kek: vault.kek_id().to_string(),
        salt: Base64UrlUnpadded::encode_string(&protected.salt),
        nonce: Base64UrlUnpadded::encode_string(&protected.nonce),
        ciphertext: Base64UrlUnpadded::encode_string(&protected.ciphertext),
    };
    let mut json = serde_json::to_vec(&file).map_err(|_| CannotProtect)?;
    json.push(b'\n');
    Ok(data_folder::write_new(path, &json)?)
}

/// Reads a private key: its PKCS#8 form, in a buffer that is wiped.
///
/// # Errors
/// Every variant of [`KeyFileError`] but [`KeyFileError::CannotProtect`].
pub fn read(path: &Path, vault: &Vault, name: &str) -> Result<Zeroizing<Vec<u8>>, KeyFileError> {
    let content = match data_folder::read_private(path) {
        Err(error) if error.is_not_found() => return Err(KeyFileError::Missing(path.to_owned())),
        other => other?,
    };
    let damaged = || KeyFileError::Damaged(path.to_owned());
    let file: KeyFile = serde_json::from_slice(&content).map_err(|_| damaged())?;
    if file.v != 1 {
        return Err(damaged());
    }
    if file.kek != vault.kek_id().as_str() {
        return Err(KeyFileError::OtherKek {
            path: path.to_owned(),
            expected: file.kek,
            found: vault.kek_id().to_string(),
        });
    }
    let protected = parse(&file).ok_or_else(damaged)?;
    vault
        .reveal(Place::Key(name), &protected)
        .map_err(|source| KeyFileError::DoesNotOpen {
            path: path.to_owned(),
            source,
        })
}

fn parse(file: &KeyFile) -> Option<Protected> {
    let decode = |text: &str| Base64UrlUnpadded::decode_vec(text).ok();
    Some(Protected {
        salt: decode(&file.salt)?.try_into().ok()?,
        nonce: decode(&file.nonce)?.try_into().ok()?,
        ciphertext: decode(&file.ciphertext)?,
    })
}
