//! Audit lines on their way to the file.

use envelope::UnixSeconds;
use sqlx::SqliteConnection;

use super::line::{End, LineHash};
use super::{AuditEvent, Event, Outcome};
use crate::store::StoreError;

/// Lines read and appended at once.
const LINES_AT_ONCE: i64 = 1024;
/// So many lines have a checkpoint after them at once, fewer when they are an hour old.
const LINES_UNSIGNED: i64 = 256;
const SECONDS_UNSIGNED: u64 = 60 * 60;

/// A line as it waits.
pub(super) struct Row {
    pub(super) seq: i64,
    /// The event: a JSON object on one line.
    pub(super) line: String,
}

/// Writes an event within the caller's transaction.
pub(super) async fn put(
    connection: &mut SqliteConnection,
    event: &AuditEvent,
) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO audit_outbox (line) VALUES (?)")
        .bind(event.to_json())
        .execute(connection)
        .await?;
    Ok(())
}

/// The next lines after a number.
pub(super) async fn after(
    connection: &mut SqliteConnection,
    seq: i64,
) -> Result<Vec<Row>, StoreError> {
    let rows: Vec<(i64, String)> =
        sqlx::query_as("SELECT seq, line FROM audit_outbox WHERE seq > ? ORDER BY seq LIMIT ?")
            .bind(seq)
            .bind(LINES_AT_ONCE)
            .fetch_all(connection)
            .await?;
    rows.into_iter()
        .map(|(seq, line)| {
            // The store is not trusted to hold one line per row.
            if line.starts_with("{\"") && !line.contains('\n') {
                Ok(Row { seq, line })
            } else {
                Err(damaged("line"))
            }
        })
        .collect()
}

/// Removes lines that the file has for certain, and remembers the last of them; within the caller's transaction.
pub(super) async fn remove_through(
    connection: &mut SqliteConnection,
    end: &End,
) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM audit_outbox WHERE seq <= ?")
        .bind(end.seq)
        .execute(&mut *connection)
        .await?;
    sqlx::query("UPDATE audit_mark SET seq = ?1, head = ?2 WHERE seq < ?1")
        .bind(end.seq)
        .bind(end.head.to_string())
        .execute(connection)
        .await?;
    Ok(())
}

/// The last line that was in the file for certain when the outbox was last cleaned.
pub(super) async fn mark(connection: &mut SqliteConnection) -> Result<End, StoreError> {
    let (seq, head): (i64, String) = sqlx::query_as("SELECT seq, head FROM audit_mark")
        .fetch_one(connection)
        .await?;
    match LineHash::parse(&head) {
        Some(head) => Ok(End { seq, head }),
        None if head.is_empty() => Ok(End {
            seq,
            head: LineHash::NONE,
        }),
        None => Err(StoreError::Damaged {
            table: "audit_mark",
            what: "head",
        }),
    }
}

/// The highest number ever given.
pub(super) async fn last_given(connection: &mut SqliteConnection) -> Result<i64, StoreError> {
    let seq: Option<i64> =
        sqlx::query_scalar("SELECT seq FROM sqlite_sequence WHERE name = 'audit_outbox'")
            .fetch_optional(connection)
            .await?;
    Ok(seq.unwrap_or(0))
}

/// Number of the last checkpoint, and since when there have been lines after it.
pub(super) async fn unsigned(
    connection: &mut SqliteConnection,
) -> Result<(i64, Option<UnixSeconds>), StoreError> {
    let (seq, since): (i64, Option<i64>) =
        sqlx::query_as("SELECT checkpoint_seq, unsigned_since FROM audit_mark")
            .fetch_one(connection)
            .await?;
    let since = since.map(|since| UnixSeconds(u64::try_from(since).unwrap_or_default()));
    Ok((seq, since))
}

/// Whether lines have waited for a checkpoint long enough.
pub(super) fn is_due(since: UnixSeconds, now: UnixSeconds) -> bool {
    now.0.saturating_sub(since.0) >= SECONDS_UNSIGNED
}

/// When a checkpoint is put after the lines that have none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum When {
    /// When they are many, or old.
    Due,
    /// At once.
    Now,
}

/// Puts a checkpoint after lines that have none, within the caller's transaction and after everything else in it.
pub(super) async fn sign(
    connection: &mut SqliteConnection,
    when: When,
    now: UnixSeconds,
) -> Result<(), StoreError> {
    let given = last_given(&mut *connection).await?;
    let (signed, since) = unsigned(&mut *connection).await?;
    if given <= signed {
        return Ok(());
    }
    let due = given - signed >= LINES_UNSIGNED || since.is_some_and(|since| is_due(since, now));
    if due || when == When::Now {
        let event = AuditEvent::new(Event::Checkpoint, Outcome::Ok, now);
        put(&mut *connection, &event).await?;
        sqlx::query("UPDATE audit_mark SET checkpoint_seq = ?, unsigned_since = NULL")
            .bind(last_given(&mut *connection).await?)
            .execute(connection)
            .await?;
    } else if since.is_none() {
        sqlx::query("UPDATE audit_mark SET unsigned_since = ?")
            .bind(i64::try_from(now.0).unwrap_or(i64::MAX))
            .execute(connection)
            .await?;
    }
    Ok(())
}

/// Gives no number up to this one any more; within the caller's transaction.
pub(super) async fn skip_to(connection: &mut SqliteConnection, seq: i64) -> Result<(), StoreError> {
    // SQLite's documented way: the row of an AUTOINCREMENT table may be changed or made.
    sqlx::query("DELETE FROM sqlite_sequence WHERE name = 'audit_outbox' AND seq < ?")
        .bind(seq)
        .execute(&mut *connection)
        .await?;
    sqlx::query(
        "INSERT INTO sqlite_sequence (name, seq) SELECT 'audit_outbox', ? \
         WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'audit_outbox')",
    )
    .bind(seq)
    .execute(connection)
    .await?;
    Ok(())
}

fn damaged(what: &'static str) -> StoreError {
    StoreError::Damaged {
        table: "audit_outbox",
        what,
    }
}
