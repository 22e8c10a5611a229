//! What the store remembers of the trail's end: enough to tell one that was cut off or written anew.

use std::collections::BTreeMap;
use std::path::Path;

use sqlx::{Connection, SqliteConnection};

use crate::audit::line::{End, without_brace};
use crate::audit::outbox;
use crate::store::{Store, StoreError};

/// What the store of the same data folder remembers.
#[derive(Clone, Debug)]
pub struct Remembered {
    /// The last line that left the outbox.
    pub(super) mark: End,
    /// Lines that are in the outbox still, as far as their events tell; the file has them, or will have them at once.
    pub(super) rows: BTreeMap<i64, String>,
}

impl Remembered {
    /// Reads it from `store.sqlite`, also while a gateway runs.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn read(store: &Path) -> Result<Self, StoreError> {
        let mut connection = Store::reading_connection(store).await?;
        let remembered = Self::of(&mut connection).await?;
        connection.close().await?;
        Ok(remembered)
    }

    /// Reads it where a store is open already.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn of(connection: &mut SqliteConnection) -> Result<Self, StoreError> {
        // One moment's view.
        let mut transaction = connection.begin().await?;
        let mark = outbox::mark(&mut transaction).await?.end;
        let mut rows = BTreeMap::new();
        let mut last = mark.seq;
        loop {
            let some = outbox::after(&mut transaction, last).await?;
            let Some(row) = some.last() else { break };
            last = row.seq;
            let told = |row: outbox::Row| (row.seq, without_brace(&row.line).to_owned());
            rows.extend(some.into_iter().map(told));
        }
        Ok(Self { mark, rows })
    }

    /// Number of the last line that there must be.
    #[must_use]
    pub fn last(&self) -> i64 {
        self.rows
            .last_key_value()
            .map_or(self.mark.seq, |(&seq, _)| seq)
    }
}
