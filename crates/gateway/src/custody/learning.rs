//! Learning from the audit trail what is the newest of each linked service, from its first line or after an index.

use std::sync::atomic::Ordering;

use super::told::{Index, Remembered, Told};
use super::{Custody, Parts};
use crate::data_folder::FolderError;
use crate::keyring::Term;
use crate::store::{StoreError, terms};

/// Lines that an index must save a start, before it is worth being written: they take some milliseconds.
const LINES_SAVED: i64 = 1024;

/// How much of the audit trail is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// Every file.
    Whole,
    /// What comes after `audit.index`, if that is there and fits.
    AfterIndex,
}

/// How much was read.
pub(super) enum Looked {
    /// Every file, and what makes the next start shorter.
    AtAll(Option<Box<Index>>),
    AfterIndex,
}

#[derive(Debug, thiserror::Error)]
enum IndexProblem {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Folder(#[from] FolderError),
}

impl Custody {
    /// What the audit trail tells of each linked service. This process uses nothing older from then on.
    pub(super) async fn learn_told(&self, extent: Extent) -> (Told, Looked) {
        let unknown = |error: String| (Told::unknown(error), Looked::AtAll(None));
        let remembered = match self.reading().await {
            Ok(mut reading) => Remembered::read(&self.parts.vault, &mut reading).await,
            Err(error) => Err(error),
        };
        let remembered = match remembered {
            Ok(remembered) => remembered,
            Err(error) => return unknown(error.to_string()),
        };
        let parts = self.parts.clone();
        let read = tokio::task::spawn_blocking(move || parts.read_told(extent, remembered)).await;
        let (told, looked) = read.unwrap_or_else(|error| unknown(error.to_string()));
        for ((df, ls), newest) in &told.newest {
            self.parts.newest.learn(df, ls, *newest);
        }
        if let Err(error) = self.retire_gone(&told.gone).await {
            return unknown(error.to_string());
        }
        (told, looked)
    }

    /// Writes the index, if it saves the next start more than the one that is there. A start without it only takes longer.
    pub(super) async fn keep_index(&self, looked: Looked) -> Extent {
        let index = match looked {
            Looked::AfterIndex => return Extent::AfterIndex,
            Looked::AtAll(index) => index,
        };
        let indexed = self.parts.indexed.load(Ordering::Relaxed);
        let is_there = self.parts.folder.audit_index().exists();
        let is_worth_it = |index: &Index| {
            let saved = if is_there { indexed } else { 0 };
            index.last() >= saved + LINES_SAVED
        };
        if let Some(index) = index.filter(|index| is_worth_it(index)) {
            match self.write_index(&index).await {
                Ok(()) => self.parts.indexed.store(index.last(), Ordering::Relaxed),
                Err(error) => tracing::warn!(
                    %error,
                    "audit.index cannot be written: the next start reads the audit trail from its beginning"
                ),
            }
        }
        Extent::Whole
    }

    async fn write_index(&self, index: &Index) -> Result<(), IndexProblem> {
        let term = terms::active(&mut self.reading().await?).await?;
        Ok(index.write(&self.parts.folder, &self.parts.vault, term)?)
    }

    /// Has the vault use terms no more that are gone: whoever puts the keyring back may put back what the store says of them too.
    async fn retire_gone(&self, gone: &[Term]) -> Result<(), StoreError> {
        if gone.is_empty() {
            return Ok(());
        }
        let active = terms::active(&mut self.reading().await?).await?;
        let gone = gone.iter().copied().filter(|term| *term != active);
        self.parts.vault.retire(&gone.collect::<Vec<_>>());
        Ok(())
    }
}

impl Parts {
    fn read_told(&self, extent: Extent, remembered: Remembered) -> (Told, Looked) {
        let audit = self.folder.audit();
        if extent == Extent::AfterIndex
            && let Some(index) = Index::load(&self.folder, &self.vault)
        {
            let last = index.last();
            if let Some(told) = Told::after(index, &audit, remembered) {
                self.indexed.store(last, Ordering::Relaxed);
                return (told, Looked::AfterIndex);
            }
        }
        let (told, index) = Told::read(&audit, &self.history, remembered);
        (told, Looked::AtAll(index.map(Box::new)))
    }
}
