//! From the outbox to the file: what every writing process does after each commit, and when it starts.

use std::path::Path;

use envelope::UnixSeconds;
use sqlx::{Connection, SqliteConnection};

use super::file::{AuditError, AuditFile, Ending, Locked};
use super::{AuditEvent, Event, Outcome, outbox};
use crate::store::StoreError;

/// The audit trail as the writer has it. Blocking where the file is concerned; see [`super`] for the whole procedure.
pub struct AuditLog {
    file: AuditFile,
    /// The highest number that is in the file for certain; the file may have been moved away since.
    durable: i64,
}

impl AuditLog {
    /// Opens the file, compares it with the store, and appends what a crash left in the outbox. A file that ends before
    /// or after the place that the store remembers is an event ([`Event::AuditGap`]), not an error.
    ///
    /// # Errors
    /// See [`AuditError`].
    pub async fn open(
        path: &Path,
        connection: &mut SqliteConnection,
        now: UnixSeconds,
    ) -> Result<Self, AuditError> {
        let mut file = AuditFile::open(path)?;
        let mut locked = file.lock()?;
        let in_file = whole_ending(&mut locked, connection, now).await?;
        let mark = outbox::mark(connection).await?;
        let given = outbox::last_given(connection).await?;
        if in_file < mark || in_file > given {
            record_gap(connection, in_file, mark, given, now).await?;
        }
        let mut durable = mark.max(in_file);
        append_pending(&mut locked, connection, &mut durable).await?;
        drop(locked);
        Ok(Self { file, durable })
    }

    /// Writes an event to the outbox within the caller's transaction.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub async fn put(
        transaction: &mut SqliteConnection,
        event: &AuditEvent,
    ) -> Result<(), StoreError> {
        outbox::put(transaction, event).await
    }

    /// The highest number that the store has given to an event.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub async fn last_given(connection: &mut SqliteConnection) -> Result<u64, StoreError> {
        let given = outbox::last_given(connection).await?;
        Ok(u64::try_from(given).unwrap_or_default())
    }

    /// Appends everything committed so far to the file and syncs it.
    ///
    /// # Errors
    /// See [`AuditError`]; the lines stay in the outbox.
    pub async fn flush(
        &mut self,
        connection: &mut SqliteConnection,
        now: UnixSeconds,
    ) -> Result<(), AuditError> {
        let mut locked = self.file.lock()?;
        let in_file = whole_ending(&mut locked, connection, now).await?;
        self.durable = self.durable.max(in_file);
        append_pending(&mut locked, connection, &mut self.durable).await
    }

    /// Removes lines from the outbox that the file has, within the caller's transaction.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub async fn forget_durable(
        &self,
        transaction: &mut SqliteConnection,
    ) -> Result<(), StoreError> {
        outbox::remove_through(transaction, self.durable).await
    }
}

/// The last number in the file, after cutting off a torn line. The event is committed first: if this process dies between
/// the two, the next one cuts (and says so again), but no cut goes unrecorded.
async fn whole_ending(
    locked: &mut Locked<'_>,
    connection: &mut SqliteConnection,
    now: UnixSeconds,
) -> Result<i64, AuditError> {
    loop {
        match locked.ending()? {
            Ending::Whole(seq) => return Ok(seq),
            Ending::Torn(bytes) => {
                let mut event = AuditEvent::new(Event::AuditRepaired, Outcome::Ok, now);
                event.reason = Some(format!("cut off {bytes} bytes of an unfinished last line"));
                put_alone(connection, &event, 0).await?;
                locked.cut(bytes)?;
            }
        }
    }
}

async fn record_gap(
    connection: &mut SqliteConnection,
    in_file: i64,
    mark: i64,
    given: i64,
    now: UnixSeconds,
) -> Result<(), AuditError> {
    let mut event = AuditEvent::new(Event::AuditGap, Outcome::Ok, now);
    event.reason = Some(if in_file < mark {
        format!(
            "the file ends with line {in_file}, lines up to {mark} were in it: cut or moved away"
        )
    } else {
        format!(
            "the file ends with line {in_file}, the store has given numbers up to {given}: an older store was put back"
        )
    });
    // Numbers go on after the file's last, or its new lines would be taken for written.
    put_alone(connection, &event, in_file).await
}

/// Writes one event in a transaction of its own, with a number above `above`.
async fn put_alone(
    connection: &mut SqliteConnection,
    event: &AuditEvent,
    above: i64,
) -> Result<(), AuditError> {
    let mut transaction = connection
        .begin_with("BEGIN IMMEDIATE")
        .await
        .map_err(StoreError::from)?;
    outbox::skip_to(&mut transaction, above).await?;
    outbox::put(&mut transaction, event).await?;
    transaction.commit().await.map_err(StoreError::from)?;
    Ok(())
}

async fn append_pending(
    locked: &mut Locked<'_>,
    connection: &mut SqliteConnection,
    durable: &mut i64,
) -> Result<(), AuditError> {
    while let Some((lines, last)) = outbox::after(connection, *durable).await? {
        locked.append(&lines, last)?;
        *durable = last;
    }
    Ok(())
}
