//! The private halves of the envelope keys: one protected file each, named after the key.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use envelope::{EnvelopePrivateKey, Kid, UnixSeconds};

use super::EnvelopeKeysError;
use crate::data_folder::{self, DataFolder, FolderError};
use crate::keyring::Term;
use crate::vault::Vault;
use crate::vault::key_file::{self, KeyFileError};

const FILE_ENDING: &str = "key";

/// Where a key's file lies.
#[must_use]
pub fn path(folder: &DataFolder, kid: &Kid) -> PathBuf {
    folder.envelope_keys().join(format!("{kid}.{FILE_ENDING}"))
}

/// Makes the first key (RSA-3072; takes up to a few seconds) unless there is one.
///
/// # Errors
/// See [`EnvelopeKeysError`].
pub fn create_first(
    folder: &DataFolder,
    vault: &Vault,
    term: Term,
) -> Result<(), EnvelopeKeysError> {
    if load_all(folder, vault)?.is_empty() {
        write(folder, vault, term, &EnvelopePrivateKey::generate()?)?;
    }
    Ok(())
}

/// Writes a key's file, which must not exist yet. It is on disk when this returns.
///
/// # Errors
/// [`EnvelopeKeysError::Key`], [`EnvelopeKeysError::File`].
pub fn write(
    folder: &DataFolder,
    vault: &Vault,
    term: Term,
    key: &EnvelopePrivateKey,
) -> Result<(), EnvelopeKeysError> {
    let name = key_name(key.kid().as_str());
    let path = path(folder, key.kid());
    key_file::write(&path, vault, term, &name, key.to_pkcs8()?)?;
    Ok(())
}

/// Reads one file.
///
/// # Errors
/// [`EnvelopeKeysError::Lost`], [`EnvelopeKeysError::Unusable`], [`EnvelopeKeysError::File`], [`EnvelopeKeysError::Key`],
/// [`EnvelopeKeysError::Misnamed`].
pub fn load(file: &Path, vault: &Vault) -> Result<EnvelopePrivateKey, EnvelopeKeysError> {
    let kid = file.file_stem().unwrap_or_default().to_string_lossy();
    let pkcs8 = key_file::read(file, vault, &key_name(&kid)).map_err(|error| match error {
        KeyFileError::Missing(path) => EnvelopeKeysError::Lost(path),
        KeyFileError::Damaged(_) | KeyFileError::DoesNotOpen { .. } => {
            EnvelopeKeysError::Unusable(error)
        }
        other => other.into(),
    })?;
    let key = EnvelopePrivateKey::from_pkcs8(&pkcs8)?;
    if key.kid().as_str() != kid {
        return Err(EnvelopeKeysError::Misnamed(file.to_owned()));
    }
    Ok(key)
}

/// Reads every file, whatever the store says of it, and when it was made; the newest last. A file that another process
/// removes meanwhile is not there.
///
/// # Errors
/// See [`EnvelopeKeysError`].
pub fn load_all(
    folder: &DataFolder,
    vault: &Vault,
) -> Result<Vec<(UnixSeconds, Kid)>, EnvelopeKeysError> {
    let mut keys = Vec::new();
    for (file, made) in files(folder)? {
        match load(&file, vault) {
            Err(EnvelopeKeysError::Lost(_)) => {}
            key => keys.push((made, key?.kid().clone())),
        }
    }
    keys.sort();
    Ok(keys)
}

/// Every file with the name that its key is bound to, whatever the store says of it.
///
/// # Errors
/// [`FolderError::Io`].
pub fn named(folder: &DataFolder) -> Result<Vec<(PathBuf, String)>, FolderError> {
    let name = |path: PathBuf| {
        let name = key_name(&path.file_stem().unwrap_or_default().to_string_lossy());
        (path, name)
    };
    let files = files(folder)?.into_iter();
    Ok(files.map(|(path, _)| name(path)).collect())
}

/// Removes the files of the keys that `is_gone` names: from then on nobody can open what was sealed for them.
///
/// # Errors
/// [`FolderError::Io`].
pub fn remove(folder: &DataFolder, is_gone: impl Fn(&Kid) -> bool) -> Result<(), FolderError> {
    for (file, _) in files(folder)? {
        let stem = file.file_stem().unwrap_or_default().to_string_lossy();
        if Kid::parse(&stem).is_ok_and(|kid| is_gone(&kid)) {
            match fs::remove_file(&file) {
                // Another process was faster.
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                other => other.map_err(|source| FolderError::Io { path: file, source })?,
            }
        }
    }
    data_folder::sync_folder(&folder.envelope_keys())
}

fn key_name(kid: &str) -> String {
    format!("envelope-keys/{kid}")
}

fn files(folder: &DataFolder) -> Result<Vec<(PathBuf, UnixSeconds)>, FolderError> {
    let path = folder.envelope_keys();
    let failed = FolderError::sub_folder(&path);
    let mut files = Vec::new();
    for entry in fs::read_dir(&path).map_err(&failed)? {
        let path = entry.map_err(&failed)?.path();
        if path.extension().is_some_and(|ending| ending == FILE_ENDING) {
            let made = match fs::metadata(&path).and_then(|metadata| metadata.modified()) {
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
                other => other.map_err(&failed)?,
            };
            files.push((path, seconds(made)));
        }
    }
    Ok(files)
}

fn seconds(at: SystemTime) -> UnixSeconds {
    UnixSeconds(at.duration_since(UNIX_EPOCH).map_or(0, |at| at.as_secs()))
}
