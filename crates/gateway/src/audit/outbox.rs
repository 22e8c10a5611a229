//! Audit lines on their way to the file.

use envelope::UnixSeconds;

use super::line::{End, LineHash};
use super::{AuditEvent, Event, Outcome};
use crate::store::StoreError;
use crate::store::connection::Connection;
use crate::store::statement::{Raw, query};

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
    connection: &mut Connection<'_>,
    event: &AuditEvent,
) -> Result<(), StoreError> {
    // A sequence of PostgreSQL's would leave out the numbers of what was rolled back.
    let insert = connection.either(
        "INSERT INTO audit_outbox (line) VALUES ($1)",
        "WITH given AS (UPDATE audit_number SET seq = greatest(seq, coalesce((SELECT max(seq) FROM audit_outbox), 0)) + 1 RETURNING seq) \
         INSERT INTO audit_outbox (seq, line) SELECT seq, $1 FROM given",
    );
    query(insert)
        .bind(&event.to_json())
        .execute(connection)
        .await?;
    Ok(())
}

/// The next lines after a number, as they lie there.
pub(super) async fn after(
    connection: &mut Connection<'_>,
    seq: i64,
) -> Result<Vec<Row>, StoreError> {
    // Bytes: what somebody else has written need not be text.
    let rows: Vec<(i64, Raw, i64, Vec<u8>)> = query(
        "SELECT seq, line, term, seal FROM audit_outbox WHERE seq > $1 ORDER BY seq LIMIT $2",
    )
    .bind(seq)
    .bind(LINES_AT_ONCE)
    .all(connection)
    .await?;
    let row = |(seq, line, term, bytes): (i64, Raw, _, _)| Row {
        seq,
        line: String::from_utf8_lossy(&line.0).into_owned(),
        seal: Seal { term, bytes },
    };
    Ok(rows.into_iter().map(row).collect())
}

/// Removes lines that the file has for certain, and remembers the last of them; within the caller's transaction.
pub(super) async fn remove_through(
    connection: &mut Connection<'_>,
    end: &End,
) -> Result<(), StoreError> {
    query("DELETE FROM audit_outbox WHERE seq <= $1")
        .bind(end.seq)
        .execute(connection)
        .await?;
    query("UPDATE audit_mark SET seq = $1, head = $2 WHERE seq < $1")
        .bind(end.seq)
        .bind(&end.head.to_string())
        .execute(connection)
        .await?;
    Ok(())
}

/// What is remembered, as it lies there.
pub(super) async fn mark(connection: &mut Connection<'_>) -> Result<Mark, StoreError> {
    type Columns = (i64, Raw, i64, Option<i64>, i64, i64, Vec<u8>);
    let (seq, head, checkpoint_seq, unsigned_since, given, term, bytes): Columns = query(
        "SELECT seq, head, checkpoint_seq, unsigned_since, given, term, seal FROM audit_mark",
    )
    .one(connection)
    .await?;
    // Before the first line it is empty; what is no hash has no seal.
    let head = str::from_utf8(&head.0).ok().and_then(LineHash::parse);
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
pub(super) async fn put_mark(connection: &mut Connection<'_>, end: &End) -> Result<(), StoreError> {
    query(
        "UPDATE audit_mark SET seq = $1, head = $2, checkpoint_seq = 0, unsigned_since = 0, given = 0",
    )
    .bind(end.seq)
    .bind(&end.head.to_string())
    .execute(connection)
    .await?;
    Ok(())
}

/// The highest number that the next line's is above.
pub(super) async fn last_given(connection: &mut Connection<'_>) -> Result<i64, StoreError> {
    let highest = connection.either(
        "SELECT max(coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'audit_outbox'), 0), \
         coalesce((SELECT max(seq) FROM audit_outbox), 0))",
        "SELECT greatest((SELECT seq FROM audit_number), (SELECT max(seq) FROM audit_outbox))",
    );
    let (given,): (i64,) = query(highest).one(connection).await?;
    Ok(given)
}

/// Number of the last checkpoint, and since when there have been lines after it.
pub(super) async fn unsigned(
    connection: &mut Connection<'_>,
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
    connection: &mut Connection<'_>,
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
        query("UPDATE audit_mark SET checkpoint_seq = $1, unsigned_since = NULL")
            .bind(last_given(&mut *connection).await?)
            .execute(connection)
            .await?;
    } else if since.is_none() {
        query("UPDATE audit_mark SET unsigned_since = $1")
            .bind(i64::try_from(now.0).unwrap_or(i64::MAX))
            .execute(connection)
            .await?;
    }
    Ok(())
}

/// Gives no number up to this one any more; within the caller's transaction.
pub(super) async fn skip_to(connection: &mut Connection<'_>, seq: i64) -> Result<(), StoreError> {
    if last_given(&mut *connection).await? < seq {
        go_on_after(connection, seq).await?;
    }
    Ok(())
}

/// Gives the next line the number after this one, if none is in use above it; within the caller's transaction.
pub(super) async fn go_on_after(
    connection: &mut Connection<'_>,
    seq: i64,
) -> Result<(), StoreError> {
    // SQLite's documented way: the row of an AUTOINCREMENT table may be changed or made.
    let (remove, insert) = connection.either(
        (
            "DELETE FROM sqlite_sequence WHERE name = 'audit_outbox'",
            "INSERT INTO sqlite_sequence (name, seq) VALUES ('audit_outbox', $1)",
        ),
        (
            "DELETE FROM audit_number",
            "INSERT INTO audit_number (one, seq) VALUES (1, $1)",
        ),
    );
    query(remove).execute(connection).await?;
    query(insert).bind(seq).execute(connection).await?;
    Ok(())
}
