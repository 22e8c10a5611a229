//! Moving what is kept from the data folder to a database that other gateways can share.

use std::io;

use envelope::UnixSeconds;

use super::{Custody, CustodyError, membership};
use crate::data_folder::{self, FolderError};
use crate::nodes;
use crate::store::postgresql::Server;
use crate::store::{StoreError, moving, terms};

impl Custody {
    /// Moves the store to a server, as the first gateway that has it there. `switch` has the configuration say so. The caller has made sure that
    /// nobody serves the folder.
    ///
    /// # Errors
    /// See [`CustodyError`]. Unless it is one of removing the file, everything is where it was.
    pub async fn move_store(
        self,
        server: &Server,
        now: UnixSeconds,
        switch: impl FnOnce() -> Result<(), FolderError>,
    ) -> Result<(), CustodyError> {
        let _lock = self.lock_keys().await?;
        self.finish_under_lock().await?;
        let term = terms::active(&mut self.reading().await?).await?;
        let (folder, vault) = (self.folder().clone(), self.parts.vault.clone());
        let had_key = folder.node_key().exists();
        let row = membership::first_row(&folder, &vault, server, term, now)?;
        let files = nodes::named_files(&folder)?;
        // Every audit line is in its file then, and nothing has the store open.
        self.shutdown().await;
        let configuration = folder.configuration();
        let mut is_switched = false;
        let switch = || {
            switch().map_err(|error| StoreError::Io {
                path: configuration,
                source: io::Error::other(error.reason()),
            })?;
            is_switched = true;
            Ok(())
        };
        let moved = moving::move_to(server, &folder.store(), &row, &files, switch).await;
        if !is_switched && !had_key {
            // It is for the name that was wanted: the next try may be under another.
            data_folder::remove(&folder.node_key())?;
        }
        Ok(moved?)
    }
}
