//! Key files that each of the gateways needs, in its own folder as in the store.

use std::path::{Path, PathBuf};

use envelope::Kid;

use crate::data_folder::{self, DataFolder, FolderError};
use crate::identity::Identity;
use crate::keys::file;
use crate::store::envelope_keys::{self, KeyRow, KeyState};
use crate::store::{Connection, StoreError, shared_files};
use crate::vault::Vault;

const IDENTITY: &str = "identity.key";
const ENVELOPE_KEYS: &str = "envelope-keys/";
const ENDING: &str = ".key";

/// The name of an envelope key's file.
pub(crate) fn of_envelope_key(kid: &Kid) -> String {
    format!("{ENVELOPE_KEYS}{kid}{ENDING}")
}

/// The identity key's and the envelope keys' files as they are in the folder.
///
/// # Errors
/// [`FolderError::Io`].
pub(crate) fn named(folder: &DataFolder) -> Result<Vec<(String, Vec<u8>)>, FolderError> {
    let mut files = vec![(IDENTITY.to_owned(), folder.identity())];
    for (path, name) in file::named(folder)? {
        files.push((format!("{name}{ENDING}"), path));
    }
    let read = |(name, path): (String, PathBuf)| Ok((name, data_folder::read(&path)?.to_vec()));
    files.into_iter().map(read).collect()
}

/// Takes the files from the store that the folder lacks or has with another content, if others share the store. Nothing takes the place of
/// anything unless it is the key that its name says, of those that are in use; the identity key only if it is the one that is there.
///
/// # Errors
/// [`StoreError::Database`]; [`StoreError::Io`] if a file cannot be written.
pub(crate) async fn take(
    connection: &mut Connection<'_>,
    folder: &DataFolder,
    vault: &Vault,
) -> Result<(), StoreError> {
    if !connection.is_shared() {
        return Ok(());
    }
    let mut view = connection.view().await?;
    let (_, rows) = envelope_keys::read(&mut view).await?;
    let files = shared_files::read(&mut view).await?;
    view.close().await?;
    for (name, content) in files {
        let Some(key) = KeyFile::named(&name, &rows) else {
            continue;
        };
        let path = key.path(folder);
        if data_folder::read(&path).is_ok_and(|there| *there == content) {
            continue;
        }
        let cannot = |error: FolderError| StoreError::Io {
            path: path.clone(),
            source: std::io::Error::other(error.reason()),
        };
        let apart = tempfile::tempdir_in(folder.path());
        let apart = apart.map_err(|error| cannot(FolderError::io(folder.path())(error)))?;
        // The name is a part of what is looked at.
        let trial = apart.path().join(path.file_name().unwrap_or_default());
        data_folder::write_new(&trial, &content).map_err(cannot)?;
        match key.is_in(&trial, folder, vault) {
            true => data_folder::take_place(&trial, &path).map_err(cannot)?,
            false => tracing::error!(
                name,
                "the key in the store is not the one that its name says; the folder's own stays"
            ),
        }
    }
    Ok(())
}

/// A key that every gateway has.
pub(super) enum KeyFile {
    Identity,
    Envelope(Kid),
}

impl KeyFile {
    /// None for what no gateway has put there, or what is not in use any more.
    pub(super) fn named(name: &str, rows: &[KeyRow]) -> Option<Self> {
        if name == IDENTITY {
            return Some(Self::Identity);
        }
        let kid = name.strip_prefix(ENVELOPE_KEYS)?.strip_suffix(ENDING)?;
        let kid = Kid::parse(kid).ok()?;
        let is_used = |row: &KeyRow| row.kid == kid && row.state != KeyState::Gone;
        rows.iter().any(is_used).then_some(Self::Envelope(kid))
    }

    fn path(&self, folder: &DataFolder) -> PathBuf {
        match self {
            Self::Identity => folder.identity(),
            Self::Envelope(kid) => file::path(folder, kid),
        }
    }

    fn is_in(&self, trial: &Path, folder: &DataFolder, vault: &Vault) -> bool {
        match self {
            Self::Envelope(_) => file::load(trial, vault).is_ok(),
            Self::Identity => Identity::load_from(trial, vault).is_ok_and(|found| {
                let there = Identity::load(folder, vault);
                // A gateway that joins has none yet, and compares it with what a person says.
                there.is_err() && !folder.identity().exists()
                    || there.is_ok_and(|there| there.kid() == found.kid())
            }),
        }
    }
}
