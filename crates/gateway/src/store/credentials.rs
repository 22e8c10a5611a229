//! The rows of stored credentials.

use std::collections::BTreeMap;

use envelope::protocol::StoredCredential;
use envelope::{DataFactoryName, Kid, LinkedServiceName, UnixSeconds};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

use super::StoreError;
use crate::vault::{Place, Protected};

/// One row: what may be shown, and the protected record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CredentialRow {
    /// For listing. Not authenticated: whoever can write the file can change it.
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

/// The credential of one linked service.
///
/// # Errors
/// [`StoreError::Sqlite`], [`StoreError::Damaged`].
pub async fn read(
    connection: &mut SqliteConnection,
    df: &DataFactoryName,
    ls: &LinkedServiceName,
) -> Result<Option<CredentialRow>, StoreError> {
    let row = sqlx::query("SELECT * FROM credential WHERE df = ? AND ls = ?")
        .bind(df.as_str())
        .bind(ls.as_str())
        .fetch_optional(connection)
        .await?;
    row.map(|row| {
        Ok(CredentialRow {
            shown: shown(&row)?,
            protected: protected(&row)?,
        })
    })
    .transpose()
}

/// What may be shown of all credentials, or of those of one data factory, by name.
///
/// # Errors
/// [`StoreError::Sqlite`], [`StoreError::Damaged`].
pub async fn list(
    connection: &mut SqliteConnection,
    df: Option<&DataFactoryName>,
) -> Result<Vec<StoredCredential>, StoreError> {
    let rows = sqlx::query("SELECT * FROM credential WHERE ?1 IS NULL OR df = ?1 ORDER BY df, ls")
        .bind(df.map(DataFactoryName::as_str))
        .fetch_all(connection)
        .await?;
    rows.iter().map(shown).collect()
}

/// The last version given out for a linked service; 0 if none was.
///
/// # Errors
/// [`StoreError::Sqlite`], [`StoreError::Damaged`].
pub async fn last_version(
    connection: &mut SqliteConnection,
    df: &DataFactoryName,
    ls: &LinkedServiceName,
) -> Result<u64, StoreError> {
    let version: Option<i64> =
        sqlx::query_scalar("SELECT version FROM last_version WHERE df = ? AND ls = ?")
            .bind(df.as_str())
            .bind(ls.as_str())
            .fetch_optional(connection)
            .await?;
    u64::try_from(version.unwrap_or(0)).map_err(|_| StoreError::Damaged {
        table: "last_version",
        what: "version",
    })
}

/// Stores a credential in the place of the one before, and remembers its version.
///
/// # Errors
/// [`StoreError::Sqlite`], [`StoreError::Damaged`] if something in it cannot be written.
pub async fn replace(
    connection: &mut SqliteConnection,
    row: &CredentialRow,
) -> Result<(), StoreError> {
    let CredentialRow { shown, protected } = row;
    let json = |result: Result<String, serde_json::Error>, what| {
        result.map_err(|_| StoreError::Damaged {
            table: "credential",
            what,
        })
    };
    let version = number(shown.version, "version")?;
    sqlx::query(
        "INSERT OR REPLACE INTO credential (df, ls, version, kind, auth, target, account, properties, secret_names, \
         kid, set_by, set_at, salt, nonce, ciphertext) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(shown.df.as_str())
    .bind(shown.ls.as_str())
    .bind(version)
    .bind(&shown.kind)
    .bind(&shown.auth)
    .bind(&shown.target)
    .bind(&shown.account)
    .bind(json(serde_json::to_string(&shown.properties), "properties")?)
    .bind(json(serde_json::to_string(&shown.secrets), "secret_names")?)
    .bind(shown.kid.as_str())
    .bind(&shown.set_by)
    .bind(number(shown.set_at.0, "set_at")?)
    .bind(protected.salt.as_slice())
    .bind(protected.nonce.as_slice())
    .bind(&protected.ciphertext)
    .execute(&mut *connection)
    .await?;
    sqlx::query("INSERT OR REPLACE INTO last_version (df, ls, version) VALUES (?, ?, ?)")
        .bind(shown.df.as_str())
        .bind(shown.ls.as_str())
        .bind(version)
        .execute(connection)
        .await?;
    Ok(())
}

/// Removes a credential. Its versions stay used up.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub async fn delete(
    connection: &mut SqliteConnection,
    df: &DataFactoryName,
    ls: &LinkedServiceName,
) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM credential WHERE df = ? AND ls = ?")
        .bind(df.as_str())
        .bind(ls.as_str())
        .execute(connection)
        .await?;
    Ok(())
}

fn shown(row: &SqliteRow) -> Result<StoredCredential, StoreError> {
    let text = |column| row.try_get::<String, _>(column);
    let count = |column: &'static str| -> Result<u64, StoreError> {
        u64::try_from(row.try_get::<i64, _>(column)?).map_err(|_| damaged(column))
    };
    let properties: BTreeMap<String, String> =
        serde_json::from_str(&text("properties")?).map_err(|_| damaged("properties"))?;
    let secrets: Vec<String> =
        serde_json::from_str(&text("secret_names")?).map_err(|_| damaged("secret_names"))?;
    Ok(StoredCredential {
        df: DataFactoryName::parse(&text("df")?).map_err(|_| damaged("df"))?,
        ls: LinkedServiceName::parse(&text("ls")?).map_err(|_| damaged("ls"))?,
        kind: text("kind")?,
        auth: text("auth")?,
        target: text("target")?,
        account: row.try_get("account")?,
        properties,
        secrets,
        version: count("version")?,
        kid: Kid::parse(&text("kid")?).map_err(|_| damaged("kid"))?,
        set_by: text("set_by")?,
        set_at: UnixSeconds(count("set_at")?),
    })
}

fn protected(row: &SqliteRow) -> Result<Protected, StoreError> {
    let bytes = |column| row.try_get::<Vec<u8>, _>(column);
    Ok(Protected {
        salt: bytes("salt")?.try_into().map_err(|_| damaged("salt"))?,
        nonce: bytes("nonce")?.try_into().map_err(|_| damaged("nonce"))?,
        ciphertext: bytes("ciphertext")?,
    })
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
