//! A connection to the store, whichever database it is; [`super::statement`] is what is carried out on it.
//!
//! Every statement of the gateway is written once, in the SQL that SQLite and PostgreSQL share (`$1`, `ON CONFLICT (…) DO UPDATE`),
//! and in two spellings only where there is no such thing ([`Connection::either`]). sqlx's own `Any` driver is not used for this: it reads
//! a row as a whole, and one column that somebody else has damaged would take all others with it.

use std::ops::{Deref, DerefMut};

use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnection, PgPool};
use sqlx::sqlite::{SqliteConnection, SqlitePool};
use sqlx::{Connection as _, Database, Postgres, SqlSafeStr, Sqlite, Transaction};

use super::patience::{self, does_not_answer, within};
use super::statement::Value;

/// A write begins by taking the only place for writing: what is read in it is still true when it is written.
const BEGIN_SQLITE: &str = "BEGIN IMMEDIATE";
/// As that, in the two steps that PostgreSQL needs: each statement after the lock sees what those who had the lock before have committed.
const BEGIN_POSTGRESQL: &str =
    "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; LOCK TABLE gateway IN EXCLUSIVE MODE";
/// All statements see the store as it is at the first of them. (With SQLite they always do.)
const VIEW_POSTGRESQL: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// A connection, or a transaction on one. A transaction that is dropped before [`Connection::commit`] is rolled back.
pub enum Connection<'c> {
    /// The embedded store.
    Sqlite(Held<'c, Sqlite>),
    /// The store that several gateways share.
    Postgresql(Held<'c, Postgres>),
}

/// How one of them is held.
pub enum Held<'c, D: Database> {
    /// Alone.
    Own(D::Connection),
    /// Until it goes back to its pool.
    Pooled(PoolConnection<D>),
    /// As long as the transaction lasts.
    Transaction(Transaction<'c, D>),
}

impl<D: Database> Deref for Held<'_, D> {
    type Target = D::Connection;

    fn deref(&self) -> &D::Connection {
        match self {
            Self::Own(connection) => connection,
            Self::Pooled(connection) => connection,
            Self::Transaction(transaction) => transaction,
        }
    }
}

impl<D: Database> DerefMut for Held<'_, D> {
    fn deref_mut(&mut self) -> &mut D::Connection {
        match self {
            Self::Own(connection) => connection,
            Self::Pooled(connection) => connection,
            Self::Transaction(transaction) => transaction,
        }
    }
}

impl<D: Database> Held<'_, D> {
    async fn end(self) -> Result<(), sqlx::Error> {
        match self {
            Self::Own(connection) => connection.close().await,
            Self::Transaction(transaction) => transaction.rollback().await,
            Self::Pooled(_) => Ok(()),
        }
    }

    async fn commit(self) -> Result<(), sqlx::Error> {
        match self {
            Self::Transaction(transaction) => transaction.commit().await,
            // Each statement was committed by itself.
            Self::Own(_) | Self::Pooled(_) => Ok(()),
        }
    }
}

impl From<SqliteConnection> for Connection<'_> {
    fn from(connection: SqliteConnection) -> Self {
        Self::Sqlite(Held::Own(connection))
    }
}

impl From<PgConnection> for Connection<'_> {
    fn from(connection: PgConnection) -> Self {
        Self::Postgresql(Held::Own(connection))
    }
}

impl Connection<'_> {
    /// Begins a transaction that writes, as the only one of all processes that have the store.
    ///
    /// # Errors
    /// What the database says; also when another process does not come to its end.
    pub async fn begin(&mut self) -> Result<Connection<'_>, sqlx::Error> {
        Ok(match self {
            Self::Sqlite(held) => {
                let transaction = held.begin_with(BEGIN_SQLITE).await?;
                Connection::Sqlite(Held::Transaction(transaction))
            }
            Self::Postgresql(held) => {
                let beginning = held.begin_with(BEGIN_POSTGRESQL);
                let transaction = within(patience::STATEMENT, beginning).await?;
                Connection::Postgresql(Held::Transaction(transaction))
            }
        })
    }

    /// Begins to look at the store as it is at one moment.
    ///
    /// # Errors
    /// What the database says.
    pub async fn view(&mut self) -> Result<Connection<'_>, sqlx::Error> {
        Ok(match self {
            Self::Sqlite(held) => Connection::Sqlite(Held::Transaction(held.begin().await?)),
            Self::Postgresql(held) => {
                let beginning = held.begin_with(VIEW_POSTGRESQL);
                let transaction = within(patience::STATEMENT, beginning).await?;
                Connection::Postgresql(Held::Transaction(transaction))
            }
        })
    }

    /// Has the transaction's changes kept.
    ///
    /// # Errors
    /// What the database says: then they were not kept, or it is not known.
    pub async fn commit(self) -> Result<(), sqlx::Error> {
        match self {
            Self::Sqlite(held) => held.commit().await,
            Self::Postgresql(held) => within(patience::STATEMENT, held.commit()).await,
        }
    }

    /// Ends a transaction without its changes, or the connection if it is nobody else's.
    ///
    /// # Errors
    /// What the database says.
    pub async fn close(self) -> Result<(), sqlx::Error> {
        match self {
            Self::Sqlite(held) => held.end().await,
            Self::Postgresql(held) => within(patience::STATEMENT, held.end()).await,
        }
    }

    /// Whether other gateways have this store, too.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        self.either(false, true)
    }

    /// Whether it can still be written through. (What is in a file is always there.)
    pub async fn is_alive(&mut self) -> bool {
        match self {
            Self::Sqlite(_) => true,
            Self::Postgresql(held) => {
                let asked = within(patience::SIGN_OF_LIFE, held.ping()).await;
                asked.is_ok()
            }
        }
    }

    /// What should be a name, as a parameter for `CAST($1 AS TEXT)`. What somebody else has written into SQLite's file need not be text;
    /// PostgreSQL has nothing else.
    #[must_use]
    pub fn name<'q>(&self, bytes: &'q [u8]) -> Value<'q> {
        self.either(
            Value::Bytes(bytes),
            Value::Text(Some(str::from_utf8(bytes).unwrap_or_default())),
        )
    }

    /// The spelling that this database understands.
    #[must_use]
    pub fn either<T>(&self, sqlite: T, postgresql: T) -> T {
        match self {
            Self::Sqlite(_) => sqlite,
            Self::Postgresql(_) => postgresql,
        }
    }

    /// Carries out statements that have no parameters and give nothing.
    ///
    /// # Errors
    /// What the database says.
    pub async fn carry_out(&mut self, statements: impl SqlSafeStr) -> Result<(), sqlx::Error> {
        let statements = sqlx::raw_sql(statements);
        match self {
            Self::Sqlite(held) => statements.execute(&mut **held).await.map(drop),
            Self::Postgresql(held) => {
                let executing = statements.execute(&mut **held);
                within(patience::STATEMENT, executing).await.map(drop)
            }
        }
    }
}

/// Connections for reading.
#[derive(Clone, Debug)]
pub enum Pool {
    /// To the embedded store.
    Sqlite(SqlitePool),
    /// To the shared one.
    Postgresql(PgPool),
}

impl Pool {
    /// One that is free, or a new one.
    ///
    /// # Errors
    /// What the database says.
    pub async fn acquire(&self) -> Result<Connection<'static>, sqlx::Error> {
        Ok(match self {
            Self::Sqlite(pool) => Connection::Sqlite(Held::Pooled(pool.acquire().await?)),
            Self::Postgresql(pool) => {
                let pooled = pool.acquire().await.map_err(|error| match error {
                    sqlx::Error::PoolTimedOut => does_not_answer(),
                    other => other,
                })?;
                Connection::Postgresql(Held::Pooled(pooled))
            }
        })
    }

    /// Waits until all have come back, and ends them.
    pub async fn close(&self) {
        match self {
            Self::Sqlite(pool) => pool.close().await,
            Self::Postgresql(pool) => pool.close().await,
        }
    }
}
