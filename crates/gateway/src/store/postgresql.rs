//! The store that several gateways share: a database of PostgreSQL, with a schema for what is common to all of them, and one for
//! each gateway with what waits for its audit file.
//!
//! Every connection has both in its `search_path`, so that the statements are the same as for SQLite. What writes takes a lock on the table
//! `gateway` first ([`Connection::begin`]): there is one writer at a time, whichever machine it is on, as there is with SQLite.

use std::env;
use std::net::IpAddr;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPool, PgPoolOptions, PgSslMode};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection as _};

use super::StoreError;
use super::connection::Connection;
use super::patience::{self, within};
use super::statement::query;
use crate::config::template::quoted;
use crate::data_folder;
use crate::keyring::secret_line;

/// What is common: the tables, and what the latest format has of them.
const SHARED: &str = include_str!("../../migrations/postgresql/0001_shared.sql");
/// What each gateway has for itself.
const NODE: &str = include_str!("../../migrations/postgresql/0001_node.sql");
/// What [`OBJECTS_THERE`] gives for these two.
const OBJECTS: &str = include_str!("../../migrations/postgresql/objects.txt");
const OBJECTS_THERE: &str = include_str!("../../migrations/postgresql/objects.sql");
/// The format that these make.
const FORMAT: i64 = 1;
/// What has the database carry out something of its own with our statements.
const HAS_STRANGE: &str = "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
     WHERE n.nspname = ANY (current_schemas(false)) AND (c.relhastriggers OR c.relhasrules OR c.relrowsecurity OR c.relhassubclass OR c.relpersistence <> 'p')";
/// One process makes the tables, others wait. The number is any that no other program of the database uses.
const MAKING: i64 = 0x6372_6564_7374_6f72;
/// Likewise for whoever changes key files.
const KEYS: i64 = 0x6372_6564_6b65_7973;

/// Variables that would have a say in each connection beside gateway.toml.
const FOREIGN: [&str; 3] = ["PGOPTIONS", "PGSSLCERT", "PGSSLKEY"];

/// The port of a PostgreSQL that nobody has told otherwise.
pub const DEFAULT_PORT: u16 = 5432;

const READING_CONNECTIONS: u32 = 4;
/// Settings of each connection: synced before it is acknowledged, whatever the server's own default is, and nobody is waited for
/// longer than for SQLite's lock.
const SESSION: [(&str, &str); 8] = [
    ("synchronous_commit", "on"),
    ("lock_timeout", "5s"),
    ("statement_timeout", "10s"),
    ("idle_in_transaction_session_timeout", "60s"),
    // A gateway that is gone without a word keeps no lock for long.
    ("tcp_keepalives_idle", "30"),
    ("tcp_keepalives_interval", "10"),
    ("tcp_keepalives_count", "3"),
    ("tcp_user_timeout", "60000"),
];

/// `[store]` of the configuration: where the shared store is, and who this gateway is there.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    /// Host name or address, or the folder of a Unix socket.
    pub host: String,
    /// TCP port, or what the Unix socket's name ends with.
    #[serde(default = "default_port")]
    pub port: u16,
    /// The database.
    pub database: String,
    /// The role, which may make schemas there.
    pub user: String,
    /// A file for the owner only with the role's password; none where the server asks for none.
    #[serde(default)]
    pub password_file: Option<PathBuf>,
    /// PEM: the authority of the server's certificate; those that browsers trust are good, too, since sqlx has no way to leave them out. Without it
    /// there is no TLS, which is allowed on this machine only.
    #[serde(default)]
    pub authority: Option<PathBuf>,
    /// This gateway's own name among those that share the store.
    pub node: NodeName,
}

/// A gateway's name among those that share a store: part of the name of a schema.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub struct NodeName(String);

impl TryFrom<String> for NodeName {
    type Error = &'static str;

    fn try_from(name: String) -> Result<Self, Self::Error> {
        let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        match (1..=20).contains(&name.len()) && name.bytes().all(fits) {
            true => Ok(Self(name)),
            false => Err("must be 1 to 20 of a to z, 0 to 9 and _"),
        }
    }
}

impl NodeName {
    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn default_port() -> u16 {
    DEFAULT_PORT
}

impl Server {
    /// Values that cannot work, as key and rule.
    pub(crate) fn faults(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let faulty = self.authority.is_none() && !self.is_local();
        let rule = "must name the authority of the server's certificate (PEM), unless the server is on this machine";
        faulty.then_some(("store.authority", rule)).into_iter()
    }

    pub(crate) fn resolve_paths(&mut self, folder: &Path) {
        for path in [&mut self.password_file, &mut self.authority]
            .into_iter()
            .flatten()
        {
            *path = folder.join(&*path);
        }
    }

    /// The section of the configuration that says the same.
    #[must_use]
    pub fn section(&self) -> String {
        let text = |key: &str, value: &str| format!("{key} = {}\n", quoted(value));
        let path = |key: &str, path: &Option<PathBuf>| {
            let path = path.as_deref().map(Path::to_string_lossy);
            path.map_or_else(String::new, |path| text(key, &path))
        };
        [
            "[store]\n".to_owned(),
            text("host", &self.host),
            format!("port = {}\n", self.port),
            text("database", &self.database),
            text("user", &self.user),
            path("password_file", &self.password_file),
            path("authority", &self.authority),
            text("node", self.node.as_str()),
        ]
        .concat()
    }

    /// Where it is, for people.
    #[must_use]
    pub fn told(&self) -> String {
        let Self {
            host,
            port,
            database,
            ..
        } = self;
        format!("the database {database} at {host}:{port}")
    }

    fn is_socket(&self) -> bool {
        self.host.starts_with('/')
    }

    fn is_local(&self) -> bool {
        let address: Option<IpAddr> = self.host.parse().ok();
        self.is_socket() || address.is_some_and(|address| address.is_loopback())
    }

    fn options(&self) -> Result<PgConnectOptions, StoreError> {
        // sqlx reads libpq's variables. Where it has no way to forget one, nothing is done under it.
        if let Some(name) = FOREIGN.into_iter().find(|name| env::var_os(name).is_some()) {
            return Err(StoreError::Environment(name));
        }
        let mut options = PgConnectOptions::new_without_pgpass()
            .port(self.port)
            .database(&self.database)
            .username(&self.user)
            .password("")
            .application_name("credential-gateway")
            .options(SESSION)
            .options([("search_path", self.schemas().join(","))])
            .disable_statement_logging();
        options = match self.is_socket() {
            true => options.socket(&self.host),
            false => options.host(&self.host),
        };
        options = match &self.authority {
            Some(authority) => options
                .ssl_mode(PgSslMode::VerifyFull)
                .ssl_root_cert(authority),
            None => options.ssl_mode(PgSslMode::Disable),
        };
        let Some(file) = &self.password_file else {
            return Ok(options);
        };
        let content = data_folder::read_private(file).map_err(StoreError::Password)?;
        // sqlx keeps it as it is; the allocator of the program wipes what is freed.
        Ok(match secret_line(&content) {
            Some(password) => options.password(&password),
            None => options,
        })
    }

    fn schemas(&self) -> [String; 2] {
        let shared = "credential_gateway".to_owned();
        [format!("{shared}_{}", self.node.as_str()), shared]
    }
}

/// A connection that may write.
pub(super) async fn connect(server: &Server) -> Result<Connection<'static>, StoreError> {
    let options = server.options()?;
    let connection = within(patience::CONNECT, options.connect()).await?;
    Ok(connection.into())
}

/// Connections for reading.
pub(super) fn reading(server: &Server) -> Result<PgPool, StoreError> {
    let options = server.options()?;
    Ok(PgPoolOptions::new()
        .max_connections(READING_CONNECTIONS)
        .acquire_timeout(patience::CONNECT)
        // sqlx itself would wait for ever for one that comes back: four that nobody answers on, and nothing is read any more.
        .test_before_acquire(false)
        .before_acquire(|connection, _| Box::pin(gives_sign_of_life(connection)))
        .after_release(|connection, _| Box::pin(gives_sign_of_life(connection)))
        .connect_lazy_with(options.options([("default_transaction_read_only", "on")])))
}

async fn gives_sign_of_life(connection: &mut PgConnection) -> Result<bool, sqlx::Error> {
    within(patience::SIGN_OF_LIFE_IN_POOL, connection.ping()).await?;
    Ok(true)
}

/// Makes what is not there yet, all of it or nothing.
pub(super) async fn make(
    connection: &mut Connection<'_>,
    server: &Server,
) -> Result<(), StoreError> {
    let [own, shared] = server.schemas();
    make_schemas(connection, &[(own, NODE), (shared, SHARED)]).await
}

/// Makes what the gateway has of its own, if what is common is there.
pub(super) async fn make_own(
    connection: &mut Connection<'_>,
    server: &Server,
) -> Result<(), StoreError> {
    let [own, shared] = server.schemas();
    if !is_there(connection, &shared).await? {
        return Err(StoreError::NoStore(server.told()));
    }
    make_schemas(connection, &[(own, NODE)]).await
}

async fn is_there(connection: &mut Connection<'_>, schema: &str) -> Result<bool, StoreError> {
    let there = query("SELECT 1::bigint FROM pg_namespace WHERE nspname = $1").bind(schema);
    Ok(there.first::<(i64,)>(connection).await?.is_some())
}

async fn make_schemas(
    connection: &mut Connection<'_>,
    schemas: &[(String, &str)],
) -> Result<(), StoreError> {
    let Connection::Postgresql(held) = connection else {
        return Ok(());
    };
    let mut making = Connection::Postgresql(super::connection::Held::Transaction(
        sqlx::Connection::begin(&mut **held).await?,
    ));
    query("SELECT pg_advisory_xact_lock($1)::text")
        .bind(MAKING)
        .rows(&mut making)
        .await?;
    for (schema, tables) in schemas {
        if !is_there(&mut making, schema).await? {
            let make =
                format!("CREATE SCHEMA {schema}; SET LOCAL search_path TO {schema}; {tables}");
            making.carry_out(AssertSqlSafe(make)).await?;
        }
    }
    Ok(making.commit().await?)
}

/// Waits for other gateways that change key files. The lock ends with the connection.
pub(super) async fn lock_keys(connection: &mut Connection<'_>) -> Result<(), StoreError> {
    let lock = query("SELECT pg_advisory_lock($1)::text").bind(KEYS);
    Ok(lock.rows(connection).await.map(drop)?)
}

/// Refuses a database without a store, of another format, with anything in it that the gateway has not made, or that may lose what it
/// has acknowledged.
pub(super) async fn check(
    connection: &mut Connection<'_>,
    server: &Server,
) -> Result<(), StoreError> {
    for schema in server.schemas() {
        if !is_there(connection, &schema).await? {
            return Err(StoreError::NoStore(server.told()));
        }
    }
    let formats: Vec<(i64,)> =
        query("SELECT number FROM format UNION ALL SELECT number FROM node_format")
            .all(connection)
            .await?;
    for (found,) in formats {
        if found != FORMAT {
            let known = FORMAT;
            return Err(StoreError::TooNew { found, known });
        }
    }
    for setting in ["fsync", "full_page_writes"] {
        let on: (String,) = query("SELECT current_setting($1)")
            .bind(setting)
            .one(connection)
            .await?;
        if on.0 != "on" {
            return Err(StoreError::NotDurable(setting));
        }
    }
    check_objects(connection).await
}

/// Refuses what has anything in it but what the latest format has.
pub(super) async fn check_objects(connection: &mut Connection<'_>) -> Result<(), StoreError> {
    let found: Vec<(String,)> = query(OBJECTS_THERE).all(connection).await?;
    let expected: Vec<&str> = OBJECTS.lines().collect();
    let differs = found.iter().map(|(object,)| object.as_str());
    let differs = differs.clone().find(|object| !expected.contains(object));
    let is_there = |object: &&&str| !found.iter().any(|(found,)| found == **object);
    let lacks = expected.iter().find(is_there).copied();
    match differs.or(lacks) {
        None => Ok(()),
        Some(object) => Err(StoreError::OtherSchema(
            object.escape_debug().take(100).collect(),
        )),
    }
}

/// Refuses what would be carried out with our own statements; cheap enough for each transaction.
pub(super) async fn check_for_strange(connection: &mut Connection<'_>) -> Result<(), StoreError> {
    let (strange,): (i64,) = query(HAS_STRANGE).one(connection).await?;
    match strange {
        0 => Ok(()),
        _ => check_objects(connection).await,
    }
}
