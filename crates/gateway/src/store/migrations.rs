//! The store's format, brought up to date in one transaction. The number is SQLite's `user_version`.

use std::ops::Range;
use std::path::Path;

use sqlx::AssertSqlSafe;

use super::connection::Connection;
use super::statement::query;
use super::{StoreError, schema};

/// Each brings the format from its position in this list to the next.
const MIGRATIONS: &[&str] = &[
    include_str!("../../migrations/sqlite/0001_first.sql"),
    include_str!("../../migrations/sqlite/0002_envelope_keys.sql"),
    include_str!("../../migrations/sqlite/0003_audit_chain.sql"),
    include_str!("../../migrations/sqlite/0004_keyring.sql"),
    include_str!("../../migrations/sqlite/0005_identity.sql"),
    include_str!("../../migrations/sqlite/0006_audit_seals.sql"),
    include_str!("../../migrations/sqlite/0007_last_tests.sql"),
];

/// The file's format; 0 for an empty file.
pub(super) async fn format(connection: &mut Connection<'_>) -> Result<i64, StoreError> {
    let (format,): (i64,) = query("PRAGMA user_version").one(connection).await?;
    Ok(format)
}

/// Refuses every format but the latest, and what has anything else in it.
pub(super) async fn require_latest(
    connection: &mut Connection<'_>,
    path: &Path,
) -> Result<(), StoreError> {
    let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    match format(connection).await? {
        0 => Err(StoreError::Empty(path.to_owned())),
        found if found > known => Err(StoreError::TooNew { found, known }),
        found if found < known => Err(StoreError::Earlier { found, known }),
        _ => check_schema(connection).await,
    }
}

/// Refuses what has anything in it but what the latest format has.
pub(crate) async fn check_schema(connection: &mut Connection<'_>) -> Result<(), StoreError> {
    schema::check(connection, MIGRATIONS.len()).await
}

/// Brings the file to the latest format, if there is nothing in it but what its own format has.
pub(super) async fn run(connection: &mut Connection<'_>) -> Result<(), StoreError> {
    let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    if format(connection).await? == known {
        return check_schema(connection).await;
    }
    // IMMEDIATE: two processes starting at once must not both find the old format.
    let mut transaction = connection.begin().await?;
    let found = format(&mut transaction).await?;
    let done = usize::try_from(found)
        .ok()
        .filter(|&done| done <= MIGRATIONS.len());
    let Some(done) = done else {
        return Err(StoreError::TooNew { found, known });
    };
    schema::check(&mut transaction, done).await?;
    carry_out(&mut transaction, done..MIGRATIONS.len()).await?;
    // A PRAGMA takes no parameters; the value is a number of our own.
    let numbered = format!("PRAGMA user_version = {known}");
    transaction.carry_out(AssertSqlSafe(numbered)).await?;
    transaction.commit().await?;
    Ok(())
}

/// Carries out some of the migrations.
pub(super) async fn carry_out(
    connection: &mut Connection<'_>,
    which: Range<usize>,
) -> Result<(), StoreError> {
    for migration in &MIGRATIONS[which] {
        connection.carry_out(*migration).await?;
    }
    Ok(())
}
