//! What a gateway keeps, in a database: SQLite in the data folder ([`sqlite`]), or PostgreSQL for several gateways that share a store
//! ([`postgresql`]). The statements are the same ([`statement`]).
//!
//! Reading goes through a small pool and may happen in a second process (`list`, `show`, `reveal`) while a gateway runs.
//! Writing goes through [`writer`], one thread per process; between processes the database's own lock decides.

pub mod connection;
pub mod credentials;
pub mod entries;
pub mod envelope_keys;
pub mod error;
pub mod glance;
pub mod last_tests;
pub(crate) mod moving;
pub mod nodes;
pub mod postgresql;
pub mod shared_files;
pub mod statement;
pub mod succession;
pub mod terms;
pub mod tickets;
pub mod trouble;
pub mod write_times;
pub mod writer;

mod copy;
mod migrations;
mod patience;
mod schema;
mod sqlite;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use envelope::GatewayId;

use crate::data_folder::sync_folder;
use crate::keyring::TermKey;
use crate::vault::Protected;
pub use connection::Connection;
use connection::Pool;
pub use error::StoreError;
use postgresql::Server;
pub(crate) use sqlite::require_content;
use statement::query;
use terms::{TermRow, TermState};

/// Where a store is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// In this file.
    Sqlite(PathBuf),
    /// At this server.
    Postgresql(Server),
}

impl Place {
    /// At the server if there is one, else in the file.
    #[must_use]
    pub fn of(server: Option<&Server>, file: PathBuf) -> Self {
        server.map_or(Self::Sqlite(file), |server| {
            Self::Postgresql(server.clone())
        })
    }

    fn empty(&self) -> StoreError {
        match self {
            Self::Sqlite(path) => StoreError::Empty(path.clone()),
            Self::Postgresql(server) => StoreError::NoStore(server.told()),
        }
    }

    async fn connect(&self) -> Result<Connection<'static>, StoreError> {
        match self {
            Self::Sqlite(path) => sqlite::connect(path).await,
            Self::Postgresql(server) => postgresql::connect(server).await,
        }
    }
}

/// The store, for reading; [`Store::writing_connection`] makes what the writer needs.
#[derive(Clone)]
pub struct Store {
    place: Place,
    reading: Pool,
}

impl Store {
    /// Makes an empty store, or finishes or opens one that is there. It begins with the state of an empty store, and
    /// with the newest of these keys as the active term.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub async fn create(
        place: &Place,
        gateway: &GatewayId,
        keys: &[Arc<TermKey>],
        state: &Protected,
    ) -> Result<Self, StoreError> {
        let mut connection = match place {
            Place::Sqlite(path) => {
                sqlite::make_file(path)?;
                let mut connection = sqlite::connect(path).await?;
                migrations::run(&mut connection).await?;
                connection
            }
            Place::Postgresql(server) => {
                let mut connection = postgresql::connect(server).await?;
                postgresql::make(&mut connection, server).await?;
                connection
            }
        };
        begin(&mut connection, gateway, keys, state).await?;
        connection.close().await?;
        if let Place::Sqlite(path) = place
            && let Some(folder) = path.parent()
        {
            sync_folder(folder).map_err(|error| StoreError::Io {
                path: path.to_owned(),
                source: io::Error::other(error),
            })?;
        }
        Self::open(place, gateway, keys).await
    }

    /// Opens the store of this gateway, under the keyring with these keys.
    ///
    /// # Errors
    /// [`StoreError::Missing`], [`StoreError::Empty`], [`StoreError::NoStore`], [`StoreError::TooNew`], [`StoreError::OtherSchema`],
    /// [`StoreError::OtherGateway`], [`StoreError::OtherKeyring`], [`StoreError::Database`]. Nothing is overwritten.
    pub async fn open(
        place: &Place,
        gateway: &GatewayId,
        keys: &[Arc<TermKey>],
    ) -> Result<Self, StoreError> {
        if let Place::Sqlite(path) = place {
            require_content(path)?;
        }
        let mut connection = place.connect().await?;
        match place {
            Place::Sqlite(path) => {
                if migrations::format(&mut connection).await? == 0 {
                    return Err(StoreError::Empty(path.clone()));
                }
                migrations::run(&mut connection).await?;
            }
            Place::Postgresql(server) => postgresql::check(&mut connection, server).await?,
        }
        check_owner(&mut connection, place, gateway).await?;
        check_terms(&mut connection, place, keys).await?;
        connection.close().await?;
        let reading = match place {
            Place::Sqlite(path) => Pool::Sqlite(sqlite::reading(path)),
            Place::Postgresql(server) => Pool::Postgresql(postgresql::reading(server)?),
        };
        Ok(Self {
            place: place.clone(),
            reading,
        })
    }

    /// Where reading is done. A write through it fails.
    #[must_use]
    pub fn reading(&self) -> &Pool {
        &self.reading
    }

    /// Writes the store as it is at one moment to a file that must not exist yet, while others go on writing. The copy has no
    /// journal beside it, and nothing of what was deleted. Of a shared store it has what this gateway has of its own, and nothing of who shares it.
    ///
    /// # Errors
    /// [`StoreError::Database`]; [`StoreError::Io`] for a path that is not text.
    pub async fn copy_to(&self, path: &Path) -> Result<(), StoreError> {
        if let Place::Postgresql(_) = self.place {
            return self.copy_from_server(path).await;
        }
        let name = path.to_str().ok_or_else(|| StoreError::Io {
            path: path.to_owned(),
            source: io::Error::other("SQLite takes only paths that are text"),
        })?;
        let mut connection = self.writing_connection().await?;
        query("VACUUM INTO $1")
            .bind(name)
            .execute(&mut connection)
            .await?;
        Ok(connection.close().await?)
    }

    async fn copy_from_server(&self, path: &Path) -> Result<(), StoreError> {
        sqlite::make_file(path)?;
        let mut to = sqlite::connect(path).await?;
        migrations::run(&mut to).await?;
        let mut from = self.writing_connection().await?;
        let mut view = from.view().await?;
        let mut transaction = to.begin().await?;
        copy::all(&mut view, &mut transaction).await?;
        transaction.commit().await?;
        view.close().await?;
        from.close().await?;
        Ok(to.close().await?)
    }

    /// A connection to a store that nobody here has opened: for looking, without keys.
    ///
    /// # Errors
    /// [`StoreError::Missing`], [`StoreError::Database`].
    pub async fn reading_connection(place: &Place) -> Result<Connection<'static>, StoreError> {
        match place {
            Place::Sqlite(path) => sqlite::connect_for_reading(path).await,
            Place::Postgresql(server) => postgresql::connect(server).await,
        }
    }

    /// A connection to the store at a server, for a gateway that has nothing else yet. What it has of its own there is made.
    ///
    /// # Errors
    /// [`StoreError::NoStore`], [`StoreError::Database`].
    pub async fn first_connection(place: &Place) -> Result<Connection<'static>, StoreError> {
        let Place::Postgresql(server) = place else {
            return Err(place.empty());
        };
        let mut connection = postgresql::connect(server).await?;
        postgresql::make_own(&mut connection, server).await?;
        postgresql::check(&mut connection, server).await?;
        let (given,): (i64,) = query("SELECT seq FROM audit_number")
            .one(&mut connection)
            .await?;
        match given {
            0 => Ok(connection),
            _ => Err(StoreError::NameUsed(server.node.as_str().to_owned())),
        }
    }

    /// Whose store it is.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn owner(connection: &mut Connection<'_>) -> Result<Option<String>, StoreError> {
        let owner = query("SELECT gateway_id FROM gateway");
        let owner: Option<(String,)> = owner.first(connection).await?;
        Ok(owner.map(|(id,)| id))
    }

    /// A connection for somebody who only looks, at the store of this gateway and under the keyring with these keys. No file is
    /// written or made, whether a gateway runs or not.
    ///
    /// # Errors
    /// As [`Store::open`], and [`StoreError::Earlier`].
    pub async fn look(
        place: &Place,
        gateway: &GatewayId,
        keys: &[Arc<TermKey>],
    ) -> Result<Connection<'static>, StoreError> {
        let mut connection = match place {
            Place::Sqlite(path) => sqlite::look(path).await?,
            Place::Postgresql(server) => {
                let mut connection = postgresql::connect(server).await?;
                postgresql::check(&mut connection, server).await?;
                connection
            }
        };
        check_owner(&mut connection, place, gateway).await?;
        check_terms(&mut connection, place, keys).await?;
        Ok(connection)
    }

    /// What the database says is wrong with its file, as far as it can tell soon; nothing of a sound one, nor of a server, which looks after
    /// its own.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn quick_check(
        connection: &mut Connection<'_>,
    ) -> Result<Option<String>, StoreError> {
        match connection {
            Connection::Sqlite(_) => sqlite::quick_check(connection).await,
            Connection::Postgresql(_) => Ok(None),
        }
    }

    /// Keeps other gateways that share the store from changing key files, until the connection is dropped.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn lock_keys(&self) -> Result<Connection<'static>, StoreError> {
        let mut connection = self.place.connect().await?;
        if connection.is_shared() {
            postgresql::lock_keys(&mut connection).await?;
        }
        Ok(connection)
    }

    /// A connection that may write.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn writing_connection(&self) -> Result<Connection<'static>, StoreError> {
        self.place.connect().await
    }
}

/// Refuses what has anything in it but what the latest format has.
pub(crate) async fn check_schema(connection: &mut Connection<'_>) -> Result<(), StoreError> {
    match connection {
        Connection::Sqlite(_) => migrations::check_schema(connection).await,
        Connection::Postgresql(_) => postgresql::check_objects(connection).await,
    }
}

/// What a process knows of the schema that it looked at last.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct KnownSchema(Option<i64>);

impl KnownSchema {
    /// As [`check_schema`], for the beginning of each transaction: soon done if nothing has changed since.
    pub(crate) async fn check(
        &mut self,
        transaction: &mut Connection<'_>,
    ) -> Result<(), StoreError> {
        if let Connection::Postgresql(_) = transaction {
            return postgresql::check_for_strange(transaction).await;
        }
        let (number,): (i64,) = query("PRAGMA schema_version").one(transaction).await?;
        if self.0 != Some(number) {
            migrations::check_schema(transaction).await?;
            self.0 = Some(number);
        }
        Ok(())
    }
}

/// What is in a store before anything else is: all of it, or none.
async fn begin(
    connection: &mut Connection<'_>,
    gateway: &GatewayId,
    keys: &[Arc<TermKey>],
    state: &Protected,
) -> Result<(), StoreError> {
    let mut transaction = connection.begin().await?;
    let insert = "INSERT INTO gateway (one, gateway_id) VALUES (1, $1) ON CONFLICT DO NOTHING";
    let made = query(insert)
        .bind(gateway.as_str())
        .execute(&mut transaction)
        .await?;
    if made > 0
        && let Some(key) = keys.last()
    {
        terms::put(&mut transaction, &TermRow::active(key)).await?;
        entries::put_state(state).execute(&mut transaction).await?;
    }
    Ok(transaction.commit().await?)
}

async fn check_owner(
    connection: &mut Connection<'_>,
    place: &Place,
    gateway: &GatewayId,
) -> Result<(), StoreError> {
    match Store::owner(connection).await? {
        None => Err(place.empty()),
        Some(found) if found != gateway.as_str() => Err(StoreError::OtherGateway {
            found,
            expected: gateway.to_string(),
        }),
        Some(_) => Ok(()),
    }
}

/// Every term that counts must be in the keyring, with the same key.
async fn check_terms(
    connection: &mut Connection<'_>,
    place: &Place,
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
        None => Err(place.empty()),
    }
}
