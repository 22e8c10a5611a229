//! The envelope keys: which private keys the gateway opens envelopes with, and which public keys it publishes.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use envelope::{EnvelopePrivateKey, JwkSet, KeyRefusal, Kid, PrivateKeyError};

use crate::data_folder::{DataFolder, FolderError};
use crate::vault::Vault;
use crate::vault::key_file::{self, KeyFileError};

const FILE_ENDING: &str = "key";

/// The keys by id. Envelopes name theirs; keys are never tried in turn.
pub struct EnvelopeKeys {
    active: Kid,
    keys: BTreeMap<Kid, Arc<EnvelopePrivateKey>>,
    public: JwkSet,
}

/// Why the envelope keys cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum EnvelopeKeysError {
    /// There is none.
    #[error("there is no envelope key in {0}; put the folder back from the backup")]
    None(std::path::PathBuf),
    /// A file's name is not the id of the key in it.
    #[error("{0} does not hold the key that its name says")]
    Misnamed(std::path::PathBuf),
    /// A key file could not be read or written.
    #[error(transparent)]
    File(#[from] KeyFileError),
    /// The folder could not be read.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// A key could not be made or breaks a rule for envelope keys.
    #[error("envelope key: {0}")]
    Key(#[from] PrivateKeyError),
    /// The keys together break a rule for key documents.
    #[error("envelope keys: {0}")]
    Document(#[from] KeyRefusal),
}

impl EnvelopeKeys {
    /// Makes the first key (RSA-3072; takes up to a few seconds) unless there is one.
    ///
    /// # Errors
    /// See [`EnvelopeKeysError`].
    pub fn create(folder: &DataFolder, vault: &Vault) -> Result<Self, EnvelopeKeysError> {
        match Self::load(folder, vault) {
            Err(EnvelopeKeysError::None(_)) => {}
            other => return other,
        }
        let key = EnvelopePrivateKey::generate()?;
        let path = folder
            .envelope_keys()
            .join(format!("{}.{FILE_ENDING}", key.kid()));
        key_file::write(&path, vault, &key_name(key.kid().as_str()), key.to_pkcs8()?)?;
        Self::load(folder, vault)
    }

    /// Reads all keys. The newest file is the active key.
    ///
    /// # Errors
    /// See [`EnvelopeKeysError`]; one bad file is an error, because leaving a key out would reject envelopes silently.
    pub fn load(folder: &DataFolder, vault: &Vault) -> Result<Self, EnvelopeKeysError> {
        let path = folder.envelope_keys();
        let mut keys = BTreeMap::new();
        let mut newest = None;
        for (file, made) in key_files(&path)? {
            let key = load_key(&file, vault)?;
            let kid = key.kid().clone();
            if newest.as_ref().is_none_or(|(then, _)| made >= *then) {
                newest = Some((made, kid.clone()));
            }
            keys.insert(kid, Arc::new(key));
        }
        let (_, active) = newest.ok_or(EnvelopeKeysError::None(path))?;
        let public = JwkSet::from_keys(
            keys.values()
                .map(|key: &Arc<EnvelopePrivateKey>| key.public_jwk().clone()),
        )?;
        Ok(Self {
            active,
            keys,
            public,
        })
    }

    /// The key that new envelopes are sealed for.
    #[must_use]
    pub fn active(&self) -> &Kid {
        &self.active
    }

    /// The private key of this id.
    #[must_use]
    pub fn private(&self, kid: &Kid) -> Option<Arc<EnvelopePrivateKey>> {
        self.keys.get(kid).cloned()
    }

    /// The document of `GET /v1/keys`.
    #[must_use]
    pub fn public(&self) -> &JwkSet {
        &self.public
    }
}

fn key_name(kid: &str) -> String {
    format!("envelope-keys/{kid}")
}

fn key_files(
    folder: &Path,
) -> Result<Vec<(std::path::PathBuf, std::time::SystemTime)>, FolderError> {
    let failed = |source| FolderError::Io {
        path: folder.to_owned(),
        source,
    };
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.extension().is_some_and(|ending| ending == FILE_ENDING) {
            let made = fs::metadata(&path)
                .and_then(|metadata| metadata.modified())
                .map_err(failed)?;
            files.push((path, made));
        }
    }
    Ok(files)
}

fn load_key(file: &Path, vault: &Vault) -> Result<EnvelopePrivateKey, EnvelopeKeysError> {
    let kid = file.file_stem().unwrap_or_default().to_string_lossy();
    let pkcs8 = key_file::read(file, vault, &key_name(&kid))?;
    let key = EnvelopePrivateKey::from_pkcs8(&pkcs8)?;
    if key.kid().as_str() != kid {
        return Err(EnvelopeKeysError::Misnamed(file.to_owned()));
    }
    Ok(key)
}
