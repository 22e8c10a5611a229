//! Key files that each of the gateways needs, in its own folder as in the store.

use std::path::PathBuf;

use envelope::Kid;

use crate::data_folder::{self, DataFolder, FolderError};
use crate::keys::file;
use crate::store::{Connection, StoreError, shared_files};

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

/// Takes the files from the store that the folder lacks or has with another content, if others share the store.
///
/// # Errors
/// [`StoreError::Database`]; [`StoreError::Io`] if a file cannot be written.
pub(crate) async fn take(
    connection: &mut Connection<'_>,
    folder: &DataFolder,
) -> Result<(), StoreError> {
    if !connection.is_shared() {
        return Ok(());
    }
    for (name, content) in shared_files::read(connection).await? {
        let kid = name.strip_prefix(ENVELOPE_KEYS);
        let kid = kid.and_then(|name| name.strip_suffix(ENDING));
        let path = match kid.map(Kid::parse) {
            Some(Ok(kid)) => file::path(folder, &kid),
            None if name == IDENTITY => folder.identity(),
            // Nothing that a gateway has put there.
            _ => continue,
        };
        let is_there = data_folder::read(&path).is_ok_and(|there| *there == content);
        if !is_there {
            data_folder::replace(&path, &content).map_err(|error| StoreError::Io {
                path,
                source: std::io::Error::other(error.reason()),
            })?;
        }
    }
    Ok(())
}
