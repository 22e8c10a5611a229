//! Gateways that share a store: who belongs to them, and how each comes by the keys.
//!
//! ```text
//! init --join     the new gateway makes a key pair of its own (node.key), and says the public half
//! node approve    one that belongs to them encrypts the keyring's terms for that key: its share, in the table node
//! node join       the new one opens its share, takes the key files from the store, and compares the identity key with what a person said
//! new term        whoever begins it encrypts all terms anew for each that belongs to them; a share is taken when the store names a term that is missing
//! node remove     the row goes, and a new term begins that the one who was removed has no share of
//! ```
//! Whoever can write the store must not be able to put a gateway among them. So each row is sealed under the active term, and each share sealed under
//! the term before and signed with the identity key: the key for a new term is taken only from one that has both. One that was removed has the
//! identity key still, and the terms until then, but not the one that a later share is sealed under.

mod files;
mod key;

use std::io::{Read as _, Write as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use envelope::{GatewayId, UnixSeconds};
use serde::Serialize;
use zeroize::Zeroizing;

use crate::backup::age::recovery_key::RecoveryKey;
use crate::backup::age::{self, Lock, Opener};
use crate::backup::terms as terms_file;
use crate::data_folder::DataFolder;
use crate::identity::Identity;
use crate::keyring::file::Owner;
use crate::keyring::{Term, TermKey};
use crate::store::envelope_keys;
use crate::store::nodes::{self, NodeRow};
use crate::store::terms::{self, TermRow, TermState};
use crate::store::{Connection, StoreError, shared_files};
use crate::tls::sha256;
use crate::vault::Vault;
use files::KeyFile;
pub(crate) use files::{named as named_files, of_envelope_key, take as take_files};
pub use key::{NodeKey, NodeKeyError};

const ROW: &[u8] = b"credential-gateway node 1";
const SHARE: &[u8] = b"credential-gateway node share 1";
const SHARE_TYP: &str = "node-share+jws";
/// Larger is no share, in bytes.
const MAX_SHARE_BYTES: u64 = 1 << 20;

/// What the identity key signs of a share.
#[derive(Serialize)]
struct SignedShare<'a> {
    gateway: &'a GatewayId,
    node: &'a str,
    sha256: String,
}

/// This gateway among those that share the store.
pub struct Shared {
    key: NodeKey,
    folder: DataFolder,
    vault: Arc<Vault>,
    /// The term that the store says this gateway has written under.
    caught_up: AtomicI64,
}

impl Shared {
    /// As one that has its node key already.
    #[must_use]
    pub fn new(key: NodeKey, folder: DataFolder, vault: Arc<Vault>) -> Self {
        Self {
            key,
            folder,
            vault,
            caught_up: AtomicI64::new(0),
        }
    }

    /// This gateway's own name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.key.name().as_str()
    }

    /// Takes the share of a term that another gateway has begun, if the keyring lacks the active one.
    ///
    /// # Errors
    /// [`StoreError::NotANode`] for one that was removed, [`StoreError::Share`], [`StoreError::Database`].
    pub async fn catch_up(&self, connection: &mut Connection<'_>) -> Result<(), StoreError> {
        let rows = terms::read(connection).await?;
        let active = rows.iter().find(|row| row.state == TermState::Active);
        let active = active.ok_or(StoreError::OtherTerms)?;
        let has_it = || {
            let key = self.vault.key(active.term);
            key.is_some_and(|key| key.id() == active.id)
        };
        if has_it() {
            return Ok(());
        }
        let row = row_of(connection, self.name()).await?;
        let identity = Identity::load(&self.folder, &self.vault);
        let identity = identity.map_err(|_| StoreError::Share("the identity key does not open"))?;
        let sharing = Sharing {
            vault: &self.vault,
            identity: &identity,
        };
        // Not by an earlier term: that is known to those who were removed since.
        let keys = self.vault.keys();
        let mut before = keys.iter().map(|key| key.term()).rev();
        let before = before.find(|term| *term < active.term);
        let is_by_former = before.is_some_and(|term| i64::from(term.0) == row.share_term);
        if !is_by_former || !sharing.has_shared(&row) {
            return Err(StoreError::Share(
                "no gateway of theirs has signed and sealed it",
            ));
        }
        self.take(open_share(&self.key, &row)?, &rows)?;
        match has_it() {
            true => Ok(()),
            false => Err(StoreError::Share("it does not have the active term")),
        }
    }

    /// Wraps the node key under another key-encryption key, as the keyring is.
    ///
    /// # Errors
    /// See [`NodeKeyError`].
    pub fn rewrap(&self, owner: &Owner) -> Result<(), NodeKeyError> {
        self.key.rewrap(&self.folder, owner)
    }

    fn take(&self, shared: Vec<Arc<TermKey>>, rows: &[TermRow]) -> Result<(), StoreError> {
        let lock = self.folder.lock_keys();
        let _lock = lock.map_err(|_| StoreError::Share("the data folder cannot be locked"))?;
        let not_written = |_| StoreError::Share("keyring.json cannot be written");
        self.vault.look_again().map_err(not_written)?;
        let mut keys = self.vault.keys();
        let is_named = |key: &TermKey| {
            let mut rows = rows.iter();
            rows.any(|row| row.term == key.term() && row.id == key.id())
        };
        // What counts stays as it is. What goes is a term that this gateway had begun to make, and another one was faster.
        keys.retain(|key| is_named(key));
        let known: Vec<Term> = keys.iter().map(|key| key.term()).collect();
        let is_new = |key: &Arc<TermKey>| is_named(key) && !known.contains(&key.term());
        keys.extend(shared.into_iter().filter(is_new));
        keys.sort_by_key(|key| key.term());
        self.vault.replace(keys).map_err(not_written)
    }

    /// Says that this gateway writes under the active term, within its transaction: those before are not needed for it. Gives the term, for
    /// [`Shared::noted`].
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn note(&self, transaction: &mut Connection<'_>) -> Result<i64, StoreError> {
        let active = i64::from(terms::active(transaction).await?.0);
        if self.caught_up.load(Ordering::Relaxed) != active {
            nodes::catch_up(transaction, self.name(), active).await?;
        }
        Ok(active)
    }

    /// That transaction is committed.
    pub fn noted(&self, term: i64) {
        self.caught_up.store(term, Ordering::Relaxed);
    }
}

/// A gateway's row.
///
/// # Errors
/// [`StoreError::NotANode`], [`StoreError::Database`].
pub async fn row_of(connection: &mut Connection<'_>, name: &str) -> Result<NodeRow, StoreError> {
    let rows = nodes::read(connection).await?;
    let own = rows.into_iter().find(|row| row.name == name);
    own.ok_or_else(|| StoreError::NotANode(name.to_owned()))
}

/// The terms in a share for this key.
///
/// # Errors
/// [`StoreError::Share`].
pub fn open_share(key: &NodeKey, row: &NodeRow) -> Result<Vec<Arc<TermKey>>, StoreError> {
    let not_for_us = |_| StoreError::Share("it is not for this gateway's key");
    let identity = key.identity().map_err(not_for_us)?;
    let opened = age::decrypt(row.share.as_slice(), &Opener::Identities(vec![identity]));
    let mut json = Zeroizing::new(Vec::with_capacity(row.share.len()));
    let opened = opened.map_err(not_for_us)?;
    let read = opened.take(MAX_SHARE_BYTES).read_to_end(&mut json);
    read.map_err(|_| StoreError::Share("it was changed"))?;
    terms_file::parse(&json).map_err(|_| StoreError::Share("it has no terms in it"))
}

/// Who shares and signs.
pub(crate) struct Sharing<'a> {
    pub(crate) vault: &'a Vault,
    pub(crate) identity: &'a Identity,
}

impl Sharing<'_> {
    /// The row of a gateway that belongs to them, sealed under the first of these terms, with a share of all that the keyring has, sealed under the
    /// other.
    pub(crate) fn row(
        &self,
        name: &str,
        recipient: &RecoveryKey,
        since: UnixSeconds,
        (term, under): (Term, Term),
    ) -> Result<NodeRow, StoreError> {
        let failed = |_| StoreError::Share("it cannot be encrypted");
        let recipients = [recipient.clone()];
        let encrypting = age::encrypt(Vec::new(), &Lock::RecoveryKeys(&recipients));
        let mut encrypting = encrypting.map_err(failed)?;
        let json = terms_file::to_json(&self.vault.keys());
        let written = encrypting
            .write_all(&json)
            .and_then(|()| encrypting.finish());
        let share = written.map_err(|_| StoreError::Share("it cannot be encrypted"))?;
        let mut row = NodeRow {
            name: name.to_owned(),
            recipient: recipient.to_string(),
            since: i64::try_from(since.0).unwrap_or(i64::MAX),
            term: i64::from(term.0),
            seal: Vec::new(),
            signed: self
                .signed(name, &share)
                .ok_or(StoreError::Share("it cannot be signed"))?,
            share,
            share_term: i64::from(under.0),
            share_seal: Vec::new(),
            caught_up: 0,
        };
        let seal = self.vault.seal_parts(under, SHARE, &share_parts(&row));
        row.share_seal = seal
            .ok_or(StoreError::Share("it cannot be sealed"))?
            .to_vec();
        let seal = self
            .vault
            .seal_parts(term, ROW, &parts(&row, &row.since.to_be_bytes()));
        row.seal = seal
            .ok_or(StoreError::Share("it cannot be sealed"))?
            .to_vec();
        Ok(row)
    }

    /// Whether a gateway that belongs to them has put the share there: it is sealed under the term that it names, and signed.
    pub(crate) fn has_shared(&self, row: &NodeRow) -> bool {
        let under = Term::from_stored(row.share_term);
        let is_sealed = under.is_some_and(|term| {
            self.vault
                .are_sealed(term, SHARE, &share_parts(row), &row.share_seal)
        });
        // Signing the same document again gives the same bytes.
        is_sealed && self.signed(&row.name, &row.share).as_ref() == Some(&row.signed)
    }

    /// What the identity key signs of a share.
    fn signed(&self, node: &str, share: &[u8]) -> Option<String> {
        let document = SignedShare {
            gateway: &self.vault.owner().gateway,
            node,
            sha256: sha256(share),
        };
        self.identity.jws(SHARE_TYP, &document).ok()
    }

    /// Whether a gateway that belongs to them has put the row there.
    pub(crate) fn is_sealed(&self, row: &NodeRow, term: Term) -> bool {
        row.term == i64::from(term.0)
            && self
                .vault
                .are_sealed(term, ROW, &parts(row, &row.since.to_be_bytes()), &row.seal)
    }

    /// Shares a new term with everybody who belonged to them under the one before, but for one who is removed. Within the transaction that
    /// begins the term.
    pub(crate) async fn begin(
        &self,
        transaction: &mut Connection<'_>,
        (former, active): (Term, Term),
        without: Option<&str>,
    ) -> Result<(), StoreError> {
        for row in nodes::read(transaction).await? {
            let recipient = RecoveryKey::parse(&row.recipient);
            let (true, Ok(recipient)) = (self.is_sealed(&row, former), recipient) else {
                tracing::error!(
                    node = row.name,
                    "nobody has approved this gateway: it gets no share of the new term"
                );
                nodes::remove(transaction, &row.name).await?;
                continue;
            };
            if without == Some(row.name.as_str()) {
                nodes::remove(transaction, &row.name).await?;
                continue;
            }
            let since = UnixSeconds(row.since.unsigned_abs());
            let mut renewed = self.row(&row.name, &recipient, since, (active, former))?;
            renewed.caught_up = row.caught_up;
            nodes::put(transaction, &renewed).await?;
        }
        Ok(())
    }
}

fn share_parts(row: &NodeRow) -> [&[u8]; 2] {
    [row.name.as_bytes(), &row.share]
}

fn parts<'r>(row: &'r NodeRow, since: &'r [u8; 8]) -> [&'r [u8]; 3] {
    [row.name.as_bytes(), row.recipient.as_bytes(), since]
}

/// Whether each gateway has written under this term, or a later one.
///
/// # Errors
/// [`StoreError::Database`].
pub(crate) async fn all_caught_up(
    connection: &mut Connection<'_>,
    term: Term,
) -> Result<bool, StoreError> {
    if !connection.is_shared() {
        return Ok(true);
    }
    let rows = nodes::read(connection).await?;
    Ok(rows.iter().all(|row| row.caught_up >= i64::from(term.0)))
}

/// Puts key files into the store that others need, if others share it.
///
/// # Errors
/// [`StoreError::Database`].
pub(crate) async fn give_files(
    transaction: &mut Connection<'_>,
    files: &[(String, Vec<u8>)],
) -> Result<(), StoreError> {
    if !transaction.is_shared() {
        return Ok(());
    }
    let (_, rows) = envelope_keys::read(transaction).await?;
    for (name, content) in files {
        // One that has ended meanwhile does not come back.
        if KeyFile::named(name, &rows).is_some() {
            shared_files::put(transaction, name, content).await?;
        }
    }
    Ok(())
}
