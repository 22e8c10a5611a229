//! What a refusal of the database is to an administrator: of SQLite by its primary result code (sqlite.org/rescode.html), of PostgreSQL by
//! the class of its SQLSTATE (its manual, appendix A).

use sqlx::postgres::PgDatabaseError;

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// `SQLITE_BUSY`, `SQLITE_LOCKED`; classes 40 and 55: another process writes.
    Busy,
    /// `SQLITE_READONLY`, `SQLITE_IOERR`, `SQLITE_FULL`, `SQLITE_CANTOPEN`; classes 08, 28, 3D, 42, 53, 57, and a server that does not answer:
    /// the disk, the network, or the rights of this user.
    OutOfReach,
    /// `SQLITE_CORRUPT`, `SQLITE_NOTADB`; class XX.
    Damaged,
}

impl Trouble {
    /// Nothing where the error is of another sort.
    #[must_use]
    pub fn of(error: &sqlx::Error) -> Option<Self> {
        let Some(said) = error.as_database_error() else {
            return is_of_network(error).then_some(Self::OutOfReach);
        };
        let code = said.code()?;
        if said.try_downcast_ref::<PgDatabaseError>().is_some() {
            return Self::of_class(code.get(..2)?);
        }
        match code.parse::<u32>().ok()? & 0xff {
            5 | 6 => Some(Self::Busy),
            8 | 10 | 13 | 14 => Some(Self::OutOfReach),
            11 | 26 => Some(Self::Damaged),
            _ => None,
        }
    }

    fn of_class(class: &str) -> Option<Self> {
        match class {
            "40" | "55" => Some(Self::Busy),
            "08" | "28" | "3D" | "42" | "53" | "57" => Some(Self::OutOfReach),
            "XX" => Some(Self::Damaged),
            _ => None,
        }
    }
}

/// Who refused.
#[must_use]
pub fn database(error: &sqlx::Error) -> &'static str {
    match is_of_server(error) {
        true => "PostgreSQL",
        false => "SQLite",
    }
}

/// The beginning of a sentence that ends with the database's own words: what it is, and what to do.
#[must_use]
pub fn advice_on(error: &sqlx::Error) -> &'static str {
    match (Trouble::of(error), is_of_server(error)) {
        (Some(Trouble::Busy), false) => "another process writes into store.sqlite; try again. ",
        (Some(Trouble::Busy), true) => "another gateway writes into the shared store; try again. ",
        (Some(Trouble::OutOfReach), false) => {
            "store.sqlite cannot be read or written; make room on the disk, or let this user write into the data folder. "
        }
        (Some(Trouble::OutOfReach), true) => {
            "the shared store cannot be reached or written; look after the database server, or correct [store] in gateway.toml. "
        }
        (Some(Trouble::Damaged), false) => {
            "store.sqlite is damaged; put the folder back from a copy, or make the gateway anew of a backup with `credential-gateway restore`. "
        }
        (Some(Trouble::Damaged), true) => {
            "the database server says that the shared store is damaged; restore it from the server's own backup. "
        }
        (None, _) => "",
    }
}

fn is_of_server(error: &sqlx::Error) -> bool {
    match error.as_database_error() {
        Some(said) => said.try_downcast_ref::<PgDatabaseError>().is_some(),
        None => is_of_network(error),
    }
}

/// There is no network to what is in a file.
fn is_of_network(error: &sqlx::Error) -> bool {
    matches!(
        error,
        sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::Protocol(_)
    )
}

#[cfg(test)]
mod tests {
    use sqlx::sqlite::SqliteConnectOptions;
    use sqlx::{ConnectOptions as _, Connection as _};

    use super::*;

    async fn trouble(options: SqliteConnectOptions, statement: &'static str) -> Trouble {
        let asked = async {
            let mut connection = options.connect().await?;
            sqlx::raw_sql(statement).execute(&mut connection).await?;
            connection.close().await
        };
        Trouble::of(&asked.await.unwrap_err()).unwrap()
    }

    #[tokio::test]
    async fn a_full_disk_is_no_damage() {
        let folder = tempfile::tempdir().unwrap();
        let file = SqliteConnectOptions::new().filename(folder.path().join("store.sqlite"));
        let full = "PRAGMA max_page_count = 2; CREATE TABLE one (a); INSERT INTO one VALUES (zeroblob(100000));";
        let made = file.clone().create_if_missing(true);
        assert_eq!(trouble(made, full).await, Trouble::OutOfReach);
        let read_only = file.clone().read_only(true);
        let write = "CREATE TABLE two (a);";
        assert_eq!(trouble(read_only, write).await, Trouble::OutOfReach);
        let gone = SqliteConnectOptions::new().filename(folder.path().join("gone"));
        assert_eq!(trouble(gone, write).await, Trouble::OutOfReach);

        std::fs::write(folder.path().join("store.sqlite"), [b'x'; 4096]).unwrap();
        assert_eq!(trouble(file, write).await, Trouble::Damaged);
    }
}
