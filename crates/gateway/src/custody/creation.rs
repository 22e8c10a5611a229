//! Making what a gateway keeps, once, and never over anything that is there.

use envelope::GatewayId;

use super::{Custody, CustodyError, membership};
use crate::clock;
use crate::data_folder::{DataFolder, FolderError};
use crate::identity::Identity;
use crate::keyring::file::Owner;
use crate::keyring::provider::KekSettings;
use crate::keyring::{KeyringError, Term};
use crate::keys::file;
use crate::store::postgresql::Server;
use crate::store::succession;
use crate::store::terms::{self, TermRow};
use crate::store::{Place, Store, require_content};
use crate::vault::Vault;
use crate::vault::seal::StoreState;

impl Custody {
    /// Makes what is kept, for `init`: the KEK in a file, the keyring, the identity key, the first envelope key, an empty store.
    /// Resumes where an interrupted call stopped and overwrites nothing; a call on a complete folder only checks it.
    ///
    /// # Errors
    /// See [`CustodyError`]; [`CustodyError::KekLost`] and [`CustodyError::KeyringLost`] when only that is missing, and so
    /// [`StoreError::Missing`](crate::store::StoreError::Missing) or [`StoreError::Empty`](crate::store::StoreError::Empty) beside an
    /// audit trail.
    pub async fn create(folder: &DataFolder, gateway: &GatewayId) -> Result<(), CustodyError> {
        Self::create_under(folder, gateway, KekSettings::default(), None).await
    }

    /// The same with a KEK of any provider, and a store in the folder or at a server.
    ///
    /// # Errors
    /// As [`Custody::create`].
    pub async fn create_under(
        folder: &DataFolder,
        gateway: &GatewayId,
        settings: KekSettings,
        server: Option<&Server>,
    ) -> Result<(), CustodyError> {
        // An interrupted call has written no line: this was a whole gateway, and its store is lost.
        let place = Place::of(server, folder.store());
        if folder.audit().exists()
            && let Place::Sqlite(file) = &place
        {
            require_content(file)?;
        }
        let keyring = folder.keyring().exists();
        let kek = match settings.open(folder) {
            Err(missing) if missing.is_missing() => match protected_already(folder)? {
                Some(what) => return Err(CustodyError::KekLost(missing, what)),
                None if keyring => return Err(CustodyError::KekLost(missing, "keyring.json")),
                None => settings.make(folder)?,
            },
            other => other?,
        };
        let gateway = gateway.clone();
        let owner = Owner {
            gateway: gateway.clone(),
            settings,
            kek,
        };
        let vault = match (keyring, protected_already(folder)?) {
            (true, _) => Vault::open(folder, owner)?,
            (false, None) => Vault::create(folder, owner, clock::now())?,
            (false, Some(what)) => {
                let missing = KeyringError::Missing(folder.keyring());
                return Err(CustodyError::KeyringLost(missing, what));
            }
        };
        let keys = vault.keys();
        let term = keys.last().map_or(Term::FIRST, |key| key.term());
        Identity::create(folder, &vault, term)?;
        file::create_first(folder, &vault, term)?;
        let rows: Vec<TermRow> = keys
            .last()
            .map(|key| TermRow::active(key))
            .into_iter()
            .collect();
        let state = StoreState {
            terms: terms::digest(&rows),
            succession: succession::digest(None),
            ..StoreState::default()
        };
        let state = vault.protect_state(term, &state)?;
        Store::create(&place, &gateway, &keys, &state).await?;
        if let Some(server) = server {
            membership::begin(folder, &vault, server, &keys, clock::now()).await?;
        }
        Ok(())
    }
}

/// What in the folder is protected under a KEK, if anything.
fn protected_already(folder: &DataFolder) -> Result<Option<&'static str>, FolderError> {
    let has_envelope_keys = std::fs::read_dir(folder.envelope_keys())
        .map_err(|source| FolderError::Io {
            path: folder.envelope_keys(),
            source,
        })?
        .next()
        .is_some();
    Ok([
        (folder.store().exists(), "store.sqlite"),
        (folder.identity().exists(), "identity.key"),
        (has_envelope_keys, "a key in envelope-keys/"),
    ]
    .into_iter()
    .find_map(|(there, what)| there.then_some(what)))
}
