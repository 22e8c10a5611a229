//! Statements on the store. See [`super::connection`] for why they are not sqlx's own.

use sqlx::error::BoxDynError;
use sqlx::postgres::PgRow;
use sqlx::query::Query as Bound;
use sqlx::sqlite::SqliteRow;
use sqlx::{
    Database, Decode, Encode, FromRow, Postgres, Row as _, SqlSafeStr, SqlStr, Sqlite, Type,
};

use super::connection::Connection;
use super::patience::{self, within};

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
                let executing = self.bound::<Postgres>().execute(&mut **held);
                within(patience::STATEMENT, executing)
                    .await?
                    .rows_affected()
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
                let fetching = self.bound::<Postgres>().fetch_all(&mut **held);
                let rows = within(patience::STATEMENT, fetching).await?;
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
