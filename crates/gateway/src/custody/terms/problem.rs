//! Why the terms were not changed.

use crate::data_folder::FolderError;
use crate::keyring::{CannotDerive, KeyringError, Term};
use crate::nodes::NodeKeyError;
use crate::store::StoreError;
use crate::store::writer::WriteError;
use crate::vault::key_file::KeyFileError;

/// Why the terms were not changed.
#[derive(Debug, thiserror::Error)]
pub enum TermsProblem {
    /// The keyring.
    #[error(transparent)]
    Keyring(#[from] KeyringError),
    /// A key file.
    #[error(transparent)]
    File(#[from] KeyFileError),
    /// The folder.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// This gateway's key among those that share the store.
    #[error(transparent)]
    NodeKey(#[from] NodeKeyError),
    /// The store does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The store or the audit trail does not answer.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// What is protected again is not done yet. Damaged rows, which keep their term, are not waited for.
    #[error("{0} is still being replaced; wait until `key list` shows it as gone")]
    Unfinished(Term),
    /// The process is stopping.
    #[error("the gateway is stopping")]
    Stopped,
}

impl From<CannotDerive> for TermsProblem {
    fn from(error: CannotDerive) -> Self {
        Self::Keyring(error.into())
    }
}
