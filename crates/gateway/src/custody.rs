//! What a gateway keeps, behind one handle: tickets are checked, envelopes opened, credentials protected, stored,
//! audited, listed and revealed here. How a request reaches it (HTTP, command line) is the business of other modules.

pub mod access;
pub mod delete;
pub mod opening;
pub mod reveal;
pub mod set;

mod checked;
mod refusal_budget;
mod ticket_lock;

use std::sync::Arc;
use std::thread;

use envelope::protocol::StoredCredential;
use envelope::{DataFactoryName, GatewayId, JwkSet, Kid, LinkedServiceName};
use sqlx::pool::PoolConnection;
use sqlx::{Sqlite, SqliteConnection};

use crate::audit::log::AuditLog;
use crate::audit::{AuditError, AuditEvent};
use crate::data_folder::{DataFolder, FolderError};
use crate::identity::{Identity, IdentityError};
use crate::issuers::{self, Issuer, IssuerError};
use crate::kek::{Kek, KekError};
use crate::keys::{EnvelopeKeys, EnvelopeKeysError};
use crate::store::writer::{Change, WriteError, Writer};
use crate::store::{Store, StoreError, credentials};
use crate::vault::Vault;
use opening::Opening;
use refusal_budget::RefusalBudget;
use ticket_lock::TicketLocks;

/// What custody is told by the configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The gateway's id: audience of every ticket, part of every protected record.
    pub gateway: GatewayId,
    /// How many envelopes are opened at the same time: threads that do RSA.
    pub opening_threads: usize,
    /// How many more may wait for a thread before callers are told to come back later.
    pub opening_queue: usize,
}

impl Settings {
    /// As many opening threads as there are processors, and 64 waiting.
    #[must_use]
    pub fn new(gateway: GatewayId) -> Self {
        Self {
            gateway,
            opening_threads: thread::available_parallelism().map_or(1, usize::from),
            opening_queue: 64,
        }
    }
}

/// The handle; cloning it is cheap and all clones are the same custody.
#[derive(Clone)]
pub struct Custody {
    parts: Arc<Parts>,
}

struct Parts {
    gateway: GatewayId,
    vault: Vault,
    identity: Identity,
    keys: EnvelopeKeys,
    issuers: Vec<Issuer>,
    store: Store,
    writer: Writer,
    opening: Opening,
    ticket_locks: TicketLocks,
    refusals: RefusalBudget,
}

/// Why custody cannot be taken up. Each sentence names the file and what to do; nothing was overwritten.
#[derive(Debug, thiserror::Error)]
pub enum CustodyError {
    /// The key-encryption key.
    #[error(transparent)]
    Kek(#[from] KekError),
    /// `kek.key` is gone, but things protected under it are there.
    #[error("{0}; no new one is made, because {1} is protected under it")]
    KekLost(KekError, &'static str),
    /// The identity key.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// The envelope keys.
    #[error(transparent)]
    Keys(#[from] EnvelopeKeysError),
    /// A registered issuer.
    #[error(transparent)]
    Issuers(#[from] IssuerError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The audit trail.
    #[error(transparent)]
    Audit(#[from] AuditError),
    /// The folder.
    #[error(transparent)]
    Folder(#[from] FolderError),
}

impl Custody {
    /// Makes what is kept, for `init`: the KEK, the identity key, the first envelope key, an empty store. Resumes where
    /// an interrupted call stopped and overwrites nothing; a call on a complete folder only checks it.
    ///
    /// # Errors
    /// See [`CustodyError`]; [`CustodyError::KekLost`] when only `kek.key` is missing.
    pub async fn create(folder: &DataFolder, gateway: &GatewayId) -> Result<(), CustodyError> {
        match Kek::load(&folder.kek()) {
            Err(missing @ KekError::Missing(_)) => match protected_already(folder)? {
                Some(what) => return Err(CustodyError::KekLost(missing, what)),
                None => Kek::create(&folder.kek())?,
            },
            other => other?,
        };
        let vault = Vault::open(&folder.kek(), gateway.clone())?;
        Identity::create(folder, &vault)?;
        EnvelopeKeys::create(folder, &vault)?;
        Store::create(&folder.store(), gateway, vault.kek_id()).await?;
        Ok(())
    }

    /// Takes up custody: loads keys and issuers, opens the store, and brings the audit trail up to date.
    ///
    /// # Errors
    /// See [`CustodyError`].
    pub async fn open(folder: &DataFolder, settings: Settings) -> Result<Self, CustodyError> {
        let vault = Vault::open(&folder.kek(), settings.gateway.clone())?;
        let store = Store::open(&folder.store(), &settings.gateway, vault.kek_id()).await?;
        let identity = Identity::load(folder, &vault)?;
        let keys = EnvelopeKeys::load(folder, &vault)?;
        let issuers = issuers::load(folder)?;
        let writer = Writer::start(&store, folder.audit()).await?;
        let parts = Parts {
            gateway: settings.gateway,
            vault,
            identity,
            keys,
            issuers,
            store,
            writer,
            opening: Opening::new(settings.opening_threads, settings.opening_queue),
            ticket_locks: TicketLocks::default(),
            refusals: RefusalBudget::default(),
        };
        Ok(Self {
            parts: Arc::new(parts),
        })
    }

    /// The gateway's id.
    #[must_use]
    pub fn gateway_id(&self) -> &GatewayId {
        &self.parts.gateway
    }

    /// The key document of `GET /v1/keys`.
    #[must_use]
    pub fn public_keys(&self) -> &JwkSet {
        self.parts.keys.public()
    }

    /// The envelope key that new envelopes are sealed for.
    #[must_use]
    pub fn active_kid(&self) -> &Kid {
        self.parts.keys.active()
    }

    /// The identity key.
    #[must_use]
    pub fn identity(&self) -> &Identity {
        &self.parts.identity
    }

    /// The registered issuers; the built-in one is not among them.
    #[must_use]
    pub fn issuers(&self) -> &[Issuer] {
        &self.parts.issuers
    }

    /// How many private-key operations were begun since this custody was opened: what refused tickets must not cost.
    #[must_use]
    pub fn opens(&self) -> u64 {
        self.parts.opening.begun()
    }

    /// What may be shown of all stored credentials, or of those of one data factory, by name.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn list(
        &self,
        df: Option<&DataFactoryName>,
    ) -> Result<Vec<StoredCredential>, StoreError> {
        credentials::list(&mut *self.reading().await?, df).await
    }

    /// What may be shown of one stored credential.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn show(
        &self,
        df: &DataFactoryName,
        ls: &LinkedServiceName,
    ) -> Result<Option<StoredCredential>, StoreError> {
        let row = credentials::read(&mut *self.reading().await?, df, ls).await?;
        Ok(row.map(|row| row.shown))
    }

    /// Records an event that did not happen in here: started, stopped, ticket issued, issuer registered. What `authorise`,
    /// `set`, `delete` and `reveal` do is recorded by them.
    ///
    /// # Errors
    /// [`WriteError`]: the event is not, or not yet, in the audit file.
    pub async fn record(&self, event: AuditEvent) -> Result<(), WriteError> {
        self.parts.writer.write(Record(event)).await
    }

    /// Lets what was begun come to its end, writes everything, and refuses what comes later.
    pub async fn shutdown(self) {
        self.parts.opening.finish().await;
        self.parts.writer.stop().await;
        self.parts.store.reading().close().await;
    }

    async fn reading(&self) -> Result<PoolConnection<Sqlite>, StoreError> {
        Ok(self.parts.store.reading().acquire().await?)
    }
}

/// An audit line and nothing else.
struct Record(AuditEvent);

impl Change for Record {
    type Answer = ();

    async fn apply(self, transaction: &mut SqliteConnection) -> Result<(), StoreError> {
        AuditLog::put(transaction, &self.0).await
    }
}

/// What in the folder is protected under a KEK, if anything.
fn protected_already(folder: &DataFolder) -> Result<Option<&'static str>, FolderError> {
    let has_envelope_keys = std::fs::read_dir(folder.envelope_keys())
        .map_err(|source| FolderError::Io {
            path: folder.envelope_keys(),
            source,
        })?
        .next()
        .is_some();
    Ok([
        (folder.store().exists(), "store.sqlite"),
        (folder.identity().exists(), "identity.key"),
        (has_envelope_keys, "a key in envelope-keys/"),
    ]
    .into_iter()
    .find_map(|(there, what)| there.then_some(what)))
}
