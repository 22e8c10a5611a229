//! Everything that the store has for one linked service, as it lies there: the credential's row and the row of its last
//! version with the seal. Nothing of it is to be believed before the seal was looked at.

use envelope::{DataFactoryName, LinkedServiceName};
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, Row, SqliteConnection};

use super::StoreError;
use super::credentials::Columns;
use crate::keyring::Term;
use crate::vault::Protected;

/// One linked service.
pub struct Entry {
    /// Data factory.
    pub df: String,
    /// Linked service.
    pub ls: String,
    /// The credential's row, if there is one.
    pub columns: Result<Option<Columns>, Unreadable>,
    /// The row of the last version, if there is one.
    pub version: Result<Option<VersionRow>, Unreadable>,
}

/// A column does not have the type that it is declared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unreadable;

/// The last version given out, and the seal of what there is of it.
pub struct VersionRow {
    /// Counts from 1 per linked service.
    pub version: i64,
    /// The term of the seal.
    pub term: i64,
    /// See [`crate::vault::seal`].
    pub seal: Vec<u8>,
}

impl VersionRow {
    /// The term of the seal; none if there is no such term.
    #[must_use]
    pub fn sealed_under(&self) -> Option<Term> {
        Term::from_stored(self.term)
    }
}

const SELECT: &str = "SELECT k.df AS key_df, k.ls AS key_ls, c.*, v.version AS last, v.term AS seal_term, v.seal AS seal";
const JOINS: &str = "LEFT JOIN credential c ON c.df = k.df AND c.ls = k.ls \
     LEFT JOIN last_version v ON v.df = k.df AND v.ls = k.ls";

/// What there is of one linked service: of one moment, because it is one statement.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub async fn read(
    connection: &mut SqliteConnection,
    df: &str,
    ls: &str,
) -> Result<Entry, StoreError> {
    let query = format!("{SELECT} FROM (SELECT ?1 AS df, ?2 AS ls) k {JOINS}");
    let row = sqlx::query(AssertSqlSafe(query))
        .bind(df)
        .bind(ls)
        .fetch_one(connection)
        .await?;
    entry(&row)
}

/// All linked services that have a credential, or those of one data factory, by name.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub async fn list(
    connection: &mut SqliteConnection,
    df: Option<&DataFactoryName>,
) -> Result<Vec<Entry>, StoreError> {
    let query = format!(
        "{SELECT} FROM (SELECT df, ls FROM credential) k {JOINS} WHERE ?1 IS NULL OR k.df = ?1 ORDER BY k.df, k.ls"
    );
    let rows = sqlx::query(AssertSqlSafe(query))
        .bind(df.map(DataFactoryName::as_str))
        .fetch_all(connection)
        .await?;
    rows.iter().map(entry).collect()
}

/// The data factories that have a row for a linked service of this name.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub async fn factories_with(
    connection: &mut SqliteConnection,
    ls: &LinkedServiceName,
) -> Result<Vec<String>, StoreError> {
    let names = sqlx::query_scalar("SELECT df FROM credential WHERE ls = ? ORDER BY df");
    Ok(names.bind(ls.as_str()).fetch_all(connection).await?)
}

/// Which linked services are meant.
#[derive(Clone, Copy, Debug)]
pub enum Which {
    /// All.
    All,
    /// Those of which something is not under this term.
    NotUnder(Term),
}

/// The next linked services by name, after one.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub async fn after(
    connection: &mut SqliteConnection,
    which: Which,
    (df, ls): (&str, &str),
    limit: u32,
) -> Result<Vec<Entry>, StoreError> {
    // The bounds are within: SQLite then merges both tables in the order of their keys, and stops at the limit.
    let bounds = "WHERE (df, ls) > (?1, ?2) AND (?3 = 0 OR term <> ?3)";
    let query = format!(
        "{SELECT} FROM (SELECT df, ls FROM credential {bounds} UNION SELECT df, ls FROM last_version {bounds} \
         ORDER BY df, ls LIMIT ?4) k {JOINS} ORDER BY k.df, k.ls"
    );
    let term = match which {
        Which::All => 0,
        Which::NotUnder(term) => i64::from(term.0),
    };
    let rows = sqlx::query(AssertSqlSafe(query))
        .bind(df)
        .bind(ls)
        .bind(term)
        .bind(limit)
        .fetch_all(connection)
        .await?;
    rows.iter().map(entry).collect()
}

/// Remembers the last version with its seal.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub async fn put_version(
    connection: &mut SqliteConnection,
    df: &str,
    ls: &str,
    row: &VersionRow,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT OR REPLACE INTO last_version (df, ls, version, term, seal) VALUES (?, ?, ?, ?, ?)",
    )
    .bind(df)
    .bind(ls)
    .bind(row.version)
    .bind(row.term)
    .bind(&row.seal)
    .execute(connection)
    .await?;
    Ok(())
}

/// What the store as a whole is like, if that is there and readable.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub async fn state(connection: &mut SqliteConnection) -> Result<Option<Protected>, StoreError> {
    let row = sqlx::query("SELECT term, salt, nonce, ciphertext FROM store_state")
        .fetch_optional(connection)
        .await?;
    Ok(row.and_then(|row| {
        let bytes = |column| row.try_get::<Vec<u8>, _>(column).ok();
        Some(Protected {
            term: Term::from_stored(row.try_get("term").ok()?)?,
            salt: bytes("salt")?.try_into().ok()?,
            nonce: bytes("nonce")?.try_into().ok()?,
            ciphertext: bytes("ciphertext")?,
        })
    }))
}

/// Puts it down.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub async fn put_state(
    connection: &mut SqliteConnection,
    state: &Protected,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT OR REPLACE INTO store_state (one, term, salt, nonce, ciphertext) VALUES (1, ?, ?, ?, ?)",
    )
    .bind(i64::from(state.term.0))
    .bind(state.salt.as_slice())
    .bind(state.nonce.as_slice())
    .bind(&state.ciphertext)
    .execute(connection)
    .await?;
    Ok(())
}

fn entry(row: &SqliteRow) -> Result<Entry, StoreError> {
    Ok(Entry {
        df: row.try_get("key_df")?,
        ls: row.try_get("key_ls")?,
        columns: columns(row),
        version: version(row),
    })
}

fn columns(row: &SqliteRow) -> Result<Option<Columns>, Unreadable> {
    match row.try_get::<Option<String>, _>("df") {
        Ok(None) => Ok(None),
        Ok(Some(_)) => Columns::of_row(row).map(Some).map_err(|_| Unreadable),
        Err(_) => Err(Unreadable),
    }
}

fn version(row: &SqliteRow) -> Result<Option<VersionRow>, Unreadable> {
    let whole = || {
        let Some(version) = row.try_get::<Option<i64>, _>("last")? else {
            return Ok(None);
        };
        Ok(Some(VersionRow {
            version,
            term: row.try_get("seal_term")?,
            seal: row.try_get("seal")?,
        }))
    };
    whole().map_err(|_: sqlx::Error| Unreadable)
}
