//! Who else shares the store: approving another gateway, removing one, and becoming one of them. See [`crate::nodes`].

use std::sync::Arc;

use envelope::{Kid, UnixSeconds};

use super::terms::{NewTerm, TermsProblem};
use super::{Custody, CustodyError, Settings};
use crate::audit::log::AuditLog;
use crate::audit::{AuditEvent, Event, Outcome};
use crate::backup::age::recovery_key::RecoveryKey;
use crate::config::Config;
use crate::data_folder::{self, DataFolder, FolderError};
use crate::identity::Identity;
use crate::keyring::file::Owner;
use crate::keyring::{Term, TermKey};
use crate::keys::file;
use crate::nodes::{self, NodeKey, Sharing};
use crate::store::nodes::{self as rows, NodeRow};
use crate::store::postgresql::{NodeName, Server};
use crate::store::writer::Change;
use crate::store::{Connection, Place, Store, StoreError, shared_files, terms};
use crate::vault::Vault;

/// One of the gateways that share the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its own name.
    pub name: String,
    /// What its shares are encrypted for.
    pub recipient: String,
    /// When it was approved.
    pub since: UnixSeconds,
    /// Whether one that belongs to them has put it there.
    pub is_approved: bool,
    /// The term that it has written under.
    pub caught_up: i64,
}

impl Custody {
    /// The gateways that share the store; none where it is in the data folder.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn members(&self) -> Result<Vec<Member>, StoreError> {
        if self.parts.shared.is_none() {
            return Ok(Vec::new());
        }
        let mut connection = self.reading().await?;
        let active = terms::active(&mut connection).await?;
        let rows = rows::read(&mut connection).await?;
        let identity = self.identity();
        let sharing = self.sharing(&identity);
        let member = |row: NodeRow| Member {
            is_approved: sharing.is_sealed(&row, active),
            name: row.name,
            recipient: row.recipient,
            since: UnixSeconds(row.since.unsigned_abs()),
            caught_up: row.caught_up,
        };
        Ok(rows.into_iter().map(member).collect())
    }

    /// Those that have not written under the active term yet, so that the one before cannot end.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn waited_for(&self) -> Result<Vec<String>, StoreError> {
        let active = i64::from(terms::active(&mut self.reading().await?).await?.0);
        let members = self.members().await?.into_iter();
        let late = members.filter(|member| member.caught_up < active);
        Ok(late.map(|member| member.name).collect())
    }

    /// Shares the keyring with another gateway from now on.
    ///
    /// # Errors
    /// [`CustodyError::NotShared`] where the store is in the data folder; [`CustodyError::Write`].
    pub async fn approve(
        &self,
        name: &NodeName,
        recipient: &RecoveryKey,
        who: &str,
        now: UnixSeconds,
    ) -> Result<(), CustodyError> {
        if self.parts.shared.is_none() {
            return Err(CustodyError::NotShared);
        }
        // No new term in between.
        let lock = self.lock_keys().await?;
        let term = terms::active(&mut self.reading().await?).await?;
        let identity = self.identity();
        let row = self
            .sharing(&identity)
            .row(name.as_str(), recipient, now, (term, term))?;
        let mut event = AuditEvent::new(Event::NodeApproved, Outcome::Ok, now);
        event.who = Some(who.to_owned());
        event.node = Some(name.as_str().to_owned());
        let is_approved = self.parts.writer.write(Approve { row, event }).await?;
        drop(lock);
        match is_approved {
            true => Ok(()),
            false => Err(CustodyError::NameTaken(name.as_str().to_owned())),
        }
    }

    /// Begins a term that this gateway gets no share of. What it knew opens nothing that is stored from then on, and nothing that was, once it
    /// is protected anew.
    ///
    /// # Errors
    /// See [`TermsProblem`]; [`StoreError::NotANode`] if there is none of this name.
    pub async fn remove_member(
        &self,
        name: &NodeName,
        who: &str,
        now: UnixSeconds,
    ) -> Result<NewTerm, TermsProblem> {
        let members = self.members().await?;
        if !members.iter().any(|member| member.name == name.as_str()) {
            return Err(StoreError::NotANode(name.as_str().to_owned()).into());
        }
        self.begin_term(Some(who), Some(name.clone()), now).await
    }

    fn sharing<'s>(&'s self, identity: &'s Identity) -> Sharing<'s> {
        Sharing {
            vault: &self.parts.vault,
            identity,
        }
    }

    /// Makes what a new gateway has before it is approved: a key-encryption key, and a key of its own for its shares. Gives the public half.
    ///
    /// # Errors
    /// See [`CustodyError`].
    pub fn ask_to_join(
        folder: &DataFolder,
        config: &Config,
        server: &Server,
    ) -> Result<String, CustodyError> {
        let kek = match config.kek.open(folder) {
            Err(missing) if missing.is_missing() => config.kek.make(folder)?,
            other => other?,
        };
        let owner = Owner {
            gateway: config.id.clone(),
            kek,
            settings: config.kek.clone(),
        };
        let key = NodeKey::create(folder, &owner, &server.node)?;
        Ok(key.public().to_owned())
    }

    /// Has a new gateway, with a folder and a node key, take its share: keyring, identity key and envelope keys. A person has said which identity
    /// key that must lead to.
    ///
    /// # Errors
    /// See [`CustodyError`]; [`CustodyError::OtherIdentity`].
    pub async fn join(
        folder: &DataFolder,
        settings: &Settings,
        expected: &Kid,
    ) -> Result<(), CustodyError> {
        let Some(server) = &settings.store else {
            return Err(CustodyError::NotShared);
        };
        if folder.keyring().exists() {
            return Err(CustodyError::HasJoined);
        }
        let owner = || {
            Ok::<_, CustodyError>(Owner {
                gateway: settings.gateway.clone(),
                kek: settings.kek.open(folder)?,
                settings: settings.kek.clone(),
            })
        };
        let key = NodeKey::open(folder, &owner()?, &server.node)?;
        let place = Place::Postgresql(server.clone());
        let mut connection = Store::first_connection(&place).await?;
        let row = nodes::row_of(&mut connection, server.node.as_str()).await?;
        let shared = nodes::open_share(&key, &row)?;
        // Apart first: whoever can write the store must not leave keys of theirs in the folder, however this ends.
        let apart = tempfile::tempdir_in(folder.path()).map_err(FolderError::io(folder.path()))?;
        let trial = DataFolder::create(apart.path().join("join"))?;
        let vault = Vault::with_terms(&trial, owner()?, shared)?;
        nodes::take_files(&mut connection, &trial, &vault).await?;
        let identity = Identity::load(&trial, &vault)?;
        if identity.kid() != expected {
            return Err(CustodyError::OtherIdentity {
                found: identity.kid().clone(),
                expected: expected.clone(),
            });
        }
        let sharing = Sharing {
            vault: &vault,
            identity: &identity,
        };
        if !sharing.has_shared(&row) {
            return Err(StoreError::Share("no gateway of theirs has signed and sealed it").into());
        }
        for (path, _) in file::named(&trial)? {
            let name = path.file_name().unwrap_or_default();
            data_folder::take_place(&path, &folder.envelope_keys().join(name))?;
        }
        data_folder::take_place(&trial.identity(), &folder.identity())?;
        // Last: a folder without it is not that of a gateway that has joined.
        data_folder::take_place(&trial.keyring(), &folder.keyring())?;
        connection.close().await.map_err(StoreError::from)?;
        Ok(())
    }
}

/// The first gateway of a shared store approves itself, and puts its key files there.
pub(super) async fn begin(
    folder: &DataFolder,
    vault: &Vault,
    server: &Server,
    keys: &[Arc<TermKey>],
    now: UnixSeconds,
) -> Result<(), CustodyError> {
    let term = keys.last().map_or(Term::FIRST, |key| key.term());
    let row = first_row(folder, vault, server, term, now)?;
    let place = Place::Postgresql(server.clone());
    let mut connection = Store::reading_connection(&place).await?;
    let mut transaction = connection.begin().await.map_err(StoreError::from)?;
    if rows::read(&mut transaction).await?.is_empty() {
        rows::put(&mut transaction, &row).await?;
        for (name, content) in nodes::named_files(folder)? {
            shared_files::put(&mut transaction, &name, &content).await?;
        }
    }
    transaction.commit().await.map_err(StoreError::from)?;
    Ok(())
}

/// The row of the first gateway, which nobody else can approve.
pub(super) fn first_row(
    folder: &DataFolder,
    vault: &Vault,
    server: &Server,
    term: Term,
    now: UnixSeconds,
) -> Result<NodeRow, CustodyError> {
    let key = NodeKey::create(folder, vault.owner(), &server.node)?;
    let identity = Identity::load(folder, vault)?;
    let recipient = RecoveryKey::parse(key.public());
    let recipient = recipient.map_err(|_| StoreError::Share("node.key is damaged"))?;
    let sharing = Sharing {
        vault,
        identity: &identity,
    };
    Ok(sharing.row(server.node.as_str(), &recipient, now, (term, term))?)
}

struct Approve {
    row: NodeRow,
    event: AuditEvent,
}

impl Change for Approve {
    /// `false` for a name that another key has.
    type Answer = bool;

    async fn apply(mut self, transaction: &mut Connection<'_>) -> Result<bool, StoreError> {
        let rows = rows::read(transaction).await?;
        self.row.caught_up = match rows.iter().find(|row| row.name == self.row.name) {
            Some(there) if there.recipient != self.row.recipient => return Ok(false),
            Some(there) => there.caught_up,
            // It has not written anything yet, but what comes is under the active term.
            None => self.row.term,
        };
        rows::put(transaction, &self.row).await?;
        AuditLog::put(transaction, &self.event).await?;
        Ok(true)
    }
}
