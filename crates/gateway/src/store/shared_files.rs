//! Key files that all gateways of a shared store need. They lie in the store as in a data folder: protected under the keyring.

use super::StoreError;
use super::connection::Connection;
use super::statement::query;

/// All of them: names in the data folder, and contents.
///
/// # Errors
/// [`StoreError::Database`].
pub async fn read(connection: &mut Connection<'_>) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
    let all = query("SELECT name, content FROM shared_file ORDER BY name");
    Ok(all.all(connection).await?)
}

/// Puts one there, or another content in its place.
///
/// # Errors
/// [`StoreError::Database`].
pub async fn put(
    connection: &mut Connection<'_>,
    name: &str,
    content: &[u8],
) -> Result<(), StoreError> {
    let put = "INSERT INTO shared_file (name, content) VALUES ($1, $2) \
         ON CONFLICT (name) DO UPDATE SET content = excluded.content";
    query(put)
        .bind(name)
        .bind(content)
        .execute(connection)
        .await?;
    Ok(())
}

/// Removes one.
///
/// # Errors
/// [`StoreError::Database`].
pub async fn remove(connection: &mut Connection<'_>, name: &str) -> Result<(), StoreError> {
    query("DELETE FROM shared_file WHERE name = $1")
        .bind(name)
        .execute(connection)
        .await?;
    Ok(())
}
