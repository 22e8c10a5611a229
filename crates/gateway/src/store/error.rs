//! Why the store does not answer.

use std::io;
use std::path::PathBuf;

use super::trouble::{advice_on, database};
use crate::data_folder::FolderError;
use crate::keyring::Term;

/// Why the store does not answer.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The file is not there.
    #[error(
        "{0} is missing; put it back from the backup, or run `credential-gateway init` in a new folder"
    )]
    Missing(PathBuf),
    /// The file could not be made.
    #[error("{path}: {source}", path = path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// Written by a later version of the gateway.
    #[error(
        "the store has format {found}, this version knows formats up to {known}; use the newer gateway"
    )]
    TooNew {
        /// The file's format.
        found: i64,
        /// The latest known one.
        known: i64,
    },
    /// Written by an earlier version of the gateway, and only looked at.
    #[error("the store has the earlier format {found}; a gateway that starts brings it to {known}")]
    Earlier {
        /// The file's format.
        found: i64,
        /// The latest known one.
        known: i64,
    },
    /// It has something that no gateway has made, or lacks something, or has it in another form.
    #[error(
        "the store is not made as this version makes it ({0}); put it back from the backup, or take out what is not the gateway's"
    )]
    OtherSchema(String),
    /// There is nothing in it.
    #[error(
        "{0} is damaged: it is empty, and a gateway's never is; no new one takes its place. Put the folder back from a copy, or make the gateway anew of a backup with `credential-gateway restore`"
    )]
    Empty(PathBuf),
    /// Another gateway's store.
    #[error("the store belongs to the gateway {found}, the configuration says {expected}")]
    OtherGateway {
        /// The id in the store.
        found: String,
        /// The id in the configuration.
        expected: String,
    },
    /// The keyring is not the one that the store is protected under: another gateway's, or an older copy.
    #[error(
        "the store is protected under {term}, which keyring.json does not have or has another key for: it is an older copy or another gateway's, so put the right keyring.json back"
    )]
    OtherKeyring {
        /// The term in the store.
        term: Term,
    },
    /// The terms are not in the states that the gateway has given them.
    #[error(
        "the table term is not as the gateway wrote it last; put store.sqlite and keyring.json back from the same backup"
    )]
    OtherTerms,
    /// Somebody has taken away, or put back, what the identity key signed of those before it.
    #[error(
        "what the store says of former identity keys is not what the gateway wrote last; put the folder back from a copy, or take it as it is with `credential-gateway key verify --accept`"
    )]
    OtherSuccession,
    /// What is stored for a linked service is not what was written last.
    #[error(
        "the stored credential of {ls} in {df} is damaged ({what}); set it again, or put the folder back from the backup"
    )]
    DamagedRow {
        /// Data factory.
        df: String,
        /// Linked service.
        ls: String,
        /// In which way: a stable code.
        what: &'static str,
    },
    /// A row is not as this gateway writes them.
    #[error("a row of the table {table} is damaged: {what}")]
    Damaged {
        /// The table.
        table: &'static str,
        /// The column.
        what: &'static str,
    },
    /// The server of the shared store has nothing of a gateway.
    #[error(
        "{0} has no store in it; run `credential-gateway init` with it, or correct [store] in gateway.toml"
    )]
    NoStore(String),
    /// The server has a store already, and nothing takes its place.
    #[error(
        "{0} has a store in it; choose another database. If an interrupted `credential-gateway store move` left it there, drop its schemas (credential_gateway and credential_gateway_…)"
    )]
    Taken(String),
    /// The server of the shared store might lose what it has answered for.
    #[error(
        "the database server runs with {0} = off, so that it may lose what it has acknowledged; switch it on"
    )]
    NotDurable(&'static str),
    /// The environment would say how the shared store is reached, too.
    #[error(
        "the variable {0} is set: unset it, only [store] of gateway.toml says how the store is reached"
    )]
    Environment(&'static str),
    /// The password for the shared store cannot be read.
    #[error(
        "the password of the store: {0}; put it into password_file of [store], for its owner only"
    )]
    Password(FolderError),
    /// This gateway is not one of those that share the store.
    #[error(
        "{0} is not, or not any more, among the gateways that share the store; `credential-gateway node approve` on one of them makes it so"
    )]
    NotANode(String),
    /// A gateway of this name has written an audit trail already.
    #[error(
        "a gateway has had the name {0} before, and its audit trail's numbers go with it: choose another --node"
    )]
    NameUsed(String),
    /// What another gateway has shared cannot be taken.
    #[error(
        "this gateway's share of the keyring cannot be used: {0}; look who can write the store, then have this gateway approved anew"
    )]
    Share(&'static str),
    /// The database refused.
    #[error("{advice}{database}: {0}", advice = advice_on(.0), database = database(.0))]
    Database(#[from] sqlx::Error),
}
