//! Which key has to do with how many stored credentials, as the rows say, and since when a key is in use.

use std::collections::BTreeMap;

use envelope::{Kid, UnixSeconds};

use super::Custody;
use crate::keyring::Term;
use crate::store::envelope_keys::KeyState;
use crate::store::{StoreError, credentials};

/// How many stored credentials there are for each key.
pub struct Census {
    by_kid: BTreeMap<String, u64>,
    by_term: BTreeMap<i64, u64>,
}

impl Census {
    /// How many came sealed for this envelope key.
    #[must_use]
    pub fn sealed_for(&self, kid: &Kid) -> u64 {
        self.by_kid.get(kid.as_str()).copied().unwrap_or_default()
    }

    /// How many lie under this term.
    #[must_use]
    pub fn under_term(&self, term: Term) -> u64 {
        let term = i64::from(term.0);
        self.by_term.get(&term).copied().unwrap_or_default()
    }
}

/// Since when the keys for everything new are in use.
pub struct InUseSince {
    /// The envelope key that is active.
    pub envelope: UnixSeconds,
    /// The newest term's key.
    pub store: UnixSeconds,
}

impl Custody {
    /// As this process last saw the keys. The store is not asked: this is told also when it does not answer.
    #[must_use]
    pub fn keys_in_use_since(&self) -> InUseSince {
        let keys = self.keys();
        let active = keys.rows().iter().find(|row| row.state == KeyState::Active);
        let terms = self.parts.vault.keys();
        let newest = terms.iter().max_by_key(|key| key.term());
        InUseSince {
            envelope: active.map_or(UnixSeconds(0), |row| row.since),
            store: newest.map_or(UnixSeconds(0), |key| key.made()),
        }
    }

    /// Counts the stored credentials; nothing is opened.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn census(&self) -> Result<Census, StoreError> {
        let mut connection = self.reading().await?;
        Ok(Census {
            by_kid: credentials::count_by_kid(&mut connection).await?,
            by_term: credentials::count_by_term(&mut connection).await?,
        })
    }
}
