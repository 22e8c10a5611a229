//! Replacing envelope keys.
//!
//! ```text
//!            rotate             24 hours after, or at once
//! pending ──────────▶ active ──────────▶ retiring ──────────▶ gone
//! on disk             published first    published, opens     file removed; 409 key_rotated
//! ```
//! A rotation may be done by any process on the folder. What is decided is decided in the store, in one transaction with its
//! audit line; every process compares a number there before it uses a key ([`Custody::current_keys`]), so a running gateway
//! needs neither a signal nor a restart.
//!
//! Replacing keys is what keeps old ciphertext closed: once a key is gone, a recorded envelope cannot be opened with
//! anything that is left, the gateway's whole folder included.

pub(super) mod change;

use std::sync::{Arc, PoisonError};

use envelope::statement::STATEMENT_TYP;
use envelope::{EnvelopePrivateKey, JwkSet, KeyStatement, Kid, PrivateKeyError, UnixSeconds};

use super::Custody;
use crate::data_folder::{self, FolderError, KeysLock};
use crate::keys::{EnvelopeKeys, EnvelopeKeysError, file};
use crate::nodes;
use crate::store::envelope_keys::{self, KeyState};
use crate::store::writer::WriteError;
use crate::store::{Connection, StoreError, terms};
use change::{Add, Retire, Rotate};

/// What becomes of the keys that were in use until a rotation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Former {
    /// The active key becomes a retiring one: pages that are open now are served.
    Retires,
    /// The active key and every retiring one are gone at once. Pages that are open now seal anew.
    Ends,
}

/// Nobody else changes key files: neither another process on the folder, nor another gateway that shares the store.
pub(crate) struct Locked {
    #[expect(dead_code, reason = "held, and released on drop")]
    own: KeysLock,
    #[expect(dead_code, reason = "held, and released on drop")]
    others: Option<Connection<'static>>,
}

/// What a rotation did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rotated {
    /// The key that is active now.
    pub active: Kid,
    /// The key that was.
    pub former: Kid,
}

/// Why the keys were not changed.
#[derive(Debug, thiserror::Error)]
pub enum RotationProblem {
    /// A key could not be made, written or read.
    #[error(transparent)]
    Keys(#[from] EnvelopeKeysError),
    /// The store or the audit trail does not answer.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// Another process has replaced the active key since this one looked.
    #[error(
        "the keys were changed by another process at the same moment; look at them and try again"
    )]
    Meanwhile,
}

impl From<FolderError> for RotationProblem {
    fn from(error: FolderError) -> Self {
        Self::Keys(error.into())
    }
}

impl From<StoreError> for RotationProblem {
    fn from(error: StoreError) -> Self {
        Self::Keys(error.into())
    }
}

impl From<PrivateKeyError> for RotationProblem {
    fn from(error: PrivateKeyError) -> Self {
        Self::Keys(error.into())
    }
}

impl Custody {
    /// As [`Custody::current_keys`], for whoever has read the number of their last change already.
    ///
    /// # Errors
    /// See [`EnvelopeKeysError`].
    pub(super) async fn keys_as_of(
        &self,
        change: u64,
    ) -> Result<Arc<EnvelopeKeys>, EnvelopeKeysError> {
        let known = self.keys();
        if change == known.seq() {
            return Ok(known);
        }
        self.current_keys().await
    }

    /// The envelope keys as they are now, whichever process changed them last.
    ///
    /// # Errors
    /// See [`EnvelopeKeysError`].
    pub async fn current_keys(&self) -> Result<Arc<EnvelopeKeys>, EnvelopeKeysError> {
        loop {
            let known = self.keys();
            if envelope_keys::seq(&mut self.reading().await?).await? == known.seq() {
                return Ok(known);
            }
            let mut connection = self.reading().await?;
            let rows = envelope_keys::read(&mut connection).await?;
            let parts = &self.parts;
            nodes::take_files(&mut connection, &parts.folder, &parts.vault).await?;
            drop(connection);
            let seq = rows.0;
            let parts = self.parts.clone();
            let loaded = tokio::task::spawn_blocking(move || {
                EnvelopeKeys::load(&parts.folder, &parts.vault, rows, Some(&known))
            });
            match loaded.await.map_err(|_| EnvelopeKeysError::Stopped)? {
                Ok(loaded) => return Ok(self.learn(loaded)),
                // Its key may have gone while it was read: then there is a later state to look at.
                Err(EnvelopeKeysError::Lost(_))
                    if envelope_keys::seq(&mut self.reading().await?).await? != seq => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// The key document of `GET /v1/keys`: the published keys with a statement about them by the identity key, made anew each
    /// time because its validity is counted from now (see [`envelope::statement`]).
    ///
    /// # Errors
    /// See [`EnvelopeKeysError`].
    pub async fn key_document(&self, now: UnixSeconds) -> Result<JwkSet, EnvelopeKeysError> {
        let keys = self.current_keys().await?;
        // After the keys: whoever was replaced meanwhile says nothing more.
        let identities = self.identities().await?;
        let (gateway, identity) = (self.gateway_id().clone(), &identities.present);
        let public = JwkSet::clone(keys.public());
        let statement =
            KeyStatement::about(&public, gateway, identity.public().clone(), keys.seq(), now);
        let jws = identity
            .jws(STATEMENT_TYP, &statement)
            .map_err(|_| EnvelopeKeysError::NotSigned)?;
        Ok(public.with_statement(identities.with_hand_overs(jws)))
    }

    /// Replaces the active key: by the pending one, or by a new one (RSA-3072; takes up to a few seconds).
    ///
    /// # Errors
    /// See [`RotationProblem`].
    pub async fn rotate(
        &self,
        former: Former,
        who: Option<&str>,
        now: UnixSeconds,
    ) -> Result<Rotated, RotationProblem> {
        let keys = self.current_keys().await?;
        let pending = match pending(&keys) {
            Some(pending) => pending,
            None => {
                let made = tokio::task::spawn_blocking(EnvelopePrivateKey::generate);
                let key = made.await.map_err(|_| EnvelopeKeysError::Stopped)??;
                self.add_key(key, now).await?
            }
        };
        let change = Rotate {
            from: keys.active().clone(),
            to: pending.clone(),
            former,
            who: who.map(str::to_owned),
            now,
        };
        if !self.parts.writer.write(change).await? {
            return Err(RotationProblem::Meanwhile);
        }
        self.remove_gone().await?;
        Ok(Rotated {
            active: pending,
            former: keys.active().clone(),
        })
    }

    /// Puts a key on disk for the next rotation, and returns the key that will be taken then: an earlier one, if there is.
    ///
    /// # Errors
    /// See [`RotationProblem`].
    pub async fn add_key(
        &self,
        key: EnvelopePrivateKey,
        now: UnixSeconds,
    ) -> Result<Kid, RotationProblem> {
        let kid = key.kid().clone();
        let parts = self.parts.clone();
        // Under the lock until it is written: a term does not end meanwhile.
        let lock = self.lock_keys().await?;
        let term = terms::active(&mut self.reading().await?).await?;
        // The file first: a row without its file would be a gateway that does not start.
        let written = tokio::task::spawn_blocking(move || {
            let path = file::path(&parts.folder, key.kid());
            file::write(&parts.folder, &parts.vault, term, &key)?;
            Ok::<_, EnvelopeKeysError>(data_folder::read(&path)?.to_vec())
        });
        let file = written.await.map_err(|_| EnvelopeKeysError::Stopped)??;
        let pending = self.parts.writer.write(Add {
            kid: kid.clone(),
            file,
            now,
        });
        let pending = pending.await?;
        drop(lock);
        if pending != kid {
            let _lock = self.lock_keys().await?;
            let parts = self.parts.clone();
            file::remove(&parts.folder, |found| *found == kid).map_err(EnvelopeKeysError::from)?;
        }
        Ok(pending)
    }

    /// Does what is due at this time: ends keys that have been retiring for long enough, replaces an active key that is old
    /// enough. To be called now and then.
    ///
    /// # Errors
    /// See [`RotationProblem`].
    pub async fn keep_keys(&self, now: UnixSeconds) -> Result<(), RotationProblem> {
        // A former identity key is in this process's memory no longer than until here.
        self.identities().await.map_err(EnvelopeKeysError::from)?;
        let times = self.parts.key_times;
        let keys = self.current_keys().await?;
        let due = |state, after: u64| {
            let rows = keys.rows().iter().filter(move |row| row.state == state);
            rows.filter(move |row| row.since.0.saturating_add(after) <= now.0)
                .map(|row| row.kid.clone())
        };
        let retired: Vec<Kid> = due(KeyState::Retiring, times.retiring.as_secs()).collect();
        if !retired.is_empty() {
            self.parts
                .writer
                .write(Retire { kids: retired, now })
                .await?;
        }
        // Also what a crash left between the store and the folder.
        self.remove_gone().await?;
        if due(KeyState::Active, times.active.as_secs())
            .next()
            .is_some()
        {
            match self.rotate(Former::Retires, None, now).await {
                // Done by somebody else is done.
                Ok(_) | Err(RotationProblem::Meanwhile) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Waits for other processes that change key files.
    pub(crate) async fn lock_keys(&self) -> Result<Locked, StoreError> {
        // Other gateways first: whoever waits for them keeps nobody in this folder waiting.
        let others = match &self.parts.shared {
            Some(shared) => {
                let mut connection = self.parts.store.lock_keys().await?;
                // Nobody begins a term from here on. Whoever has the folder's lock must not have to take one, which needs that lock.
                shared.catch_up(&mut connection).await?;
                Some(connection)
            }
            None => None,
        };
        let own = self.lock_folder().await;
        let own = own.map_err(|error| StoreError::Io {
            path: self.parts.folder.path().to_owned(),
            source: std::io::Error::other(error.reason()),
        })?;
        Ok(Locked { own, others })
    }

    async fn lock_folder(&self) -> Result<KeysLock, FolderError> {
        let folder = self.parts.folder.clone();
        let locked = tokio::task::spawn_blocking(move || folder.lock_keys()).await;
        locked.unwrap_or_else(|stopped| {
            Err(FolderError::Io {
                path: self.parts.folder.path().to_owned(),
                source: std::io::Error::other(stopped),
            })
        })
    }

    async fn remove_gone(&self) -> Result<(), RotationProblem> {
        let keys = self.current_keys().await?;
        let parts = self.parts.clone();
        // Under the lock: a file that is being protected again is not put back after this.
        let lock = self.lock_keys().await?;
        let removed = tokio::task::spawn_blocking(move || {
            let _lock = lock;
            file::remove(&parts.folder, |kid| keys.state(kid) == Some(KeyState::Gone))
        });
        let removed = removed.await.map_err(|_| EnvelopeKeysError::Stopped)?;
        Ok(removed.map_err(EnvelopeKeysError::from)?)
    }

    /// Keeps what was read, unless another task has read a later state meanwhile.
    fn learn(&self, loaded: EnvelopeKeys) -> Arc<EnvelopeKeys> {
        let mut known = self
            .parts
            .keys
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        if loaded.seq() > known.seq() {
            *known = Arc::new(loaded);
        }
        known.clone()
    }
}

fn pending(keys: &EnvelopeKeys) -> Option<Kid> {
    let mut rows = keys.rows().iter();
    rows.find(|row| row.state == KeyState::Pending)
        .map(|row| row.kid.clone())
}
