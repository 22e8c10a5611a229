//! The rows of last tests, as they lie there: nothing of them is to be believed before the seal was looked at.

use envelope::DataFactoryName;

use super::StoreError;
use super::connection::Connection;
use super::statement::{Query, Row, query};

/// How the last test of what is stored for a linked service ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastTestRow {
    /// Data factory.
    pub df: String,
    /// Linked service.
    pub ls: String,
    /// The version that was tested.
    pub version: i64,
    /// When it ended, in seconds since the Unix epoch.
    pub ended_at: i64,
    /// Why it failed; empty if it passed.
    pub cause: String,
    /// The term of the seal.
    pub term: i64,
    /// See [`crate::custody::last_tests`].
    pub seal: Vec<u8>,
}

/// The rows of all linked services, of those of a data factory, or of one of them. What somebody else has written in another type is
/// left out.
///
/// # Errors
/// [`StoreError::Database`].
pub async fn read(
    connection: &mut Connection<'_>,
    df: Option<&DataFactoryName>,
    ls: Option<&str>,
) -> Result<Vec<LastTestRow>, StoreError> {
    let rows = query(
        "SELECT df, ls, version, ended_at, cause, term, seal FROM last_test \
         WHERE ($1 IS NULL OR df = $1) AND ($2 IS NULL OR ls = $2)",
    )
    .bind(df.map(DataFactoryName::as_str))
    .bind(ls)
    .rows(connection)
    .await?;
    Ok(rows.iter().filter_map(|row| whole(row).ok()).collect())
}

fn whole(row: &Row) -> Result<LastTestRow, sqlx::Error> {
    Ok(LastTestRow {
        df: row.get("df")?,
        ls: row.get("ls")?,
        version: row.get("version")?,
        ended_at: row.get("ended_at")?,
        cause: row.get("cause")?,
        term: row.get("term")?,
        seal: row.get("seal")?,
    })
}

/// Puts a row in the place of the one before.
#[must_use]
pub fn put(row: &LastTestRow) -> Query<'_> {
    query(
        "INSERT INTO last_test (df, ls, version, ended_at, cause, term, seal) VALUES ($1, $2, $3, $4, $5, $6, $7) \
         ON CONFLICT (df, ls) DO UPDATE SET version = excluded.version, ended_at = excluded.ended_at, \
         cause = excluded.cause, term = excluded.term, seal = excluded.seal",
    )
    .bind(&row.df)
    .bind(&row.ls)
    .bind(row.version)
    .bind(row.ended_at)
    .bind(&row.cause)
    .bind(row.term)
    .bind(row.seal.as_slice())
}

/// Removes a row, if there is one.
#[must_use]
pub fn remove<'q>(df: &'q str, ls: &'q str) -> Query<'q> {
    query("DELETE FROM last_test WHERE df = $1 AND ls = $2")
        .bind(df)
        .bind(ls)
}
