//! Where the store is, on the command line.

mod moving;

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use super::failure::{Cause, Failure};
use crate::store::postgresql::{DEFAULT_PORT, NodeName, Server};

#[derive(Subcommand)]
pub(super) enum Store {
    /// Move the store from the data folder of a stopped gateway to a database, where other gateways can share it (owner of the data folder only; audited).
    Move(moving::Move),
}

impl Store {
    pub(super) async fn run(self, path: PathBuf) -> anyhow::Result<()> {
        match self {
            Self::Move(moving) => moving.run(path).await,
        }
    }
}

/// A database that several gateways share; none of it for a store in the data folder.
#[derive(Args, Clone)]
pub(super) struct StoreChoice {
    /// Share a store with other gateways: the PostgreSQL server's name or address, or the folder of its Unix socket.
    #[arg(long, value_name = "HOST", requires_all = ["store_database", "store_user", "node"])]
    store_host: Option<String>,
    /// The server's port.
    #[arg(long, value_name = "PORT", default_value_t = DEFAULT_PORT, requires = "store_host")]
    store_port: u16,
    /// The database there.
    #[arg(long, value_name = "NAME", requires = "store_host")]
    store_database: Option<String>,
    /// The role, which may make schemas in it.
    #[arg(long, value_name = "ROLE", requires = "store_host")]
    store_user: Option<String>,
    /// A file, for its owner only, with the role's password.
    #[arg(long, value_name = "FILE", requires = "store_host")]
    store_password_file: Option<PathBuf>,
    /// The authority of the server's certificate (PEM).
    #[arg(long, value_name = "FILE", requires = "store_host")]
    store_authority: Option<PathBuf>,
    /// This gateway's own name among those that share the store: 1 to 20 of a to z, 0 to 9 and _.
    #[arg(long, value_name = "NAME", value_parser = |name: &str| NodeName::try_from(name.to_owned()), requires = "store_host")]
    node: Option<NodeName>,
}

impl StoreChoice {
    /// The same as the configuration has it; none if nothing is said.
    ///
    /// # Errors
    /// When a file that is named is not there.
    pub(super) fn server(&self) -> anyhow::Result<Option<Server>> {
        let (Some(host), Some(database), Some(user), Some(node)) = (
            &self.store_host,
            &self.store_database,
            &self.store_user,
            &self.node,
        ) else {
            return Ok(None);
        };
        let found = |path: &Option<PathBuf>| path.as_deref().map(absolute).transpose();
        Ok(Some(Server {
            host: host.clone(),
            port: self.store_port,
            database: database.clone(),
            user: user.clone(),
            password_file: found(&self.store_password_file)?,
            authority: found(&self.store_authority)?,
            node: node.clone(),
        }))
    }
}

/// Relative paths are the caller's here, and the configuration's folder's there.
fn absolute(path: &Path) -> anyhow::Result<PathBuf> {
    path.canonicalize().map_err(|error| {
        let sentence = format!("{} cannot be found ({error})", path.display());
        Failure::new(Cause::Usage, sentence).into()
    })
}
