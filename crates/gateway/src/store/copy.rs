//! Everything that a gateway keeps, from one database into another: a shared store into a backup's file, and a folder's store to a server.
//!
//! Rows go as they are, with their seals: whoever opens the copy finds what is damaged, as before.

use sqlx::{AssertSqlSafe, Column as _, ColumnIndex, Decode, Type, TypeInfo as _, ValueRef as _};

use super::StoreError;
use super::connection::Connection;
use super::statement::{Query, Row, Value, query};
use crate::audit::log::AuditLog;

/// What both databases have, in the same columns.
const TABLES: [&str; 12] = [
    "gateway",
    "credential",
    "last_version",
    "ticket",
    "last_test",
    "envelope_key",
    "key_change",
    "term",
    "store_state",
    "identity_succession",
    "audit_outbox",
    "audit_mark",
];

/// Rows in one statement: what is in memory, and what a server is waited for.
const ROWS_AT_ONCE: usize = 100;

/// Copies all rows, and the number that the next audit line comes after, in the place of what is there. Both are transactions.
///
/// # Errors
/// [`StoreError::Database`], also for what is not of its column's type.
pub(super) async fn all(
    from: &mut Connection<'_>,
    to: &mut Connection<'_>,
) -> Result<(), StoreError> {
    for table in TABLES {
        statement(format!("DELETE FROM {table}"))
            .execute(to)
            .await?;
        for page in 0.. {
            if !copy_page(from, to, table, page).await? {
                break;
            }
        }
    }
    let given = AuditLog::last_given(from).await?;
    AuditLog::go_on_after(to, given).await
}

/// Whether there may be more. Each table's key is in its first two columns.
async fn copy_page(
    from: &mut Connection<'_>,
    to: &mut Connection<'_>,
    table: &str,
    page: usize,
) -> Result<bool, StoreError> {
    let before = page * ROWS_AT_ONCE;
    let some = format!("SELECT * FROM {table} ORDER BY 1, 2 LIMIT {ROWS_AT_ONCE} OFFSET {before}");
    let rows = statement(some).rows(from).await?;
    for row in &rows {
        put(to, table, &cells(row)?).await?;
    }
    Ok(rows.len() == ROWS_AT_ONCE)
}

/// Of names of our own.
fn statement<'q>(text: String) -> Query<'q> {
    query(AssertSqlSafe(text))
}

/// Leaves out what is null: no column has another default where that is allowed.
async fn put(
    to: &mut Connection<'_>,
    table: &str,
    cells: &[(String, Cell)],
) -> Result<(), StoreError> {
    let columns: Vec<&str> = cells.iter().map(|(column, _)| column.as_str()).collect();
    let places: Vec<String> = (1..=cells.len()).map(|place| format!("${place}")).collect();
    let (columns, places) = (columns.join(", "), places.join(", "));
    let insert = format!("INSERT INTO {table} ({columns}) VALUES ({places})");
    let mut insert = statement(insert);
    for (_, cell) in cells {
        insert = insert.bind(match cell {
            Cell::Number(number) => Value::Number(*number),
            Cell::Text(text) => Value::Text(Some(text)),
            Cell::Bytes(bytes) => Value::Bytes(bytes),
        });
    }
    insert.execute(to).await?;
    Ok(())
}

enum Cell {
    Number(i64),
    Text(String),
    Bytes(Vec<u8>),
}

fn cells(row: &Row) -> Result<Vec<(String, Cell)>, sqlx::Error> {
    match row {
        Row::Sqlite(row) => cells_of(row),
        Row::Postgresql(row) => cells_of(row),
    }
}

fn cells_of<R: sqlx::Row>(row: &R) -> Result<Vec<(String, Cell)>, sqlx::Error>
where
    usize: ColumnIndex<R>,
    i64: for<'r> Decode<'r, R::Database> + Type<R::Database>,
    String: for<'r> Decode<'r, R::Database> + Type<R::Database>,
    Vec<u8>: for<'r> Decode<'r, R::Database> + Type<R::Database>,
{
    let mut cells = Vec::new();
    for column in row.columns() {
        let at = column.ordinal();
        let value = row.try_get_raw(at)?;
        if value.is_null() {
            continue;
        }
        let kind = value.type_info().name().to_owned();
        let cell = match kind.as_str() {
            "INTEGER" | "INT8" => Cell::Number(row.try_get(at)?),
            "TEXT" => Cell::Text(row.try_get(at)?),
            _ => Cell::Bytes(row.try_get(at)?),
        };
        cells.push((column.name().to_owned(), cell));
    }
    Ok(cells)
}
