//! The newest that this process knows of each linked service: what it has written, read with its seal, or found in the audit
//! trail. Less than that is an older row that was put back together with its seal, and is not used.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::entry::Damage;

/// The newest of one linked service. A deletion comes after the version that was deleted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Newest {
    /// The last version; 0 if none is known.
    pub(super) version: i64,
    /// It was deleted.
    pub(super) is_deleted: bool,
}

impl Newest {
    /// What is wrong, if the store's version is older, or there although it was deleted.
    pub(super) fn differs(self, version: i64, is_there: bool) -> Option<Damage> {
        if self.version > version {
            Some(if version == 0 {
                Damage::Removed
            } else {
                Damage::RolledBack
            })
        } else if self.version == version && self.is_deleted && is_there {
            Some(Damage::Restored)
        } else {
            None
        }
    }
}

/// By data factory and linked service.
pub(super) type ByName = BTreeMap<(String, String), Newest>;

/// All that this process knows. It is told only what is committed: whoever asks first and reads the store then never finds
/// less there than was known.
#[derive(Default)]
pub(super) struct NewestOfEach(Mutex<ByName>);

impl NewestOfEach {
    pub(super) fn of(&self, df: &str, ls: &str) -> Newest {
        let known = self.known();
        let newest = known.get(&(df.to_owned(), ls.to_owned()));
        newest.copied().unwrap_or_default()
    }

    /// Takes note of it, unless something newer is known.
    pub(super) fn learn(&self, df: &str, ls: &str, newest: Newest) {
        let mut known = self.known();
        let known = known.entry((df.to_owned(), ls.to_owned())).or_default();
        *known = newest.max(*known);
    }

    /// After a person has accepted what there is.
    pub(super) fn forget(&self) {
        self.known().clear();
    }

    fn known(&self) -> MutexGuard<'_, ByName> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
