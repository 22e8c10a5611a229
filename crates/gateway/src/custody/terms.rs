//! Replacing the term under which everything at rest is protected, while the gateway serves.
//!
//! ```text
//! rotate_terms   keyring.json gets the new term │ store: new term active, the one before former, audit line
//! renew          some rows in one transaction, again and again; then the key files
//! end_terms      store: a term under which nothing is left is gone, audit line │ keyring.json loses it
//! ```
//! Each step may be done by any process, and done again after a crash at any point: the file has every term that counts before
//! the store names it, and loses it after the store has it gone. Rows are written under the term that is active in the same
//! transaction; key files under the lock on the keys.

mod change;
pub(crate) mod problem;
pub(crate) mod protected;

use std::path::PathBuf;
use std::sync::Arc;

use envelope::UnixSeconds;
use kek::Kek;

use super::entry::Found;
use super::{Custody, Parts};
use crate::data_folder::FolderError;
use crate::identity;
use crate::keyring::file::Owner;
use crate::keyring::provider::KekSettings;
use crate::keyring::{Term, TermKey};
use crate::keys::file;
use crate::nodes;
use crate::store::StoreError;
use crate::store::entries::{self, Entry, Key, Which};
use crate::store::postgresql::NodeName;
use crate::store::terms::{self, TermRow, TermState};
use crate::vault::key_file::{self, KeyFileError};
use change::{Begin, End, Give, Renew};
pub use problem::TermsProblem;

/// Rows looked at in one statement.
const ROWS_AT_ONCE: u32 = 1000;

/// What a rotation of terms did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewTerm {
    /// The term that is active now.
    pub active: Term,
    /// The term that was.
    pub former: Term,
}

/// How far everything is protected under the active term.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Every term there ever was, the newest first.
    pub terms: Vec<TermRow>,
    /// Rows that are under a former term.
    pub rows_left: u64,
    /// Key files that are under a former term.
    pub files_left: usize,
    /// Terms that are gone and whose key is still in the keyring's file.
    pub keys_left: usize,
    /// Linked services whose rows are damaged and were left under their term.
    pub stuck: usize,
}

impl Progress {
    /// Nothing is under a former term, and none is kept.
    #[must_use]
    pub fn is_done(&self) -> bool {
        let has_former = self.terms.iter().any(|row| row.state == TermState::Former);
        !has_former && self.keys_left == 0
    }
}

impl Custody {
    /// Begins a new term: from now on everything new is protected under it. [`Custody::renew`] does the rest.
    ///
    /// # Errors
    /// See [`TermsProblem`].
    pub async fn rotate_terms(
        &self,
        who: Option<&str>,
        now: UnixSeconds,
    ) -> Result<NewTerm, TermsProblem> {
        self.begin_term(who, None, now).await
    }

    /// As [`Custody::rotate_terms`], and one of the gateways that share the store gets no share of the new term.
    pub(super) async fn begin_term(
        &self,
        who: Option<&str>,
        without: Option<NodeName>,
        now: UnixSeconds,
    ) -> Result<NewTerm, TermsProblem> {
        let lock = self.lock_keys().await?;
        let rows = terms::read(&mut self.reading().await?).await?;
        if let Some(former) = rows.iter().find(|row| row.state == TermState::Former)
            && (self.has_sound_under(former.term).await?
                || (without.is_none() && self.is_waited_for().await?))
        {
            return Err(TermsProblem::Unfinished(former.term));
        }
        let former = terms::active(&mut self.reading().await?).await?;
        let highest = rows.first().map_or(former, |row| row.term);
        let parts = self.parts.clone();
        let key = blocking(move || add_key(&parts, highest, now)).await?;
        let change = Begin {
            parts: self.parts.clone(),
            key: key.clone(),
            who: who.map(str::to_owned),
            without,
            now,
        };
        self.parts.writer.write(change).await?;
        drop(lock);
        Ok(NewTerm {
            active: key.term(),
            former,
        })
    }

    /// Whether one of the other gateways needs the former term still.
    async fn is_waited_for(&self) -> Result<bool, StoreError> {
        let mut connection = self.reading().await?;
        let active = terms::active(&mut connection).await?;
        Ok(!nodes::all_caught_up(&mut connection, active).await?)
    }

    /// Whether anything but damaged rows is under another term than the active one.
    async fn has_sound_under(&self, former: Term) -> Result<bool, TermsProblem> {
        let active = terms::active(&mut self.reading().await?).await?;
        let mut last = Key::default();
        loop {
            let after = (last.0.as_slice(), last.1.as_slice());
            let which = Which::NotUnder(active);
            let mut reading = self.reading().await?;
            let entries = entries::after(&mut reading, which, after, ROWS_AT_ONCE).await?;
            drop(reading);
            let Some(end) = entries.last() else { break };
            last = end.key.clone();
            let is_sound = |entry: &Entry| {
                let newest = self.parts.newest.of(&entry.df, &entry.ls);
                !matches!(self.parts.judge(entry, newest).found, Found::Damaged(_))
            };
            if entries.iter().any(is_sound) {
                return Ok(true);
            }
        }
        let parts = self.parts.clone();
        Ok(blocking(move || files_under(&parts, former)).await? > 0)
    }

    /// Protects every row under the active term, some in each transaction, and then the key files; ends the terms that nothing
    /// is under any more. What is left then is damaged: such a row keeps its term until it is set again or deleted.
    ///
    /// # Errors
    /// See [`TermsProblem`].
    pub async fn renew(&self, now: UnixSeconds) -> Result<Progress, TermsProblem> {
        let rows = terms::read(&mut self.reading().await?).await?;
        if rows.iter().all(|row| row.state != TermState::Former) {
            self.forget_terms(&rows).await?;
            return self.progress(rows, 0).await;
        }
        let mut stuck = 0;
        let mut after = Some(Key::default());
        while let Some(begin) = after {
            let renewed = self.parts.writer.write(Renew {
                parts: self.parts.clone(),
                after: begin,
            });
            let renewed = renewed.await?;
            stuck += renewed.stuck;
            after = renewed.next;
        }
        self.renew_files().await?;
        self.end_terms(now).await?;
        let rows = terms::read(&mut self.reading().await?).await?;
        self.progress(rows, stuck).await
    }

    /// How far it is; nothing is changed.
    ///
    /// # Errors
    /// See [`TermsProblem`].
    pub async fn term_progress(&self) -> Result<Progress, TermsProblem> {
        let rows = terms::read(&mut self.reading().await?).await?;
        self.progress(rows, 0).await
    }

    /// Wraps the same terms under another KEK. Another process goes on with what it has read; the caller has made sure that
    /// there is none.
    ///
    /// # Errors
    /// See [`TermsProblem`]; the file is then as before.
    pub async fn rewrap(&self, settings: KekSettings, kek: Kek) -> Result<(), TermsProblem> {
        let lock = self.lock_keys().await?;
        let parts = self.parts.clone();
        blocking(move || {
            let _lock = lock;
            parts.vault.look_again()?;
            let owner = Owner {
                gateway: parts.gateway.clone(),
                settings,
                kek,
            };
            parts.vault.rewrap(&owner)?;
            if let Some(shared) = &parts.shared {
                shared.rewrap(&owner)?;
            }
            Ok(())
        })
        .await
    }

    /// Whether a term is being replaced.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn has_former_terms(&self) -> Result<bool, StoreError> {
        let rows = terms::read(&mut self.reading().await?).await?;
        Ok(rows.iter().any(|row| row.state == TermState::Former))
    }

    /// Whether [`Custody::renew`] has anything to do, also after a crash between its last two steps.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn has_terms_to_end(&self) -> Result<bool, StoreError> {
        let rows = terms::read(&mut self.reading().await?).await?;
        let has_former = rows.iter().any(|row| row.state == TermState::Former);
        protected::retire_gone(&self.parts.vault, &mut self.reading().await?).await?;
        Ok(has_former || !self.gone_in_keyring(&rows).is_empty())
    }

    async fn progress(&self, terms: Vec<TermRow>, stuck: usize) -> Result<Progress, TermsProblem> {
        let mut rows_left = 0;
        let mut files_left = 0;
        for row in terms.iter().filter(|row| row.state == TermState::Former) {
            rows_left += terms::rows_under(&mut self.reading().await?, row.term).await?;
            let (parts, term) = (self.parts.clone(), row.term);
            files_left += blocking(move || files_under(&parts, term)).await?;
        }
        let parts = self.parts.clone();
        blocking(move || Ok(parts.vault.look_again()?)).await?;
        Ok(Progress {
            keys_left: self.gone_in_keyring(&terms).len(),
            terms,
            rows_left,
            files_left,
            stuck,
        })
    }

    async fn renew_files(&self) -> Result<(), TermsProblem> {
        let lock = self.lock_keys().await?;
        let mut connection = self.reading().await?;
        nodes::take_files(&mut connection, &self.parts.folder, &self.parts.vault).await?;
        let term = terms::active(&mut connection).await?;
        drop(connection);
        let parts = self.parts.clone();
        let files = blocking(move || {
            for (path, name) in key_files(&parts)? {
                key_file::renew(&path, &parts.vault, term, &name)?;
            }
            Ok(nodes::named_files(&parts.folder)?)
        });
        let files = files.await?;
        if self.parts.shared.is_some() {
            self.parts.writer.write(Give { files }).await?;
        }
        drop(lock);
        Ok(())
    }

    async fn end_terms(&self, now: UnixSeconds) -> Result<(), TermsProblem> {
        let lock = self.lock_keys().await?;
        let rows = terms::read(&mut self.reading().await?).await?;
        for row in rows.iter().filter(|row| row.state == TermState::Former) {
            let (parts, term) = (self.parts.clone(), row.term);
            if blocking(move || files_under(&parts, term)).await? == 0 {
                let end = End {
                    parts: self.parts.clone(),
                    term,
                    now,
                };
                self.parts.writer.write(end).await?;
            }
        }
        drop(lock);
        let rows = terms::read(&mut self.reading().await?).await?;
        protected::retire_gone(&self.parts.vault, &mut self.reading().await?).await?;
        self.forget_terms(&rows).await
    }

    /// The terms that are gone, and have a key in the keyring as this process last read it.
    fn gone_in_keyring(&self, rows: &[TermRow]) -> Vec<Term> {
        let gone = rows.iter().filter(|row| row.state == TermState::Gone);
        let keys = self.parts.vault.keys();
        let has_key = |term: &Term| keys.iter().any(|key| key.term() == *term);
        gone.map(|row| row.term).filter(has_key).collect()
    }

    /// Takes the terms that are gone out of the keyring: from then on nobody can open what was protected under them.
    async fn forget_terms(&self, rows: &[TermRow]) -> Result<(), TermsProblem> {
        let gone = self.gone_in_keyring(rows);
        if gone.is_empty() {
            return Ok(());
        }
        let lock = self.lock_keys().await?;
        // Whoever ended it has put the files there that are not under it any more.
        let mut connection = self.reading().await?;
        nodes::take_files(&mut connection, &self.parts.folder, &self.parts.vault).await?;
        drop(connection);
        for term in &gone {
            // The store may say what is not so: a key is destroyed only when nothing needs it.
            let rows = terms::rows_under(&mut self.reading().await?, *term).await?;
            let (parts, term) = (self.parts.clone(), *term);
            if rows > 0 || blocking(move || files_under(&parts, term)).await? > 0 {
                tracing::error!(%term, "the term is said to be gone, and something is protected under it");
                return Ok(());
            }
        }
        let parts = self.parts.clone();
        blocking(move || {
            let _lock = lock;
            parts.vault.look_again()?;
            let mut keys = parts.vault.keys();
            keys.retain(|key| !gone.contains(&key.term()));
            Ok(parts.vault.replace(keys)?)
        })
        .await
    }
}

/// A key for the term after the highest: the one that an interrupted rotation left in the file, or a new one.
fn add_key(parts: &Parts, highest: Term, now: UnixSeconds) -> Result<Arc<TermKey>, TermsProblem> {
    parts.vault.look_again()?;
    let mut keys = parts.vault.keys();
    if let Some(left) = keys.iter().find(|key| key.term() > highest) {
        return Ok(left.clone());
    }
    let next = highest.next().ok_or(StoreError::Damaged {
        table: "term",
        what: "no number is left for a new term",
    })?;
    let key = Arc::new(TermKey::generate(next, now)?);
    keys.push(key.clone());
    parts.vault.replace(keys)?;
    Ok(key)
}

/// Every file with a protected key, and the name that it is bound to.
fn key_files(parts: &Parts) -> Result<Vec<(PathBuf, String)>, FolderError> {
    let mut files = file::named(&parts.folder)?;
    files.push((parts.folder.identity(), identity::KEY_NAME.to_owned()));
    let next = parts.folder.next_identity();
    if next.exists() {
        files.push((next, identity::KEY_NAME.to_owned()));
    }
    Ok(files)
}

fn files_under(parts: &Parts, term: Term) -> Result<usize, TermsProblem> {
    let mut count = 0;
    for (path, _) in key_files(parts)? {
        match key_file::term_of(&path) {
            Ok(found) => count += usize::from(found == term),
            // An envelope key that was just ended.
            Err(KeyFileError::Missing(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(count)
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, TermsProblem> + Send + 'static,
) -> Result<T, TermsProblem> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|_| TermsProblem::Stopped)?
}
