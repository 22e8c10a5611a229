//! What the present identity key signed when it took another one's place: see [`crate::identity::succession`]. Nobody can put
//! anything else there, but everybody can take it away, so that the protected state has its digest.

use sha2::{Digest, Sha256};

use super::StoreError;
use super::connection::Connection;
use super::statement::query;
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
/// [`StoreError::Database`].
pub async fn read(connection: &mut Connection<'_>) -> Result<Option<String>, StoreError> {
    let row: Option<(String,)> = query("SELECT jws FROM identity_succession")
        .first(connection)
        .await?;
    Ok(row.map(|(jws,)| jws))
}

/// Puts another text in its place.
///
/// # Errors
/// [`StoreError::Database`].
pub async fn put(connection: &mut Connection<'_>, jws: &str) -> Result<(), StoreError> {
    query("INSERT INTO identity_succession (one, jws) VALUES (1, $1) ON CONFLICT (one) DO UPDATE SET jws = excluded.jws")
        .bind(jws)
        .execute(connection)
        .await?;
    Ok(())
}
