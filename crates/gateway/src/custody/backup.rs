//! What a backup takes, and the first thing that a restored gateway does.

use envelope::UnixSeconds;

use super::Custody;
use crate::audit::log::AuditLog;
use crate::audit::{AuditEvent, Event, Outcome};
use crate::data_folder::DataFolder;
use crate::nodes;
use crate::store::envelope_keys;
use crate::store::writer::{Change, WriteError};
use crate::store::{Connection, Store, StoreError};
use crate::vault::Vault;

impl Custody {
    /// The data folder.
    #[must_use]
    pub fn folder(&self) -> &DataFolder {
        &self.parts.folder
    }

    /// What everything at rest is protected with, for a backup.
    pub(crate) fn vault(&self) -> &Vault {
        &self.parts.vault
    }

    /// The store, for a backup.
    pub(crate) fn store(&self) -> &Store {
        &self.parts.store
    }

    /// Takes the key files from a shared store that the folder lacks, for a caller that has the lock on the keys.
    ///
    /// # Errors
    /// [`StoreError::Database`]; [`StoreError::Io`] if a file cannot be written.
    pub(crate) async fn take_shared_files(&self) -> Result<(), StoreError> {
        let parts = &self.parts;
        nodes::take_files(&mut self.reading().await?, &parts.folder, &parts.vault).await
    }

    /// Records that the gateway comes from a backup made at `made`, and has its key document count as newer than all that browsers
    /// can have seen: they refuse one that is older.
    ///
    /// # Errors
    /// [`WriteError`].
    pub async fn record_restored(
        &self,
        who: &str,
        made: &str,
        now: UnixSeconds,
    ) -> Result<(), WriteError> {
        let mut event = AuditEvent::new(Event::Restored, Outcome::Ok, now);
        event.who = Some(who.to_owned());
        event.reason = Some(format!("from the backup of {made}"));
        self.parts.writer.write(Restored { event, now }).await
    }
}

struct Restored {
    event: AuditEvent,
    now: UnixSeconds,
}

impl Change for Restored {
    type Answer = ();

    async fn apply(self, transaction: &mut Connection<'_>) -> Result<(), StoreError> {
        envelope_keys::leap(transaction, self.now).await?;
        AuditLog::put(transaction, &self.event).await
    }
}
