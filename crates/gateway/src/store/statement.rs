//! Statements on the store. See [`super::connection`] for why they are not sqlx's own.

use sqlx::error::BoxDynError;
use sqlx::postgres::PgRow;
use sqlx::query::Query as Bound;
use sqlx::sqlite::SqliteRow;
use sqlx::{
    AssertSqlSafe, Database, Decode, Encode, FromRow, Postgres, Row as _, SqlSafeStr, SqlStr,
    Sqlite, Type,
};

use super::connection::Connection;
use super::patience::{self, within};

/// Statements that become one: each number of them is one more text that SQLite keeps ready.
const AT_ONCE: usize = 16;

/// One statement with its parameters, `$1` first; there is no other `$` in it.
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

/// Carries out statements that give nothing, in their order. SQLite gets them as one: handing a statement over is two changes of threads,
/// which take longer than most statements. (PostgreSQL has no such thing as several statements with parameters.)
///
/// # Errors
/// What the database says; those before the one that failed are carried out.
pub async fn carry_out(
    queries: impl IntoIterator<Item = Query<'_>>,
    connection: &mut Connection<'_>,
) -> Result<(), sqlx::Error> {
    if let Connection::Postgresql(_) = connection {
        for query in queries {
            query.execute(connection).await?;
        }
        return Ok(());
    }
    let mut queries = queries.into_iter().peekable();
    while queries.peek().is_some() {
        let some = queries.by_ref().take(AT_ONCE);
        joined(some).execute(connection).await?;
    }
    Ok(())
}

/// One after the other, each with parameters of its own.
fn joined<'q>(queries: impl Iterator<Item = Query<'q>>) -> Query<'q> {
    let (mut text, mut values) = (String::new(), Vec::new());
    for query in queries {
        let mut parts = query.statement.as_str().split('$');
        text.push_str(parts.next().unwrap_or_default());
        for part in parts {
            let digits = part.bytes().take_while(u8::is_ascii_digit).count();
            let (number, rest) = part.split_at(digits);
            let number = number.parse().unwrap_or(0) + values.len();
            text.push_str(&format!("${number}{rest}"));
        }
        text.push(';');
        values.extend(query.values);
    }
    Query {
        // Of statements that are safe.
        statement: AssertSqlSafe(text).into_sql_str(),
        values,
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

#[cfg(test)]
mod tests {
    use sqlx::{Connection as _, SqliteConnection};

    use super::*;

    #[tokio::test]
    async fn statements_that_are_handed_over_as_one_keep_their_order_and_their_parameters() {
        let connection = SqliteConnection::connect("sqlite::memory:").await.unwrap();
        let mut connection = Connection::from(connection);
        let table = "CREATE TABLE word (place INTEGER PRIMARY KEY, first TEXT, second TEXT)";
        connection.carry_out(table).await.unwrap();
        // More than become one, with twelve parameters and more: `$1` is the beginning of `$12`.
        let words: Vec<String> = (0..40).map(|number| format!("word {number}")).collect();
        let puts = words.iter().zip(0..).map(|(word, place)| {
            query("INSERT INTO word (place, first, second) VALUES ($2, $1, $1)")
                .bind(word)
                .bind(place)
        });
        let last = query("UPDATE word SET first = $1 WHERE place = $2")
            .bind("another")
            .bind(39);
        carry_out(puts.chain([last]), &mut connection)
            .await
            .unwrap();
        let read = query("SELECT first, second FROM word ORDER BY place");
        let read: Vec<(String, String)> = read.all(&mut connection).await.unwrap();
        let mut expected: Vec<_> = words
            .iter()
            .map(|word| (word.clone(), word.clone()))
            .collect();
        expected[39].0 = "another".to_owned();
        assert_eq!(read, expected);
    }

    #[tokio::test]
    async fn one_that_fails_is_told_of_wherever_it_stands() {
        let connection = SqliteConnection::connect("sqlite::memory:").await.unwrap();
        let mut connection = Connection::from(connection);
        let table = "CREATE TABLE word (place INTEGER PRIMARY KEY)";
        connection.carry_out(table).await.unwrap();
        let put = |place: i64| query("INSERT INTO word (place) VALUES ($1)").bind(place);
        let twice = carry_out([put(1), put(1), put(2)], &mut connection).await;
        assert!(twice.is_err());
        let last = carry_out([put(3), put(4), put(4)], &mut connection).await;
        assert!(last.is_err());
    }
}
