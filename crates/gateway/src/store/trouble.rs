//! What a refusal of SQLite is to an administrator, by its primary result code (sqlite.org/rescode.html).

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SqliteTrouble {
    /// `SQLITE_BUSY`, `SQLITE_LOCKED`: another process writes.
    Busy,
    /// `SQLITE_READONLY`, `SQLITE_IOERR`, `SQLITE_FULL`, `SQLITE_CANTOPEN`: the disk, or the rights of this user.
    OutOfReach,
    /// `SQLITE_CORRUPT`, `SQLITE_NOTADB`.
    Damaged,
}

impl SqliteTrouble {
    /// Nothing where the error is of another sort.
    #[must_use]
    pub fn of(error: &sqlx::Error) -> Option<Self> {
        let code = error.as_database_error()?.code()?;
        match code.parse::<u32>().ok()? & 0xff {
            5 | 6 => Some(Self::Busy),
            8 | 10 | 13 | 14 => Some(Self::OutOfReach),
            11 | 26 => Some(Self::Damaged),
            _ => None,
        }
    }
}

/// The beginning of a sentence that ends with SQLite's own words: what it is, and what to do.
#[must_use]
pub fn advice_on(error: &sqlx::Error) -> &'static str {
    match SqliteTrouble::of(error) {
        Some(SqliteTrouble::Busy) => "another process writes into store.sqlite; try again. ",
        Some(SqliteTrouble::OutOfReach) => {
            "store.sqlite cannot be read or written; make room on the disk, or let this user write into the data folder. "
        }
        Some(SqliteTrouble::Damaged) => {
            "store.sqlite is damaged; put the folder back from a copy, or make the gateway anew of a backup with `credential-gateway restore`. "
        }
        None => "",
    }
}

#[cfg(test)]
mod tests {
    use sqlx::sqlite::SqliteConnectOptions;
    use sqlx::{ConnectOptions as _, Connection as _};

    use super::*;

    async fn trouble(options: SqliteConnectOptions, statement: &'static str) -> SqliteTrouble {
        let asked = async {
            let mut connection = options.connect().await?;
            sqlx::raw_sql(statement).execute(&mut connection).await?;
            connection.close().await
        };
        SqliteTrouble::of(&asked.await.unwrap_err()).unwrap()
    }

    #[tokio::test]
    async fn a_full_disk_is_no_damage() {
        let folder = tempfile::tempdir().unwrap();
        let file = SqliteConnectOptions::new().filename(folder.path().join("store.sqlite"));
        let full = "PRAGMA max_page_count = 2; CREATE TABLE one (a); INSERT INTO one VALUES (zeroblob(100000));";
        let made = file.clone().create_if_missing(true);
        assert_eq!(trouble(made, full).await, SqliteTrouble::OutOfReach);
        let read_only = file.clone().read_only(true);
        let write = "CREATE TABLE two (a);";
        assert_eq!(trouble(read_only, write).await, SqliteTrouble::OutOfReach);
        let gone = SqliteConnectOptions::new().filename(folder.path().join("gone"));
        assert_eq!(trouble(gone, write).await, SqliteTrouble::OutOfReach);

        std::fs::write(folder.path().join("store.sqlite"), [b'x'; 4096]).unwrap();
        assert_eq!(trouble(file, write).await, SqliteTrouble::Damaged);
    }
}
