//! What a gateway keeps, behind one handle: tickets are checked, envelopes opened, credentials protected, stored,
//! audited, listed and revealed here. How a request reaches it (HTTP, command line) is the business of other modules.

pub mod access;
pub mod backup;
pub mod candidate;
pub mod census;
pub mod creation;
pub mod delete;
pub mod entry;
pub mod error;
pub mod last_tests;
pub mod learning;
pub mod listing;
pub mod membership;
pub mod moving;
pub mod opening;
pub mod outcome;
pub mod replacement;
pub mod reveal;
pub mod rotation;
pub mod set;
pub mod terms;
pub mod trail;
pub mod tried;
pub mod trying;
pub mod verification;

mod checked;
mod newest;
mod receiving;
mod refusal_budget;
mod ticket_lock;
mod told;

use std::sync::atomic::AtomicI64;
use std::sync::{Arc, PoisonError, RwLock};
use std::thread;
use std::time::Duration;

use envelope::{GatewayId, JwkSet, Kid, UnixSeconds};

use crate::audit::Keeping;
use crate::audit::log::Trail;
use crate::data_folder::DataFolder;
use crate::identity::succession::{Identities, Succession};
use crate::identity::{Identity, IdentityError};
use crate::issuers::{self, Issuer};
use crate::keyring::TermKey;
use crate::keyring::file::Owner;
use crate::keyring::provider::KekSettings;
use crate::keys::{EnvelopeKeys, EnvelopeKeysError, file};
use crate::nodes::{self, NodeKey, Shared};
use crate::store::envelope_keys::KeyRow;
use crate::store::postgresql::Server;
use crate::store::write_times::WriteTimes;
use crate::store::writer::Writer;
use crate::store::{Connection, Place, Store, StoreError, envelope_keys, terms as terms_of_store};
use crate::vault::Vault;
pub use error::CustodyError;
use newest::NewestOfEach;
use opening::Opening;
pub use refusal_budget::RefusalBudget;
use rotation::change::Adopt;
use ticket_lock::TicketLocks;
use told::History;
use tried::{Saving, Tried};

/// What custody is told by the configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The gateway's id: audience of every ticket, part of every protected record.
    pub gateway: GatewayId,
    /// How many envelopes are opened at the same time: threads that do RSA.
    pub opening_threads: usize,
    /// How many more may wait for a thread before callers are told to come back later.
    pub opening_queue: usize,
    /// How long envelope keys are used.
    pub key_times: KeyTimes,
    /// Who keeps the key-encryption key.
    pub kek: KekSettings,
    /// The hash of the page that is served, for receipts ([`crate::page_files::PageFiles::hash`]).
    pub page: Option<String>,
    /// How the audit trail is kept.
    pub audit: Keeping,
    /// Which envelope keys have to be there.
    pub needed_keys: NeededKeys,
    /// Whether only what has passed its test is stored.
    pub saving: Saving,
    /// The store that is shared with other gateways; none for one in the data folder.
    pub store: Option<Server>,
}

/// Which envelope keys custody cannot be taken up without.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NeededKeys {
    /// All that are in use: without one, envelopes would be rejected in silence.
    #[default]
    InUse,
    /// None, because [`rotation::Former::Ends`] comes next.
    AboutToEnd,
}

/// How long envelope keys are used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyTimes {
    /// From becoming the active key to being replaced.
    pub active: Duration,
    /// From being replaced to being gone.
    pub retiring: Duration,
}

impl Default for KeyTimes {
    /// 30 days, then 24 hours.
    fn default() -> Self {
        Self {
            active: Duration::from_secs(30 * 24 * 60 * 60),
            retiring: Duration::from_secs(24 * 60 * 60),
        }
    }
}

impl Settings {
    /// As many opening threads as there are processors, 64 waiting, keys for 30 days and 24 hours, a key file, no page, an audit
    /// trail that is kept for ever.
    #[must_use]
    pub fn new(gateway: GatewayId) -> Self {
        Self {
            gateway,
            opening_threads: thread::available_parallelism().map_or(1, usize::from),
            opening_queue: 64,
            key_times: KeyTimes::default(),
            kek: KekSettings::default(),
            page: None,
            audit: Keeping::default(),
            needed_keys: NeededKeys::default(),
            saving: Saving::default(),
            store: None,
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
    folder: DataFolder,
    vault: Arc<Vault>,
    succession: Arc<Succession>,
    /// As they were when this process last looked; [`Custody::current_keys`] looks.
    keys: RwLock<Arc<EnvelopeKeys>>,
    key_times: KeyTimes,
    page: Option<String>,
    issuers: Vec<Issuer>,
    store: Store,
    /// This gateway among those that share the store.
    shared: Option<Arc<Shared>>,
    writer: Writer,
    opening: Opening,
    ticket_locks: TicketLocks,
    newest: NewestOfEach,
    history: History,
    /// The number of the line that the index in the folder goes up to; 0 if none is known that fits.
    indexed: AtomicI64,
    refusals: RefusalBudget,
    saving: Saving,
    tried: Tried,
}

impl Custody {
    /// Takes up custody: loads keys and issuers, opens the store, and brings the audit trail up to date.
    ///
    /// # Errors
    /// See [`CustodyError`].
    pub async fn open(folder: &DataFolder, settings: Settings) -> Result<Self, CustodyError> {
        let owner = Owner {
            gateway: settings.gateway.clone(),
            kek: settings.kek.open(folder)?,
            settings: settings.kek,
        };
        let key = settings.store.as_ref();
        let key = key.map(|server| NodeKey::open(folder, &owner, &server.node));
        let key = key.transpose()?;
        let vault = Arc::new(Vault::open(folder, owner)?);
        let shared = key.map(|key| Arc::new(Shared::new(key, folder.clone(), vault.clone())));
        let place = Place::of(settings.store.as_ref(), folder.store());
        if let Some(shared) = &shared {
            let mut connection = Store::reading_connection(&place).await?;
            shared.catch_up(&mut connection).await?;
            nodes::take_files(&mut connection, folder, &vault).await?;
            connection.close().await.map_err(StoreError::from)?;
        }
        let store = Store::open(&place, &settings.gateway, &vault.keys()).await?;
        let mut connection = store.reading().acquire().await.map_err(StoreError::from)?;
        terms::protected::check(&vault, &mut connection).await?;
        let succession =
            Succession::open(&settings.gateway, folder, &vault, &mut connection).await?;
        drop(connection);
        let succession = Arc::new(succession);
        let newest = match settings.needed_keys {
            NeededKeys::InUse => file::load_all(folder, &vault)?.pop(),
            NeededKeys::AboutToEnd => {
                folder.make_sub_folders()?;
                None
            }
        };
        let issuers = issuers::load(folder)?;
        let trail = Trail {
            path: folder.audit(),
            gateway: settings.gateway.clone(),
            vault: Arc::clone(&vault),
            succession: Arc::clone(&succession),
            keeping: settings.audit,
        };
        let writer = Writer::start(&store, trail, shared.clone()).await?;
        let rows = keys_at_start(folder, &store, &writer, newest).await?;
        let keys = match settings.needed_keys {
            NeededKeys::InUse => EnvelopeKeys::load(folder, &vault, rows, None),
            NeededKeys::AboutToEnd => EnvelopeKeys::load_what_opens(folder, &vault, rows),
        }?;
        let parts = Parts {
            gateway: settings.gateway,
            folder: folder.clone(),
            vault,
            succession,
            keys: RwLock::new(Arc::new(keys)),
            key_times: settings.key_times,
            page: settings.page,
            issuers,
            store,
            shared,
            writer,
            opening: Opening::new(settings.opening_threads, settings.opening_queue),
            ticket_locks: TicketLocks::default(),
            newest: NewestOfEach::default(),
            history: History::default(),
            indexed: AtomicI64::new(0),
            refusals: RefusalBudget::default(),
            saving: settings.saving,
            tried: Tried::new()?,
        };
        let custody = Self {
            parts: Arc::new(parts),
        };
        custody.finish_replacement().await?;
        Ok(custody)
    }

    /// The gateway's id.
    #[must_use]
    pub fn gateway_id(&self) -> &GatewayId {
        &self.parts.gateway
    }

    /// The envelope keys as they were when this process last looked.
    #[must_use]
    pub fn keys(&self) -> Arc<EnvelopeKeys> {
        let keys = self.parts.keys.read();
        keys.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The published half of [`Custody::keys`].
    #[must_use]
    pub fn public_keys(&self) -> Arc<JwkSet> {
        self.keys().public().clone()
    }

    /// The active key of [`Custody::keys`].
    #[must_use]
    pub fn active_kid(&self) -> Kid {
        self.keys().active().clone()
    }

    /// The identity key as it was when this process last looked.
    #[must_use]
    pub fn identity(&self) -> Arc<Identity> {
        self.parts.succession.known().present.clone()
    }

    /// The identity keys as they are now, whichever process replaced one last.
    ///
    /// # Errors
    /// See [`IdentityError`].
    pub async fn identities(&self) -> Result<Arc<Identities>, IdentityError> {
        let mut connection = self.reading().await?;
        self.parts.succession.current(&mut connection).await
    }

    /// The registered issuers; the built-in one is not among them.
    #[must_use]
    pub fn issuers(&self) -> &[Issuer] {
        &self.parts.issuers
    }

    /// The keys of all terms that count, for a backup that protects them in another way; `vault::Vault::with_terms` makes a
    /// keyring of them again. Each wipes itself.
    #[must_use]
    pub fn term_keys(&self) -> Vec<Arc<TermKey>> {
        self.parts.vault.keys()
    }

    /// How many private-key operations were begun since this custody was opened: what refused tickets must not cost.
    #[must_use]
    pub fn opens(&self) -> u64 {
        self.parts.opening.begun()
    }

    /// How long writing takes, measured in this process.
    #[must_use]
    pub fn write_times(&self) -> &WriteTimes {
        self.parts.writer.times()
    }

    /// Asks the store for one small row: whoever asks whether the gateway is ready may do so often.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn ask_store(&self) -> Result<(), StoreError> {
        terms_of_store::active(&mut self.reading().await?)
            .await
            .map(drop)
    }

    /// Lets what was begun come to its end, writes everything, and refuses what comes later.
    pub async fn shutdown(self) {
        self.parts.opening.finish().await;
        self.parts.writer.stop().await;
        self.parts.store.reading().close().await;
    }

    async fn reading(&self) -> Result<Connection<'static>, StoreError> {
        let mut connection = self.parts.store.reading().acquire().await?;
        if let Some(shared) = &self.parts.shared {
            shared.catch_up(&mut connection).await?;
        }
        Ok(connection)
    }
}

/// The states that the store has for the keys. A store that has none is new, or from before keys had states: then the
/// newest file is the active key's.
async fn keys_at_start(
    folder: &DataFolder,
    store: &Store,
    writer: &Writer,
    newest: Option<(UnixSeconds, Kid)>,
) -> Result<(u64, Vec<KeyRow>), CustodyError> {
    let mut connection = store.reading().acquire().await.map_err(StoreError::from)?;
    let mut rows = envelope_keys::read(&mut connection).await?;
    if rows.1.is_empty() {
        let none = || EnvelopeKeysError::None(folder.envelope_keys());
        let (made, kid) = newest.ok_or_else(none)?;
        writer.write(Adopt { kid, made }).await?;
        rows = envelope_keys::read(&mut connection).await?;
    }
    Ok(rows)
}

#[cfg(test)]
mod tests;
