//! A connection to the store, whichever database it is, and statements on it.
//!
//! Every statement of the gateway is written once, in the SQL that SQLite and PostgreSQL share (`$1`, `ON CONFLICT (…) DO UPDATE`),
//! and in two spellings only where there is no such thing ([`Connection::either`]). sqlx's own `Any` driver is not used for this: it reads
//! a row as a whole, and one column that somebody else has damaged would take all others with it.

use std::ops::{Deref, DerefMut};

use sqlx::error::BoxDynError;
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnection, PgPool, PgRow};
use sqlx::query::Query as Bound;
use sqlx::sqlite::{SqliteConnection, SqlitePool, SqliteRow};
use sqlx::{
    Connection as _, Database, Decode, Encode, FromRow, Postgres, Row as _, SqlSafeStr, SqlStr,
    Sqlite, Transaction, Type,
};

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
                let transaction = held.begin_with(BEGIN_POSTGRESQL).await?;
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
                let transaction = held.begin_with(VIEW_POSTGRESQL).await?;
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
            Self::Postgresql(held) => held.commit().await,
        }
    }

    /// Ends a transaction without its changes, or the connection if it is nobody else's.
    ///
    /// # Errors
    /// What the database says.
    pub async fn close(self) -> Result<(), sqlx::Error> {
        match self {
            Self::Sqlite(held) => held.end().await,
            Self::Postgresql(held) => held.end().await,
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
            Self::Postgresql(held) => held.ping().await.is_ok(),
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
            Self::Postgresql(held) => statements.execute(&mut **held).await.map(drop),
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
            Self::Postgresql(pool) => Connection::Postgresql(Held::Pooled(pool.acquire().await?)),
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

/// One statement with its parameters, `$1` first.
pub struct Query<'q> {
    statement: SqlStr,
    values: Vec<Value<'q>>,
}

/// A parameter.
#[derive(Clone)]
pub enum Value<'q> {
    /// A whole number.
    Number(i64),
    /// Text, or none.
    Text(Option<&'q str>),
    /// Bytes.
    Bytes(&'q [u8]),
}

/// A statement, for [`Query::bind`].
#[must_use]
pub fn query<'q>(statement: impl SqlSafeStr) -> Query<'q> {
    Query {
        statement: statement.into_sql_str(),
        values: Vec::new(),
    }
}

/// What can be read from the rows of both databases.
pub trait Columns:
    for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin
{
}

impl<T> Columns for T where
    T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin
{
}

impl<'q> Query<'q> {
    /// The next parameter.
    #[must_use]
    pub fn bind(mut self, value: impl Into<Value<'q>>) -> Self {
        self.values.push(value.into());
        self
    }

    /// Carries the statement out, and gives the number of rows that it changed.
    ///
    /// # Errors
    /// What the database says.
    pub async fn execute(self, connection: &mut Connection<'_>) -> Result<u64, sqlx::Error> {
        Ok(match connection {
            Connection::Sqlite(held) => {
                let done = self.bound::<Sqlite>().execute(&mut **held).await?;
                done.rows_affected()
            }
            Connection::Postgresql(held) => {
                let done = self.bound::<Postgres>().execute(&mut **held).await?;
                done.rows_affected()
            }
        })
    }

    /// All rows, to be read one column at a time.
    ///
    /// # Errors
    /// What the database says.
    pub async fn rows(self, connection: &mut Connection<'_>) -> Result<Vec<Row>, sqlx::Error> {
        Ok(match connection {
            Connection::Sqlite(held) => {
                let rows = self.bound::<Sqlite>().fetch_all(&mut **held).await?;
                rows.into_iter().map(Row::Sqlite).collect()
            }
            Connection::Postgresql(held) => {
                let rows = self.bound::<Postgres>().fetch_all(&mut **held).await?;
                rows.into_iter().map(Row::Postgresql).collect()
            }
        })
    }

    /// All rows.
    ///
    /// # Errors
    /// What the database says; also when a column does not have its type.
    pub async fn all<T: Columns>(
        self,
        connection: &mut Connection<'_>,
    ) -> Result<Vec<T>, sqlx::Error> {
        let rows = self.rows(connection).await?;
        rows.iter().map(Row::columns).collect()
    }

    /// The first row, if there is one.
    ///
    /// # Errors
    /// As [`Query::all`].
    pub async fn first<T: Columns>(
        self,
        connection: &mut Connection<'_>,
    ) -> Result<Option<T>, sqlx::Error> {
        Ok(self.all(connection).await?.into_iter().next())
    }

    /// The one row.
    ///
    /// # Errors
    /// As [`Query::all`], and if there is none.
    pub async fn one<T: Columns>(self, connection: &mut Connection<'_>) -> Result<T, sqlx::Error> {
        self.first(connection)
            .await?
            .ok_or(sqlx::Error::RowNotFound)
    }

    fn bound<D: Database>(self) -> Bound<'static, D, D::Arguments>
    where
        i64: for<'v> Encode<'v, D> + Type<D>,
        for<'v> Option<&'v str>: Encode<'v, D> + Type<D>,
        for<'v> &'v [u8]: Encode<'v, D> + Type<D>,
    {
        let query = sqlx::query::<D>(self.statement);
        self.values
            .into_iter()
            .fold(query, |query, value| match value {
                Value::Number(number) => query.bind(number),
                Value::Text(text) => query.bind(text),
                Value::Bytes(bytes) => query.bind(bytes),
            })
    }
}

impl From<i64> for Value<'_> {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl<'q> From<&'q str> for Value<'q> {
    fn from(text: &'q str) -> Self {
        Self::Text(Some(text))
    }
}

impl<'q> From<&'q String> for Value<'q> {
    fn from(text: &'q String) -> Self {
        Self::Text(Some(text))
    }
}

impl<'q> From<Option<&'q str>> for Value<'q> {
    fn from(text: Option<&'q str>) -> Self {
        Self::Text(text)
    }
}

impl<'q> From<&'q [u8]> for Value<'q> {
    fn from(bytes: &'q [u8]) -> Self {
        Self::Bytes(bytes)
    }
}

/// A row, to be read one column at a time.
pub enum Row {
    /// Of the embedded store.
    Sqlite(SqliteRow),
    /// Of the shared one.
    Postgresql(PgRow),
}

impl Row {
    /// A column.
    ///
    /// # Errors
    /// When there is none of this name, or it does not have this type.
    pub fn get<T>(&self, column: &str) -> Result<T, sqlx::Error>
    where
        T: for<'r> Decode<'r, Sqlite>
            + Type<Sqlite>
            + for<'r> Decode<'r, Postgres>
            + Type<Postgres>,
    {
        match self {
            Self::Sqlite(row) => row.try_get(column),
            Self::Postgresql(row) => row.try_get(column),
        }
    }

    fn columns<T: Columns>(&self) -> Result<T, sqlx::Error> {
        match self {
            Self::Sqlite(row) => T::from_row(row),
            Self::Postgresql(row) => T::from_row(row),
        }
    }
}

/// The bytes of a column with text: what somebody else has written into SQLite's file need not be text.
pub struct Raw(pub Vec<u8>);

impl<D: Database> Type<D> for Raw
where
    String: Type<D>,
{
    fn type_info() -> D::TypeInfo {
        String::type_info()
    }

    fn compatible(_: &D::TypeInfo) -> bool {
        true
    }
}

impl<'r, D: Database> Decode<'r, D> for Raw
where
    &'r [u8]: Decode<'r, D>,
{
    fn decode(value: D::ValueRef<'r>) -> Result<Self, BoxDynError> {
        <&[u8] as Decode<D>>::decode(value).map(|bytes| Self(bytes.to_vec()))
    }
}
