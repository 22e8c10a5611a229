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
    pub(super) seal: Seal,
}

/// What shows that this gateway has written something: see [`super::seals`].
pub(super) struct Seal {
    pub(super) term: i64,
    pub(super) bytes: Vec<u8>,
}

/// What the store remembers of the trail.
pub(super) struct Mark {
    /// The last line that was in the file for certain when the outbox was last cleaned.
    pub(super) end: End,
    /// Number of the last checkpoint, and since when there have been lines after it.
    pub(super) checkpoint_seq: i64,
    pub(super) unsigned_since: Option<i64>,
    /// The highest number that was given to a line.
    pub(super) given: i64,
    pub(super) seal: Seal,
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

/// The next lines after a number, as they lie there.
pub(super) async fn after(
    connection: &mut SqliteConnection,
    seq: i64,
) -> Result<Vec<Row>, StoreError> {
    // Bytes: what somebody else has written need not be text.
    let rows: Vec<(i64, Vec<u8>, i64, Vec<u8>)> = sqlx::query_as(
        "SELECT seq, CAST(line AS BLOB), term, seal FROM audit_outbox WHERE seq > ? ORDER BY seq LIMIT ?",
    )
    .bind(seq)
    .bind(LINES_AT_ONCE)
    .fetch_all(connection)
    .await?;
    let row = |(seq, line, term, bytes): (i64, Vec<u8>, _, _)| Row {
        seq,
        line: String::from_utf8_lossy(&line).into_owned(),
        seal: Seal { term, bytes },
    };
    Ok(rows.into_iter().map(row).collect())
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

/// What is remembered, as it lies there.
pub(super) async fn mark(connection: &mut SqliteConnection) -> Result<Mark, StoreError> {
    type Columns = (i64, Vec<u8>, i64, Option<i64>, i64, i64, Vec<u8>);
    let (seq, head, checkpoint_seq, unsigned_since, given, term, bytes): Columns = sqlx::query_as(
        "SELECT seq, CAST(head AS BLOB), checkpoint_seq, unsigned_since, given, term, seal FROM audit_mark",
    )
    .fetch_one(connection)
    .await?;
    // Before the first line it is empty; what is no hash has no seal.
    let head = str::from_utf8(&head).ok().and_then(LineHash::parse);
    let head = head.unwrap_or(LineHash::NONE);
    Ok(Mark {
        end: End { seq, head },
        checkpoint_seq,
        unsigned_since,
        given,
        seal: Seal { term, bytes },
    })
}

/// Remembers another end of the trail, and nothing of checkpoints: the next one comes at once.
pub(super) async fn put_mark(
    connection: &mut SqliteConnection,
    end: &End,
) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE audit_mark SET seq = ?, head = ?, checkpoint_seq = 0, unsigned_since = 0, given = 0",
    )
    .bind(end.seq)
    .bind(end.head.to_string())
    .execute(connection)
    .await?;
    Ok(())
}

/// The highest number that the next line's is above.
pub(super) async fn last_given(connection: &mut SqliteConnection) -> Result<i64, StoreError> {
    Ok(sqlx::query_scalar(
        "SELECT max(coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'audit_outbox'), 0), \
         coalesce((SELECT max(seq) FROM audit_outbox), 0))",
    )
    .fetch_one(connection)
    .await?)
}

/// Number of the last checkpoint, and since when there have been lines after it.
pub(super) async fn unsigned(
    connection: &mut SqliteConnection,
) -> Result<(i64, Option<UnixSeconds>), StoreError> {
    let mark = mark(connection).await?;
    let since = mark.unsigned_since;
    let since = since.map(|since| UnixSeconds(u64::try_from(since).unwrap_or_default()));
    Ok((mark.checkpoint_seq, since))
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
    if last_given(&mut *connection).await? < seq {
        go_on_after(connection, seq).await?;
    }
    Ok(())
}

/// Gives the next line the number after this one, if none is in use above it; within the caller's transaction.
pub(super) async fn go_on_after(
    connection: &mut SqliteConnection,
    seq: i64,
) -> Result<(), StoreError> {
    // SQLite's documented way: the row of an AUTOINCREMENT table may be changed or made.
    sqlx::query("DELETE FROM sqlite_sequence WHERE name = 'audit_outbox'")
        .execute(&mut *connection)
        .await?;
    sqlx::query("INSERT INTO sqlite_sequence (name, seq) VALUES ('audit_outbox', ?)")
        .bind(seq)
        .execute(connection)
        .await?;
    Ok(())
}
