//! The embedded store: one SQLite file in WAL mode, synced at every commit (`synchronous=FULL`).
//!
//! Reading goes through a small pool and may happen in a second process (`list`, `show`, `reveal`) while a gateway runs.
//! Writing goes through [`writer`], one thread per process; between processes SQLite's own lock decides.

pub mod credentials;
pub mod entries;
pub mod envelope_keys;
pub mod last_tests;
pub mod succession;
pub mod terms;
pub mod tickets;
pub mod trouble;
pub mod write_times;
pub mod writer;

mod migrations;
mod schema;

use std::fs::OpenOptions;
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use envelope::GatewayId;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, SqliteConnection, SqlitePool};

use crate::data_folder::sync_folder;
use crate::keyring::{Term, TermKey};
use crate::vault::Protected;
pub(crate) use migrations::check_schema;
use terms::{TermRow, TermState};
use trouble::advice_on;

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
    /// Written by an earlier version of the gateway, and only looked at.
    #[error("the store has the earlier format {found}; a gateway that starts brings it to {known}")]
    Earlier {
        /// The file's format.
        found: i64,
        /// The latest known one.
        known: i64,
    },
    /// It has something that no gateway has made, or lacks something, or has it in another form.
    #[error(
        "the store is not made as this version makes it ({0}); put it back from the backup, or take out what is not the gateway's"
    )]
    OtherSchema(String),
    /// There is nothing in it.
    #[error(
        "{0} is damaged: it is empty, and a gateway's never is; no new one takes its place. Put the folder back from a copy, or make the gateway anew of a backup with `credential-gateway restore`"
    )]
    Empty(PathBuf),
    /// Another gateway's store.
    #[error("the store belongs to the gateway {found}, the configuration says {expected}")]
    OtherGateway {
        /// The id in the store.
        found: String,
        /// The id in the configuration.
        expected: String,
    },
    /// The keyring is not the one that the store is protected under: another gateway's, or an older copy.
    #[error(
        "the store is protected under {term}, which keyring.json does not have or has another key for: it is an older copy or another gateway's, so put the right keyring.json back"
    )]
    OtherKeyring {
        /// The term in the store.
        term: Term,
    },
    /// The terms are not in the states that the gateway has given them.
    #[error(
        "the table term is not as the gateway wrote it last; put store.sqlite and keyring.json back from the same backup"
    )]
    OtherTerms,
    /// Somebody has taken away, or put back, what the identity key signed of those before it.
    #[error(
        "what the store says of former identity keys is not what the gateway wrote last; put the folder back from a copy, or take it as it is with `credential-gateway key verify --accept`"
    )]
    OtherSuccession,
    /// What is stored for a linked service is not what was written last.
    #[error(
        "the stored credential of {ls} in {df} is damaged ({what}); set it again, or put the folder back from the backup"
    )]
    DamagedRow {
        /// Data factory.
        df: String,
        /// Linked service.
        ls: String,
        /// In which way: a stable code.
        what: &'static str,
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
    #[error("{advice}SQLite: {0}", advice = advice_on(.0))]
    Sqlite(#[from] sqlx::Error),
}

impl Store {
    /// Makes an empty store (mode 0600), or finishes or opens one that is there. It begins with the state of an empty store, and
    /// with the newest of these keys as the active term.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub async fn create(
        path: &Path,
        gateway: &GatewayId,
        keys: &[Arc<TermKey>],
        state: &Protected,
    ) -> Result<Self, StoreError> {
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
        begin(&mut connection, gateway, keys, state).await?;
        connection.close().await?;
        if let Some(folder) = path.parent() {
            sync_folder(folder).map_err(|error| StoreError::Io {
                path: path.to_owned(),
                source: io::Error::other(error),
            })?;
        }
        Self::open(path, gateway, keys).await
    }

    /// Opens the store of this gateway, under the keyring with these keys.
    ///
    /// # Errors
    /// [`StoreError::Missing`], [`StoreError::Empty`], [`StoreError::TooNew`], [`StoreError::OtherSchema`],
    /// [`StoreError::OtherGateway`], [`StoreError::OtherKeyring`], [`StoreError::Sqlite`]. Nothing is overwritten.
    pub async fn open(
        path: &Path,
        gateway: &GatewayId,
        keys: &[Arc<TermKey>],
    ) -> Result<Self, StoreError> {
        require_content(path)?;
        let mut connection = options(path).connect().await?;
        if migrations::format(&mut connection).await? == 0 {
            return Err(StoreError::Empty(path.to_owned()));
        }
        migrations::run(&mut connection).await?;
        check_owner(&mut connection, path, gateway).await?;
        check_terms(&mut connection, path, keys).await?;
        connection.close().await?;
        let reading = SqlitePoolOptions::new()
            .max_connections(READING_CONNECTIONS)
            // It is asked whether it is alive when it comes back. A second time is one more change of threads for each read.
            .test_before_acquire(false)
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

    /// Writes the store as it is at one moment to a file that must not exist yet, while others go on writing. The copy has no
    /// journal beside it, and nothing of what was deleted.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`]; [`StoreError::Io`] for a path that is not text.
    pub async fn copy_to(&self, path: &Path) -> Result<(), StoreError> {
        let name = path.to_str().ok_or_else(|| StoreError::Io {
            path: path.to_owned(),
            source: io::Error::other("SQLite takes only paths that are text"),
        })?;
        let mut connection = self.writing_connection().await?;
        sqlx::query("VACUUM INTO ?")
            .bind(name)
            .execute(&mut connection)
            .await?;
        Ok(connection.close().await?)
    }

    /// A connection to a store that nobody here has opened: for looking, without keys.
    ///
    /// # Errors
    /// [`StoreError::Missing`], [`StoreError::Sqlite`].
    pub async fn reading_connection(path: &Path) -> Result<SqliteConnection, StoreError> {
        require_content(path)?;
        Ok(options(path).pragma("query_only", "ON").connect().await?)
    }

    /// A connection for somebody who only looks, at the store of this gateway and under the keyring with these keys. No file is
    /// written or made, whether a gateway runs or not.
    ///
    /// # Errors
    /// As [`Store::open`], and [`StoreError::Earlier`].
    pub async fn look(
        path: &Path,
        gateway: &GatewayId,
        keys: &[Arc<TermKey>],
    ) -> Result<SqliteConnection, StoreError> {
        require_content(path)?;
        let mut journal = path.as_os_str().to_owned();
        journal.push("-wal");
        // SQLite would make the journal's files to read with, and cannot remove them again. Without a journal everything is in
        // the one file, and nobody is writing it.
        let nobody_writes = !Path::new(&journal).exists();
        let mut connection = SqliteConnectOptions::new()
            .filename(path)
            .read_only(true)
            .immutable(nobody_writes)
            .busy_timeout(BUSY_TIMEOUT)
            .disable_statement_logging()
            .connect()
            .await?;
        migrations::require_latest(&mut connection, path).await?;
        check_owner(&mut connection, path, gateway).await?;
        check_terms(&mut connection, path, keys).await?;
        Ok(connection)
    }

    /// What SQLite says is wrong with its file, as far as it can tell soon; nothing of a sound one.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub async fn quick_check(
        connection: &mut SqliteConnection,
    ) -> Result<Option<String>, StoreError> {
        let said: Vec<String> = sqlx::query_scalar("PRAGMA quick_check(3)")
            .fetch_all(connection)
            .await?;
        Ok((said != ["ok"]).then(|| said.join("; ")))
    }

    /// A connection that may write.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub async fn writing_connection(&self) -> Result<SqliteConnection, StoreError> {
        Ok(options(&self.path).connect().await?)
    }
}

/// Before SQLite makes a store of an empty file.
pub(crate) fn require_content(path: &Path) -> Result<(), StoreError> {
    match std::fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Err(StoreError::Missing(path.to_owned()))
        }
        Ok(metadata) if metadata.len() == 0 => Err(StoreError::Empty(path.to_owned())),
        // What else there is to be said of it, SQLite says.
        _ => Ok(()),
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

/// What is in a store before anything else is: all of it, or none.
async fn begin(
    connection: &mut SqliteConnection,
    gateway: &GatewayId,
    keys: &[Arc<TermKey>],
    state: &Protected,
) -> Result<(), StoreError> {
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    let made = sqlx::query("INSERT OR IGNORE INTO gateway (one, gateway_id) VALUES (1, ?)")
        .bind(gateway.as_str())
        .execute(&mut *transaction)
        .await?;
    if made.rows_affected() > 0
        && let Some(key) = keys.last()
    {
        terms::put(&mut transaction, &TermRow::active(key)).await?;
        entries::put_state(&mut transaction, state).await?;
    }
    Ok(transaction.commit().await?)
}

async fn check_owner(
    connection: &mut SqliteConnection,
    path: &Path,
    gateway: &GatewayId,
) -> Result<(), StoreError> {
    let owner: Option<String> = sqlx::query_scalar("SELECT gateway_id FROM gateway")
        .fetch_optional(connection)
        .await?;
    match owner {
        None => Err(StoreError::Empty(path.to_owned())),
        Some(found) if found != gateway.as_str() => Err(StoreError::OtherGateway {
            found,
            expected: gateway.to_string(),
        }),
        Some(_) => Ok(()),
    }
}

/// Every term that counts must be in the keyring, with the same key.
async fn check_terms(
    connection: &mut SqliteConnection,
    path: &Path,
    keys: &[Arc<TermKey>],
) -> Result<(), StoreError> {
    let rows = terms::read(connection).await?;
    let is_there = |row: &TermRow| {
        let mut keys = keys.iter();
        keys.any(|key| key.term() == row.term && key.id() == row.id)
    };
    let mut counting = rows.iter().filter(|row| row.state != TermState::Gone);
    if let Some(row) = counting.find(|row| !is_there(row)) {
        return Err(StoreError::OtherKeyring { term: row.term });
    }
    match rows.iter().find(|row| row.state == TermState::Active) {
        Some(_) => Ok(()),
        None => Err(StoreError::Empty(path.to_owned())),
    }
}
