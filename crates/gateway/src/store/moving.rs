//! From the file in the data folder to a server.

use std::ffi::OsString;
use std::fs;
use std::path::Path;

use super::nodes::{self, NodeRow};
use super::postgresql::{self, Server};
use super::{Store, StoreError, copy, sqlite};
use crate::nodes::give_files;

/// Copies all of it in one transaction, for this first gateway of those that will share it, with the key files that others need. Then `switch` says
/// where the store is from now on, and the file ends.
///
/// # Errors
/// [`StoreError::Taken`], [`StoreError::Database`], what `switch` gives: then the file is as it was, and counts.
pub(crate) async fn move_to(
    server: &Server,
    file: &Path,
    row: &NodeRow,
    files: &[(String, Vec<u8>)],
    switch: impl FnOnce() -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let mut from = sqlite::connect(file).await?;
    // Nobody writes into it from here on.
    let mut last = from.begin().await?;
    let mut to = postgresql::connect(server).await?;
    postgresql::make(&mut to, server).await?;
    postgresql::check(&mut to, server).await?;
    let mut transaction = to.begin().await?;
    if Store::owner(&mut transaction).await?.is_some() {
        return Err(StoreError::Taken(server.told()));
    }
    copy::all(&mut last, &mut transaction).await?;
    nodes::put(&mut transaction, row).await?;
    give_files(&mut transaction, files).await?;
    transaction.commit().await?;
    to.close().await?;
    switch()?;
    // Nor does a command that waits: it is not as gateways make it.
    last.carry_out("CREATE TABLE moved (one INTEGER NOT NULL) STRICT")
        .await?;
    last.commit().await?;
    from.close().await?;
    for ending in ["", "-wal", "-shm"] {
        remove(file, ending)?;
    }
    Ok(())
}

fn remove(file: &Path, ending: &str) -> Result<(), StoreError> {
    let mut name = OsString::from(file);
    name.push(ending);
    match fs::remove_file(&name) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(StoreError::Io {
            path: name.into(),
            source: error,
        }),
        _ => Ok(()),
    }
}
