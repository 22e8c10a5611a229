//! The embedded store: one SQLite file in WAL mode, synced at every commit (`synchronous=FULL`).

use std::fs::OpenOptions;
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, SqlitePool};

use super::connection::Connection;
use super::statement::query;
use super::{StoreError, migrations};

/// How long a statement waits for another process's transaction.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
const READING_CONNECTIONS: u32 = 4;

/// Makes an empty file (mode 0600), unless one is there.
pub(super) fn make_file(path: &Path) -> Result<(), StoreError> {
    let created = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path);
    match created {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(StoreError::Io {
            path: path.to_owned(),
            source: error,
        }),
        _ => Ok(()),
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

/// A connection that may write.
pub(super) async fn connect(path: &Path) -> Result<Connection<'static>, StoreError> {
    Ok(options(path).connect().await?.into())
}

/// A connection through which a write fails.
pub(super) async fn connect_for_reading(path: &Path) -> Result<Connection<'static>, StoreError> {
    require_content(path)?;
    let options = options(path).pragma("query_only", "ON");
    Ok(options.connect().await?.into())
}

/// Connections through which a write fails.
pub(super) fn reading(path: &Path) -> SqlitePool {
    SqlitePoolOptions::new()
        .max_connections(READING_CONNECTIONS)
        // It is asked whether it is alive when it comes back. A second time is one more change of threads for each read.
        .test_before_acquire(false)
        .connect_lazy_with(options(path).pragma("query_only", "ON"))
}

/// A connection for somebody who only looks. No file is written or made, whether a gateway runs or not.
pub(super) async fn look(path: &Path) -> Result<Connection<'static>, StoreError> {
    require_content(path)?;
    let mut journal = path.as_os_str().to_owned();
    journal.push("-wal");
    // SQLite would make the journal's files to read with, and cannot remove them again. Without a journal everything is in
    // the one file, and nobody is writing it.
    let nobody_writes = !Path::new(&journal).exists();
    let connection = SqliteConnectOptions::new()
        .filename(path)
        .read_only(true)
        .immutable(nobody_writes)
        .busy_timeout(BUSY_TIMEOUT)
        .disable_statement_logging()
        .connect()
        .await?;
    let mut connection = connection.into();
    migrations::require_latest(&mut connection, path).await?;
    Ok(connection)
}

/// What SQLite says is wrong with its file, as far as it can tell soon; nothing of a sound one.
pub(super) async fn quick_check(
    connection: &mut Connection<'_>,
) -> Result<Option<String>, StoreError> {
    let said: Vec<(String,)> = query("PRAGMA quick_check(3)").all(connection).await?;
    let said: Vec<String> = said.into_iter().map(|(line,)| line).collect();
    Ok((said != ["ok"]).then(|| said.join("; ")))
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
