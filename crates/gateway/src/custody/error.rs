//! Why custody cannot be taken up.

use envelope::Kid;

use crate::audit::AuditError;
use crate::data_folder::FolderError;
use crate::identity::IdentityError;
use crate::issuers::IssuerError;
use crate::keyring::KeyringError;
use crate::keyring::provider::ProviderError;
use crate::keys::EnvelopeKeysError;
use crate::nodes::NodeKeyError;
use crate::store::StoreError;
use crate::store::writer::WriteError;
use crate::vault::CannotProtect;

/// Why custody cannot be taken up. Each sentence names the file and what to do; nothing was overwritten.
#[derive(Debug, thiserror::Error)]
pub enum CustodyError {
    /// The key-encryption key.
    #[error(transparent)]
    Kek(#[from] ProviderError),
    /// The key-encryption key is gone, but things protected under it are there.
    #[error("{0}; no new one is made, because {1} is protected under it")]
    KekLost(ProviderError, &'static str),
    /// The keyring.
    #[error(transparent)]
    Keyring(#[from] KeyringError),
    /// `keyring.json` is gone, but things protected under it are there.
    #[error("{0}; no new one is made, because {1} is protected under it")]
    KeyringLost(KeyringError, &'static str),
    /// The library failed.
    #[error(transparent)]
    CannotProtect(#[from] CannotProtect),
    /// The identity key.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// The envelope keys.
    #[error(transparent)]
    Keys(#[from] EnvelopeKeysError),
    /// A registered issuer.
    #[error(transparent)]
    Issuers(#[from] IssuerError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The audit trail.
    #[error(transparent)]
    Audit(#[from] AuditError),
    /// Nothing can be written.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// The folder.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// This gateway's key among those that share the store.
    #[error(transparent)]
    NodeKey(#[from] NodeKeyError),
    /// The store is in the data folder.
    #[error("this gateway shares its store with nobody: gateway.toml has no [store]")]
    NotShared,
    /// The gateway is one of those that share the store already.
    #[error(
        "this gateway has its keyring: it has joined already. For another share, begin with `credential-gateway init --join` in a new folder"
    )]
    HasJoined,
    /// Another gateway has this name.
    #[error(
        "{0} is the name of another gateway that shares the store: choose another one, or remove that first"
    )]
    NameTaken(String),
    /// What is not there yet for a store that several gateways share.
    #[error("{0} is not there for a store that gateways share")]
    NotWithShared(&'static str),
    /// What another gateway has shared does not lead to the identity key that was named.
    #[error(
        "the identity key in the store is {found}, not {expected}: compare with `credential-gateway fingerprint` on the gateway that approved this one"
    )]
    OtherIdentity {
        /// Its thumbprint.
        found: Kid,
        /// What was named.
        expected: Kid,
    },
}
