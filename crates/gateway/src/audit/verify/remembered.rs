//! What the store remembers of the trail's end: enough to tell one that was cut off or written anew.

use std::collections::BTreeMap;
use std::path::Path;

use crate::audit::line::{End, without_brace};
use crate::audit::outbox;
use crate::store::{Connection, Place, Store, StoreError};
use crate::vault::Vault;

/// What the store of the same data folder remembers, as far as the gateway has sealed it.
#[derive(Clone, Debug)]
pub struct Remembered {
    /// The last line that left the outbox.
    pub(super) mark: End,
    /// Lines that are in the outbox still, as far as their events tell; the file has them, or will have them at once.
    pub(super) rows: BTreeMap<i64, String>,
    /// The last line that there must be.
    last: i64,
    /// The highest number that was given to a line when the store was looked at last.
    pub(super) given: Given,
    /// Whether there is something that the gateway has not sealed.
    pub(super) has_strange: bool,
}

/// The highest number that was given to a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Given {
    Through(i64),
    /// Somebody else has written what the store remembers.
    Unknown,
}

impl Remembered {
    /// Reads it from `store.sqlite`, also while a gateway runs.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn read(vault: &Vault, store: &Path) -> Result<Self, StoreError> {
        let mut connection = Store::reading_connection(&Place::Sqlite(store.to_owned())).await?;
        let remembered = Self::of(vault, &mut connection).await?;
        connection.close().await?;
        Ok(remembered)
    }

    /// Reads it where a store is open already.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn of(vault: &Vault, connection: &mut Connection<'_>) -> Result<Self, StoreError> {
        // One moment's view.
        let mut transaction = connection.view().await?;
        let (mark, given) = marked(vault, &mut transaction).await?;
        let mut remembered = Self {
            mark,
            rows: BTreeMap::new(),
            last: match given {
                Given::Through(given) => given.max(mark.seq),
                Given::Unknown => 0,
            },
            given,
            has_strange: given == Given::Unknown,
        };
        let mut last = mark.seq;
        loop {
            let some = outbox::after(&mut transaction, last).await?;
            let Some(row) = some.last() else { break };
            last = row.seq;
            for row in some {
                if row.is_sealed(vault) {
                    let told = without_brace(&row.line).to_owned();
                    remembered.rows.insert(row.seq, told);
                    remembered.last = remembered.last.max(row.seq);
                } else {
                    remembered.has_strange = true;
                }
            }
        }
        Ok(remembered)
    }

    /// Takes notice of the numbers that a running gateway has given since, to be called when the trail's files are open: what
    /// they have above these is nobody's.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn look_again(
        &mut self,
        vault: &Vault,
        connection: &mut Connection<'_>,
    ) -> Result<(), StoreError> {
        let mut transaction = connection.view().await?;
        let (_, given) = marked(vault, &mut transaction).await?;
        self.given = given;
        self.has_strange |= given == Given::Unknown;
        Ok(())
    }

    /// Number of the last line that there must be.
    #[must_use]
    pub fn last(&self) -> i64 {
        self.last
    }
}

/// What the store remembers, if the gateway has sealed it.
async fn marked(
    vault: &Vault,
    connection: &mut Connection<'_>,
) -> Result<(End, Given), StoreError> {
    let mark = outbox::mark(connection).await?;
    let last = outbox::last_given(connection).await?;
    Ok(if mark.is_sealed(vault, last) {
        (mark.end, Given::Through(mark.given))
    } else {
        (End::NONE, Given::Unknown)
    })
}
