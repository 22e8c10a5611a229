//! Everything that the store has for one linked service, as it lies there: the credential's row and the row of its last
//! version with the seal. Nothing of it is to be believed before the seal was looked at.

use envelope::{DataFactoryName, LinkedServiceName};
use sqlx::AssertSqlSafe;

use super::StoreError;
use super::connection::Connection;
use super::credentials::Columns;
use super::statement::{Query, Raw, Row, query};
use crate::keyring::Term;
use crate::vault::Protected;

/// One linked service.
pub struct Entry {
    /// Data factory, as far as it is text.
    pub df: String,
    /// Linked service, as far as it is text.
    pub ls: String,
    /// The two as they lie there.
    pub key: Key,
    /// The credential's row, if there is one.
    pub columns: Result<Option<Columns>, Unreadable>,
    /// The row of the last version, if there is one.
    pub version: Result<Option<VersionRow>, Unreadable>,
}

/// Data factory and linked service as bytes: what somebody else has written need not be text, nor a name.
pub type Key = (Vec<u8>, Vec<u8>);

/// A column does not have the type that it is declared with, or the names are none that a gateway allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unreadable;

/// The last version given out, and the seal of what there is of it.
#[derive(Clone)]
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
/// [`StoreError::Database`].
pub async fn read(
    connection: &mut Connection<'_>,
    df: &str,
    ls: &str,
) -> Result<Entry, StoreError> {
    let statement = format!("{SELECT} FROM (SELECT $1 AS df, $2 AS ls) k {JOINS}");
    let rows = query(AssertSqlSafe(statement))
        .bind(df)
        .bind(ls)
        .rows(connection)
        .await?;
    entry(rows.first().ok_or(sqlx::Error::RowNotFound)?)
}

/// All linked services that have a credential, or those of one data factory, by name.
///
/// # Errors
/// [`StoreError::Database`].
pub async fn list(
    connection: &mut Connection<'_>,
    df: Option<&DataFactoryName>,
) -> Result<Vec<Entry>, StoreError> {
    let statement = format!(
        "{SELECT} FROM (SELECT df, ls FROM credential) k {JOINS} WHERE $1 IS NULL OR k.df = $1 ORDER BY k.df, k.ls"
    );
    let rows = query(AssertSqlSafe(statement))
        .bind(df.map(DataFactoryName::as_str))
        .rows(connection)
        .await?;
    rows.iter().map(entry).collect()
}

/// The data factories that have a row for a linked service of this name.
///
/// # Errors
/// [`StoreError::Database`].
pub async fn factories_with(
    connection: &mut Connection<'_>,
    ls: &LinkedServiceName,
) -> Result<Vec<String>, StoreError> {
    let names = query("SELECT df FROM credential WHERE ls = $1 ORDER BY df");
    let names: Vec<(Raw,)> = names.bind(ls.as_str()).all(connection).await?;
    // What is no name has no credential.
    let text = names
        .into_iter()
        .filter_map(|(name,)| String::from_utf8(name.0).ok());
    Ok(text.collect())
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
/// [`StoreError::Database`].
pub async fn after(
    connection: &mut Connection<'_>,
    which: Which,
    (df, ls): (&[u8], &[u8]),
    limit: u32,
) -> Result<Vec<Entry>, StoreError> {
    // The bounds are within: SQLite then merges both tables in the order of their keys, and stops at the limit.
    let bounds = "WHERE (df, ls) > (CAST($1 AS TEXT), CAST($2 AS TEXT)) AND ($3 = 0 OR term <> $3)";
    let statement = format!(
        "{SELECT} FROM (SELECT df, ls FROM credential {bounds} UNION SELECT df, ls FROM last_version {bounds} \
         ORDER BY df, ls LIMIT $4) k {JOINS} ORDER BY k.df, k.ls"
    );
    let term = match which {
        Which::All => 0,
        Which::NotUnder(term) => i64::from(term.0),
    };
    let rows = query(AssertSqlSafe(statement))
        .bind(connection.name(df))
        .bind(connection.name(ls))
        .bind(term)
        .bind(i64::from(limit))
        .rows(connection)
        .await?;
    rows.iter().map(entry).collect()
}

/// Remembers the last version with its seal.
#[must_use]
pub fn put_version<'q>(df: &'q str, ls: &'q str, row: &'q VersionRow) -> Query<'q> {
    query(
        "INSERT INTO last_version (df, ls, version, term, seal) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (df, ls) DO UPDATE SET version = excluded.version, term = excluded.term, seal = excluded.seal",
    )
    .bind(df)
    .bind(ls)
    .bind(row.version)
    .bind(row.term)
    .bind(row.seal.as_slice())
}

/// What the store as a whole is like, if that is there and readable.
///
/// # Errors
/// [`StoreError::Database`].
pub async fn state(connection: &mut Connection<'_>) -> Result<Option<Protected>, StoreError> {
    let rows = query("SELECT term, salt, nonce, ciphertext FROM store_state")
        .rows(connection)
        .await?;
    Ok(rows.first().and_then(|row| {
        let bytes = |column| row.get::<Vec<u8>>(column).ok();
        Some(Protected {
            term: Term::from_stored(row.get("term").ok()?)?,
            salt: bytes("salt")?.try_into().ok()?,
            nonce: bytes("nonce")?.try_into().ok()?,
            ciphertext: bytes("ciphertext")?,
        })
    }))
}

/// Puts it down.
#[must_use]
pub fn put_state(state: &Protected) -> Query<'_> {
    query(
        "INSERT INTO store_state (one, term, salt, nonce, ciphertext) VALUES (1, $1, $2, $3, $4) ON CONFLICT (one) \
         DO UPDATE SET term = excluded.term, salt = excluded.salt, nonce = excluded.nonce, ciphertext = excluded.ciphertext",
    )
    .bind(i64::from(state.term.0))
    .bind(state.salt.as_slice())
    .bind(state.nonce.as_slice())
    .bind(state.ciphertext.as_slice())
}

/// Removes what is stored under a name that no gateway allows.
///
/// # Errors
/// [`StoreError::Database`].
pub async fn remove_foreign(
    connection: &mut Connection<'_>,
    (df, ls): &Key,
) -> Result<(), StoreError> {
    for table in ["credential", "last_version", "last_test"] {
        let statement =
            format!("DELETE FROM {table} WHERE df = CAST($1 AS TEXT) AND ls = CAST($2 AS TEXT)");
        query(AssertSqlSafe(statement))
            .bind(connection.name(df))
            .bind(connection.name(ls))
            .execute(connection)
            .await?;
    }
    Ok(())
}

impl Entry {
    /// Whether no gateway has ever had anything under this name.
    #[must_use]
    pub fn is_foreign(&self) -> bool {
        let is_name = |key: &[u8], text: &str| key == text.as_bytes();
        let (df, ls) = &self.key;
        !(is_name(df, &self.df)
            && is_name(ls, &self.ls)
            && DataFactoryName::parse(&self.df).is_ok()
            && LinkedServiceName::parse(&self.ls).is_ok())
    }
}

fn entry(row: &Row) -> Result<Entry, StoreError> {
    let key: Key = (row.get::<Raw>("key_df")?.0, row.get::<Raw>("key_ls")?.0);
    let text = |name: &[u8]| String::from_utf8_lossy(name).into_owned();
    let mut entry = Entry {
        df: text(&key.0),
        ls: text(&key.1),
        key,
        columns: columns(row),
        version: version(row),
    };
    if entry.is_foreign() {
        (entry.columns, entry.version) = (Err(Unreadable), Err(Unreadable));
    }
    Ok(entry)
}

fn columns(row: &Row) -> Result<Option<Columns>, Unreadable> {
    match row.get::<Option<String>>("df") {
        Ok(None) => Ok(None),
        Ok(Some(_)) => Columns::of_row(row).map(Some).map_err(|_| Unreadable),
        Err(_) => Err(Unreadable),
    }
}

fn version(row: &Row) -> Result<Option<VersionRow>, Unreadable> {
    let whole = || {
        let Some(version) = row.get::<Option<i64>>("last")? else {
            return Ok(None);
        };
        Ok(Some(VersionRow {
            version,
            term: row.get("seal_term")?,
            seal: row.get("seal")?,
        }))
    };
    whole().map_err(|_: sqlx::Error| Unreadable)
}
