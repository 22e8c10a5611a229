//! Audit lines on their way to the file.

use sqlx::SqliteConnection;

use super::AuditEvent;
use crate::store::StoreError;

/// Lines read and appended at once.
const LINES_AT_ONCE: i64 = 1024;

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

/// The next lines after a number, complete with theirs and a line feed; and the number of the last one.
pub(super) async fn after(
    connection: &mut SqliteConnection,
    seq: i64,
) -> Result<Option<(String, i64)>, StoreError> {
    let rows: Vec<(i64, String)> =
        sqlx::query_as("SELECT seq, line FROM audit_outbox WHERE seq > ? ORDER BY seq LIMIT ?")
            .bind(seq)
            .bind(LINES_AT_ONCE)
            .fetch_all(connection)
            .await?;
    let Some(&(last, _)) = rows.last() else {
        return Ok(None);
    };
    let mut lines = String::new();
    for (seq, line) in rows {
        // `line` is a JSON object with at least one member: the number goes in front of it.
        lines.push_str(&format!(
            "{{\"seq\":{seq},{}\n",
            line.strip_prefix('{').unwrap_or(&line)
        ));
    }
    Ok(Some((lines, last)))
}

/// Removes lines that the file has for certain, and remembers the highest number; within the caller's transaction.
pub(super) async fn remove_through(
    connection: &mut SqliteConnection,
    seq: i64,
) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM audit_outbox WHERE seq <= ?")
        .bind(seq)
        .execute(&mut *connection)
        .await?;
    sqlx::query("UPDATE audit_mark SET seq = max(seq, ?)")
        .bind(seq)
        .execute(connection)
        .await?;
    Ok(())
}

/// The highest number that was in the file for certain when the outbox was last cleaned.
pub(super) async fn mark(connection: &mut SqliteConnection) -> Result<i64, StoreError> {
    Ok(sqlx::query_scalar("SELECT seq FROM audit_mark")
        .fetch_one(connection)
        .await?)
}

/// The highest number ever given.
pub(super) async fn last_given(connection: &mut SqliteConnection) -> Result<i64, StoreError> {
    let seq: Option<i64> =
        sqlx::query_scalar("SELECT seq FROM sqlite_sequence WHERE name = 'audit_outbox'")
            .fetch_optional(connection)
            .await?;
    Ok(seq.unwrap_or(0))
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
