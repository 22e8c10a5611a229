//! The envelope keys: which private keys the gateway opens envelopes with, and which public keys it publishes.
//!
//! The private halves are files, protected and named after the key; their states are in the store
//! ([`crate::store::envelope_keys`]). [`EnvelopeKeys`] is both at one moment.

pub mod file;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use envelope::jwk::MAX_KEYS;
use envelope::{EnvelopePrivateKey, JwkSet, KeyRefusal, Kid, PrivateKeyError};

use crate::data_folder::{DataFolder, FolderError};
use crate::identity::IdentityError;
use crate::store::StoreError;
use crate::store::envelope_keys::{KeyRow, KeyState};
use crate::vault::Vault;
use crate::vault::key_file::KeyFileError;

/// The keys by id. Envelopes name theirs; keys are never tried in turn.
pub struct EnvelopeKeys {
    seq: u64,
    rows: Vec<KeyRow>,
    active: Kid,
    opening: BTreeMap<Kid, Arc<EnvelopePrivateKey>>,
    public: Arc<JwkSet>,
}

/// Why the envelope keys cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum EnvelopeKeysError {
    /// There is none.
    #[error("there is no envelope key in {0}; put the folder back from the backup")]
    None(PathBuf),
    /// A file is gone, or all of them.
    #[error(
        "{0} is missing; put it back from a copy of the folder. If it is lost, `credential-gateway key rotate --now` makes another key in its place: nothing that is stored is under it"
    )]
    Lost(PathBuf),
    /// A file is there, and no key comes out of it.
    #[error(
        "{0}; if there is no copy, `credential-gateway key rotate --now` makes another key in its place: nothing that is stored is under it"
    )]
    Unusable(KeyFileError),
    /// A file's name is not the id of the key in it.
    #[error("{0} does not hold the key that its name says")]
    Misnamed(PathBuf),
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
    /// Their states cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The identity key could not sign for them.
    #[error("the envelope keys cannot be signed for")]
    NotSigned,
    /// The identity key cannot be read.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// The process is stopping.
    #[error("the gateway is stopping")]
    Stopped,
}

impl EnvelopeKeys {
    /// The keys in these states: the files of the active key and the retiring ones are read, unless `before` has them.
    ///
    /// # Errors
    /// See [`EnvelopeKeysError`]; one bad file is an error, because leaving a key out would reject envelopes silently.
    pub fn load(
        folder: &DataFolder,
        vault: &Vault,
        rows: (u64, Vec<KeyRow>),
        before: Option<&Self>,
    ) -> Result<Self, EnvelopeKeysError> {
        let open = |kid: &Kid| match before.and_then(|before| before.private(kid)) {
            Some(key) => Ok(Some(key)),
            None => file::load(&file::path(folder, kid), vault).map(|key| Some(Arc::new(key))),
        };
        Self::in_states(folder, rows, open)
    }

    /// The same without those that do not open, for whoever is about to end all of them.
    ///
    /// # Errors
    /// See [`EnvelopeKeysError`].
    pub fn load_what_opens(
        folder: &DataFolder,
        vault: &Vault,
        rows: (u64, Vec<KeyRow>),
    ) -> Result<Self, EnvelopeKeysError> {
        let open = |kid: &Kid| {
            let key = file::load(&file::path(folder, kid), vault);
            Ok(key.ok().map(Arc::new))
        };
        Self::in_states(folder, rows, open)
    }

    fn in_states(
        folder: &DataFolder,
        (seq, rows): (u64, Vec<KeyRow>),
        open: impl Fn(&Kid) -> Result<Option<Arc<EnvelopePrivateKey>>, EnvelopeKeysError>,
    ) -> Result<Self, EnvelopeKeysError> {
        let mut opening = BTreeMap::new();
        for row in rows.iter().filter(|row| row.state.opens()) {
            if let Some(key) = open(&row.kid)? {
                opening.insert(row.kid.clone(), key);
            }
        }
        let active = rows
            .iter()
            .find(|row| row.state == KeyState::Active)
            .ok_or_else(|| EnvelopeKeysError::None(folder.envelope_keys()))?
            .kid
            .clone();
        // The active key first: whoever may choose seals for the first. The others are for tickets that name them. More than a
        // document may hold are retiring only after that many rotations within a day; the oldest are opened with and not shown.
        let retiring = rows.iter().filter(|row| row.state == KeyState::Retiring);
        let published = std::iter::once(&active).chain(retiring.map(|row| &row.kid));
        let public = published
            .take(MAX_KEYS)
            .filter_map(|kid| opening.get(kid))
            .map(|key: &Arc<EnvelopePrivateKey>| key.public_jwk().clone());
        Ok(Self {
            public: Arc::new(JwkSet::from_keys(public)?),
            seq,
            rows,
            active,
            opening,
        })
    }

    /// How often the keys had changed when these were read.
    #[must_use]
    pub fn seq(&self) -> u64 {
        self.seq
    }

    /// Every key there ever was, the youngest state first.
    #[must_use]
    pub fn rows(&self) -> &[KeyRow] {
        &self.rows
    }

    /// The key that new envelopes are sealed for.
    #[must_use]
    pub fn active(&self) -> &Kid {
        &self.active
    }

    /// The private key of this id, if envelopes are opened with it.
    #[must_use]
    pub fn private(&self, kid: &Kid) -> Option<Arc<EnvelopePrivateKey>> {
        self.opening.get(kid).cloned()
    }

    /// The state of a key; none if it never was this gateway's.
    #[must_use]
    pub fn state(&self, kid: &Kid) -> Option<KeyState> {
        let row = self.rows.iter().find(|row| row.kid == *kid);
        row.map(|row| row.state)
    }

    /// The keys of `GET /v1/keys`, the active key first.
    #[must_use]
    pub fn public(&self) -> &Arc<JwkSet> {
        &self.public
    }
}
