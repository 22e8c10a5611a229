//! The embedded store: one SQLite file in WAL mode, synced at every commit (`synchronous=FULL`).
//!
//! Reading goes through a small pool and may happen in a second process (`list`, `show`, `reveal`) while a gateway runs.
//! Writing goes through [`writer`], one thread per process; between processes SQLite's own lock decides.

pub mod credentials;
pub mod envelope_keys;
pub mod tickets;
pub mod writer;

mod migrations;

use std::fs::OpenOptions;
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use envelope::GatewayId;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, SqliteConnection, SqlitePool};

use crate::data_folder::sync_folder;
use crate::kek::KekId;

/// How long a statement waits for another process's transaction.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
const READING_CONNECTIONS: u32 = 4;

/// The store, for reading; [`Store::writing_connection`] makes what the writer needs.
#[derive(Clone, Debug)]
pub struct Store {
    path: PathBuf,
    reading: SqlitePool,
}

/// Why the store does not answer.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The file is not there.
    #[error(
        "{0} is missing; put it back from the backup, or run `credential-gateway init` in a new folder"
    )]
    Missing(PathBuf),
    /// The file could not be made.
    #[error("{path}: {source}", path = path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// Written by a later version of the gateway.
    #[error(
        "the store has format {found}, this version knows formats up to {known}; use the newer gateway"
    )]
    TooNew {
        /// The file's format.
        found: i64,
        /// The latest known one.
        known: i64,
    },
    /// There is nothing in it.
    #[error("{0} is empty; put it back from the backup, or finish `credential-gateway init`")]
    Empty(PathBuf),
    /// Another gateway's store.
    #[error("the store belongs to the gateway {found}, the configuration says {expected}")]
    OtherGateway {
        /// The id in the store.
        found: String,
        /// The id in the configuration.
        expected: String,
    },
    /// Protected under another KEK than the one in `kek.key`.
    #[error(
        "the store is protected under the key {expected}, but kek.key holds {found}: put the right kek.key back"
    )]
    OtherKek {
        /// The KEK's id in the store.
        expected: String,
        /// The KEK's id that there is.
        found: String,
    },
    /// A row is not as this gateway writes them.
    #[error("a row of the table {table} is damaged: {what}")]
    Damaged {
        /// The table.
        table: &'static str,
        /// The column.
        what: &'static str,
    },
    /// SQLite refused.
    #[error("SQLite: {0}")]
    Sqlite(#[from] sqlx::Error),
}

impl Store {
    /// Makes an empty store (mode 0600), or finishes or opens one that is there.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub async fn create(path: &Path, gateway: &GatewayId, kek: &KekId) -> Result<Self, StoreError> {
        let created = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(path);
        match created {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                return Err(StoreError::Io {
                    path: path.to_owned(),
                    source: error,
                });
            }
            _ => {}
        }
        let mut connection = options(path).connect().await?;
        migrations::run(&mut connection).await?;
        sqlx::query("INSERT OR IGNORE INTO gateway (one, gateway_id, kek_id) VALUES (1, ?, ?)")
            .bind(gateway.as_str())
            .bind(kek.as_str())
            .execute(&mut connection)
            .await?;
        connection.close().await?;
        if let Some(folder) = path.parent() {
            sync_folder(folder).map_err(|error| StoreError::Io {
                path: path.to_owned(),
                source: io::Error::other(error),
            })?;
        }
        Self::open(path, gateway, kek).await
    }

    /// Opens the store of this gateway, under this KEK.
    ///
    /// # Errors
    /// [`StoreError::Missing`], [`StoreError::Empty`], [`StoreError::TooNew`], [`StoreError::OtherGateway`],
    /// [`StoreError::OtherKek`], [`StoreError::Sqlite`]. Nothing is overwritten.
    pub async fn open(path: &Path, gateway: &GatewayId, kek: &KekId) -> Result<Self, StoreError> {
        if !path.exists() {
            return Err(StoreError::Missing(path.to_owned()));
        }
        let mut connection = options(path).connect().await?;
        if migrations::format(&mut connection).await? == 0 {
            return Err(StoreError::Empty(path.to_owned()));
        }
        migrations::run(&mut connection).await?;
        check_owner(&mut connection, path, gateway, kek).await?;
        connection.close().await?;
        let reading = SqlitePoolOptions::new()
            .max_connections(READING_CONNECTIONS)
            .connect_lazy_with(options(path).pragma("query_only", "ON"));
        Ok(Self {
            path: path.to_owned(),
            reading,
        })
    }

    /// Where reading is done. A write through it fails.
    #[must_use]
    pub fn reading(&self) -> &SqlitePool {
        &self.reading
    }

    /// A connection to a store that nobody here has opened: for looking, without keys.
    ///
    /// # Errors
    /// [`StoreError::Missing`], [`StoreError::Sqlite`].
    pub async fn reading_connection(path: &Path) -> Result<SqliteConnection, StoreError> {
        if !path.exists() {
            return Err(StoreError::Missing(path.to_owned()));
        }
        Ok(options(path).pragma("query_only", "ON").connect().await?)
    }

    /// A connection that may write.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub async fn writing_connection(&self) -> Result<SqliteConnection, StoreError> {
        Ok(options(&self.path).connect().await?)
    }
}

fn options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(false)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(BUSY_TIMEOUT)
        // A replaced or deleted ciphertext is overwritten in its page, not only unlinked.
        .pragma("secure_delete", "ON")
        .thread_name(|id| format!("store-{id}"))
        .disable_statement_logging()
}

async fn check_owner(
    connection: &mut SqliteConnection,
    path: &Path,
    gateway: &GatewayId,
    kek: &KekId,
) -> Result<(), StoreError> {
    let owner: Option<(String, String)> = sqlx::query_as("SELECT gateway_id, kek_id FROM gateway")
        .fetch_optional(connection)
        .await?;
    let Some((found_gateway, found_kek)) = owner else {
        return Err(StoreError::Empty(path.to_owned()));
    };
    if found_gateway != gateway.as_str() {
        return Err(StoreError::OtherGateway {
            found: found_gateway,
            expected: gateway.to_string(),
        });
    }
    if found_kek != kek.as_str() {
        return Err(StoreError::OtherKek {
            expected: found_kek,
            found: kek.to_string(),
        });
    }
    Ok(())
}
