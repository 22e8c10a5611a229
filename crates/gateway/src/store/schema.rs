//! What a store is made of. SQLite carries out what is written in the file itself, such as triggers and views, within every
//! statement: so a store has what the migrations make, and nothing else.

use sqlx::ConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;

use super::connection::Connection;
use super::statement::query;
use super::{StoreError, migrations};

const SELECT: &str = "SELECT type || ' ' || name || ' of ' || tbl_name, coalesce(sql, '') \
     FROM sqlite_schema ORDER BY type, name, tbl_name, sql";

/// Compares the store with an empty one of the same format, made in memory.
///
/// # Errors
/// [`StoreError::OtherSchema`], [`StoreError::Database`].
pub(super) async fn check(
    connection: &mut Connection<'_>,
    format: usize,
) -> Result<(), StoreError> {
    let in_memory = SqliteConnectOptions::new().in_memory(true);
    let model = in_memory.disable_statement_logging().connect().await?;
    let mut model = model.into();
    migrations::carry_out(&mut model, 0..format).await?;
    let expected = read(&mut model).await?;
    let found = read(connection).await?;
    let differs = found.iter().find(|object| !expected.contains(object));
    let lacks = expected.iter().find(|object| !found.contains(object));
    match differs.or(lacks) {
        None => Ok(()),
        Some((object, _)) => Err(StoreError::OtherSchema(
            object.escape_debug().take(100).collect(),
        )),
    }
}

async fn read(connection: &mut Connection<'_>) -> Result<Vec<(String, String)>, StoreError> {
    Ok(query(SELECT).all(connection).await?)
}
