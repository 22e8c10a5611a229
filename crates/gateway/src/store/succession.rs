//! What the present identity key signed when it took another one's place: see [`crate::identity::succession`].

use sqlx::SqliteConnection;

use super::StoreError;

/// The text; none before the first replacement.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub async fn read(connection: &mut SqliteConnection) -> Result<Option<String>, StoreError> {
    Ok(sqlx::query_scalar("SELECT jws FROM identity_succession")
        .fetch_optional(connection)
        .await?)
}

/// Puts another text in its place.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub async fn put(connection: &mut SqliteConnection, jws: &str) -> Result<(), StoreError> {
    sqlx::query("INSERT OR REPLACE INTO identity_succession (one, jws) VALUES (1, ?)")
        .bind(jws)
        .execute(connection)
        .await?;
    Ok(())
}
