//! What the present identity key signed when it took another one's place: see [`crate::identity::succession`]. Nobody can put
//! anything else there, but everybody can take it away, so that the protected state has its digest.

use sha2::{Digest, Sha256};
use sqlx::SqliteConnection;

use super::StoreError;
use crate::vault::length_prefixed;

/// SHA-256 of the text, or of none.
#[must_use]
pub fn digest(signed: Option<&str>) -> [u8; 32] {
    let parts: Vec<&[u8]> = signed.into_iter().map(str::as_bytes).collect();
    Sha256::digest(length_prefixed(&parts)).into()
}

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
