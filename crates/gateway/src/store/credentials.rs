//! The rows of stored credentials.

use std::collections::BTreeMap;

use envelope::protocol::StoredCredential;
use envelope::{DataFactoryName, Kid, LinkedServiceName, UnixSeconds};
use sha2::{Digest, Sha256};

use super::StoreError;
use super::connection::Connection;
use super::statement::{Query, Raw, Row, query};
use crate::keyring::Term;
use crate::vault::{Place, Protected, length_prefixed};

/// One row: what may be shown, and the protected record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CredentialRow {
    /// For listing. What the row's seal covers, and the protected record does not have.
    pub shown: StoredCredential,
    /// What is used to connect.
    pub protected: Protected,
}

impl CredentialRow {
    /// Where the record belongs.
    #[must_use]
    pub fn place(&self) -> Place<'_> {
        Place::Credential {
            df: &self.shown.df,
            ls: &self.shown.ls,
            kind: &self.shown.kind,
            version: self.shown.version,
        }
    }
}

/// A row as it lies in the store, column by column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Columns {
    texts: [String; TEXTS.len()],
    account: Option<String>,
    numbers: [i64; NUMBERS.len()],
    bytes: [Vec<u8>; BYTES.len()],
}

const TEXTS: [&str; 9] = [
    "df",
    "ls",
    "kind",
    "auth",
    "target",
    "properties",
    "secret_names",
    "kid",
    "set_by",
];
const NUMBERS: [&str; 3] = ["version", "set_at", "term"];
const BYTES: [&str; 3] = ["salt", "nonce", "ciphertext"];

impl Columns {
    /// The columns of a row.
    ///
    /// # Errors
    /// When one does not have the type that it is declared with.
    pub(super) fn of_row(row: &Row) -> Result<Self, sqlx::Error> {
        let mut columns = Self {
            texts: Default::default(),
            account: row.get("account")?,
            numbers: Default::default(),
            bytes: Default::default(),
        };
        for (text, name) in columns.texts.iter_mut().zip(TEXTS) {
            *text = row.get(name)?;
        }
        for (number, name) in columns.numbers.iter_mut().zip(NUMBERS) {
            *number = row.get(name)?;
        }
        for (bytes, name) in columns.bytes.iter_mut().zip(BYTES) {
            *bytes = row.get(name)?;
        }
        Ok(columns)
    }

    /// As a credential is written.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] if something in it cannot be written.
    pub fn of(row: &CredentialRow) -> Result<Self, StoreError> {
        let CredentialRow { shown, protected } = row;
        let json =
            |result: Result<String, serde_json::Error>, what| result.map_err(|_| damaged(what));
        Ok(Self {
            texts: [
                shown.df.to_string(),
                shown.ls.to_string(),
                shown.kind.clone(),
                shown.auth.clone(),
                shown.target.clone(),
                json(serde_json::to_string(&shown.properties), "properties")?,
                json(serde_json::to_string(&shown.secrets), "secret_names")?,
                shown.kid.to_string(),
                shown.set_by.clone(),
            ],
            account: shown.account.clone(),
            numbers: [
                number(shown.version, "version")?,
                number(shown.set_at.0, "set_at")?,
                i64::from(protected.term.0),
            ],
            bytes: [
                protected.salt.to_vec(),
                protected.nonce.to_vec(),
                protected.ciphertext.clone(),
            ],
        })
    }

    /// The version that the row says it is.
    #[must_use]
    pub fn version(&self) -> i64 {
        self.numbers[0]
    }

    /// SHA-256 of all columns, each with its length, so that no two rows have the same.
    #[must_use]
    pub fn digest(&self) -> [u8; 32] {
        let numbers = self.numbers.map(i64::to_be_bytes);
        let (is_there, account) = match &self.account {
            Some(account) => ([1], account.as_bytes()),
            None => ([0], [].as_slice()),
        };
        let mut parts: Vec<&[u8]> = self.texts.iter().map(String::as_bytes).collect();
        parts.extend([is_there.as_slice(), account]);
        parts.extend(numbers.iter().map(<[u8; 8]>::as_slice));
        parts.extend(self.bytes.iter().map(Vec::as_slice));
        Sha256::digest(length_prefixed(&parts)).into()
    }

    /// What the columns say.
    ///
    /// # Errors
    /// [`StoreError::Damaged`].
    pub fn read(&self) -> Result<CredentialRow, StoreError> {
        let [df, ls, kind, auth, target, properties, secrets, kid, set_by] = &self.texts;
        let [version, set_at, term] = self.numbers;
        let [salt, nonce, ciphertext] = &self.bytes;
        let count = |value, column| u64::try_from(value).map_err(|_| damaged(column));
        Ok(CredentialRow {
            shown: StoredCredential {
                df: DataFactoryName::parse(df).map_err(|_| damaged("df"))?,
                ls: LinkedServiceName::parse(ls).map_err(|_| damaged("ls"))?,
                kind: kind.clone(),
                auth: auth.clone(),
                target: target.clone(),
                account: self.account.clone(),
                properties: serde_json::from_str(properties).map_err(|_| damaged("properties"))?,
                secrets: serde_json::from_str(secrets).map_err(|_| damaged("secret_names"))?,
                version: count(version, "version")?,
                kid: Kid::parse(kid).map_err(|_| damaged("kid"))?,
                set_by: set_by.clone(),
                set_at: UnixSeconds(count(set_at, "set_at")?),
                last_test: None,
            },
            protected: Protected {
                term: Term::from_stored(term).ok_or_else(|| damaged("term"))?,
                salt: salt.as_slice().try_into().map_err(|_| damaged("salt"))?,
                nonce: nonce.as_slice().try_into().map_err(|_| damaged("nonce"))?,
                ciphertext: ciphertext.clone(),
            },
        })
    }
}

/// Puts a row in the place of the one before.
#[must_use]
pub fn replace(columns: &Columns) -> Query<'_> {
    let mut statement = query(
        "INSERT INTO credential (df, ls, kind, auth, target, properties, secret_names, kid, set_by, account, \
         version, set_at, term, salt, nonce, ciphertext) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) ON CONFLICT (df, ls) DO UPDATE SET \
         kind = excluded.kind, auth = excluded.auth, target = excluded.target, properties = excluded.properties, \
         secret_names = excluded.secret_names, kid = excluded.kid, set_by = excluded.set_by, account = excluded.account, \
         version = excluded.version, set_at = excluded.set_at, term = excluded.term, salt = excluded.salt, nonce = excluded.nonce, \
         ciphertext = excluded.ciphertext",
    );
    for text in &columns.texts {
        statement = statement.bind(text);
    }
    statement = statement.bind(columns.account.as_deref());
    for number in columns.numbers {
        statement = statement.bind(number);
    }
    for bytes in &columns.bytes {
        statement = statement.bind(bytes.as_slice());
    }
    statement
}

/// Removes a credential. Its versions stay used up.
///
/// # Errors
/// [`StoreError::Database`].
pub async fn delete(connection: &mut Connection<'_>, df: &str, ls: &str) -> Result<(), StoreError> {
    query("DELETE FROM credential WHERE df = $1 AND ls = $2")
        .bind(df)
        .bind(ls)
        .execute(connection)
        .await?;
    Ok(())
}

fn number(value: u64, what: &'static str) -> Result<i64, StoreError> {
    i64::try_from(value).map_err(|_| damaged(what))
}

fn damaged(what: &'static str) -> StoreError {
    StoreError::Damaged {
        table: "credential",
        what,
    }
}

/// How many rows there are for each envelope key.
///
/// # Errors
/// [`StoreError::Database`].
pub async fn count_by_kid(
    connection: &mut Connection<'_>,
) -> Result<BTreeMap<String, u64>, StoreError> {
    let rows: Vec<(Raw, i64)> = query("SELECT kid, count(*) FROM credential GROUP BY kid")
        .all(connection)
        .await?;
    // What somebody else has written need not be text.
    let text = |(kid, count): (Raw, i64)| (String::from_utf8_lossy(&kid.0).into_owned(), count);
    Ok(counted(rows.into_iter().map(text).collect()))
}

/// How many rows there are under each term.
///
/// # Errors
/// [`StoreError::Database`].
pub async fn count_by_term(
    connection: &mut Connection<'_>,
) -> Result<BTreeMap<i64, u64>, StoreError> {
    let rows: Vec<(i64, i64)> = query("SELECT term, count(*) FROM credential GROUP BY term")
        .all(connection)
        .await?;
    Ok(counted(rows))
}

fn counted<K: Ord>(rows: Vec<(K, i64)>) -> BTreeMap<K, u64> {
    let rows = rows.into_iter();
    rows.map(|(key, count)| (key, count.unsigned_abs()))
        .collect()
}
