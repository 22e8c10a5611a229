//! From the outbox to the file: what every writing process does after each commit, and when it starts.

mod alone;
mod composed;

use std::path::PathBuf;
use std::sync::Arc;

use envelope::{GatewayId, UnixSeconds};

use super::arrived::{self, Arrived};
use super::copies::Copies;
use super::file::{AuditError, AuditFile};
use super::line::End;
use super::outbox::When;
use super::rotation::{LastLine, Rotated};
use super::seals::{self, Waiting};
use super::{AuditEvent, Event, Keeping, Outcome, outbox};
use crate::data_folder;
use crate::identity::succession::Succession;
use crate::store::{Connection, StoreError, check_schema};
use crate::vault::Vault;
use alone::Alone;

/// How long a full file is left where it is after it could not be put aside, in seconds.
const ROTATION_RESTS: u64 = 60;
/// How many lines a file may be ahead of a store that was put back. More is nothing that this gateway has written, and
/// numbers that are given away do not come back.
pub(super) const MAX_AHEAD: i64 = 1_000_000;

/// Whose trail it is, and where.
pub struct Trail {
    /// `audit.jsonl`; files that are full are put beside it.
    pub path: PathBuf,
    /// The gateway's id.
    pub gateway: GatewayId,
    /// Under which lines are sealed until they are in the file.
    pub vault: Arc<Vault>,
    /// Who signs checkpoints.
    pub succession: Arc<Succession>,
    /// How it is kept.
    pub keeping: Keeping,
}

/// The audit trail as the writer has it. Blocking where the file is concerned; see [`super`] for the whole procedure.
pub struct AuditLog {
    trail: Trail,
    file: AuditFile,
    /// The last line that is in the file for certain; the file may have been moved away since.
    durable: End,
    /// The file's length as this process left it.
    length: u64,
    copies: Copies,
    rotation_rests_until: UnixSeconds,
}

impl AuditLog {
    /// Opens the file, compares it with the store, and appends what a crash left in the outbox. A file that does not end
    /// where the store remembers is an event ([`Event::AuditGap`]), not an error.
    ///
    /// # Errors
    /// See [`AuditError`].
    pub async fn open(
        trail: Trail,
        connection: &mut Connection<'_>,
        now: UnixSeconds,
    ) -> Result<Self, AuditError> {
        let mut file = AuditFile::open(&trail.path)?;
        let mut locked = file.lock()?;
        arrived::settle(&trail, &locked, connection, now).await?;
        let mark = outbox::mark(connection).await?.end;
        let write = Alone {
            vault: &trail.vault,
            durable: &mark,
            now,
        };
        let (in_file, last) = write.whole_ending(&mut locked, connection).await?;
        let given = outbox::last_given(connection).await?;
        let arrived = Arrived::read(&trail, &locked, mark, connection).await?;
        let reason =
            arrived::gap(&in_file, &mark, given).or_else(|| arrived.fault(locked.length()));
        // What the store remembers is believed, not a line of the same number that is another now. A store that was put
        // back does not know the file's last lines; the trail goes on after those that are signed.
        let signed = arrived.signed.filter(|signed| {
            arrived.is_complete && signed.seq > given && signed.seq - given <= MAX_AHEAD
        });
        let durable = signed.unwrap_or(arrived.end);
        let last = match signed {
            Some(signed) if signed == in_file => last,
            Some(_) => LastLine::Other,
            None => arrived.last,
        };
        locked.keep(durable, last);
        if let Some(reason) = reason {
            let above = durable.seq;
            write.gap(connection, &reason, above).await?;
        }
        drop(locked);
        let copies = Copies::start(&trail.keeping.copies).map_err(|source| AuditError::Io {
            path: PathBuf::from("copies of the audit trail"),
            source,
        })?;
        let mut log = Self {
            trail,
            file,
            durable,
            length: 0,
            copies,
            rotation_rests_until: UnixSeconds(0),
        };
        log.append_pending(connection, now).await?;
        log.remove_surplus(connection, now).await?;
        Ok(log)
    }

    /// Writes an event to the outbox within the caller's transaction.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn put(
        transaction: &mut Connection<'_>,
        event: &AuditEvent,
    ) -> Result<(), StoreError> {
        outbox::put(transaction, event).await
    }

    /// What the store remembers of the trail; none if somebody else has written that.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn marked(
        vault: &Vault,
        connection: &mut Connection<'_>,
    ) -> Result<Option<Marked>, StoreError> {
        let mut view = connection.view().await?;
        let mark = outbox::mark(&mut view).await?;
        let last_given = outbox::last_given(&mut view).await?;
        Ok(mark.is_sealed(vault, last_given).then_some(Marked {
            end: mark.end,
            given: mark.given,
        }))
    }

    /// The highest number that the store has given to an event.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn last_given(connection: &mut Connection<'_>) -> Result<u64, StoreError> {
        let given = outbox::last_given(connection).await?;
        Ok(u64::try_from(given).unwrap_or_default())
    }

    /// Has the next event come after this number, where none is above it; within the caller's transaction.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub(crate) async fn go_on_after(
        transaction: &mut Connection<'_>,
        seq: u64,
    ) -> Result<(), StoreError> {
        outbox::go_on_after(transaction, i64::try_from(seq).unwrap_or(i64::MAX)).await
    }

    /// Puts a checkpoint after all lines that have none, within the caller's transaction.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn sign_now(
        transaction: &mut Connection<'_>,
        now: UnixSeconds,
    ) -> Result<(), StoreError> {
        outbox::sign(transaction, When::Now, now).await
    }

    /// Whether lines have waited for a checkpoint for an hour.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn awaits_checkpoint(
        connection: &mut Connection<'_>,
        now: UnixSeconds,
    ) -> Result<bool, StoreError> {
        let (_, since) = outbox::unsigned(connection).await?;
        Ok(since.is_some_and(|since| outbox::is_due(since, now)))
    }

    /// Puts a checkpoint after everything else in the caller's transaction, if it is time for one or the file is full.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn sign_if_due(
        &self,
        transaction: &mut Connection<'_>,
        now: UnixSeconds,
    ) -> Result<(), StoreError> {
        let full = self.length >= self.trail.keeping.max_bytes && now >= self.rotation_rests_until;
        let when = if full { When::Now } else { When::Due };
        outbox::sign(transaction, when, now).await
    }

    /// Appends everything committed so far to the file and syncs it.
    ///
    /// # Errors
    /// See [`AuditError`]; the lines stay in the outbox.
    pub async fn flush(
        &mut self,
        connection: &mut Connection<'_>,
        now: UnixSeconds,
    ) -> Result<(), AuditError> {
        match self.append_pending(connection, now).await? {
            Appended::ToThisFile => Ok(()),
            Appended::ToTheNext => self.remove_surplus(connection, now).await,
        }
    }

    /// Removes lines from the outbox that the file has, within the caller's transaction and before anything else in it. Gives
    /// the highest number that a line has, for [`AuditLog::seal`].
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn begin(
        &self,
        transaction: &mut Connection<'_>,
        now: UnixSeconds,
    ) -> Result<i64, StoreError> {
        let given = seals::check(&self.trail.vault, transaction, &self.durable, now).await?;
        outbox::remove_through(transaction, &self.durable).await?;
        Ok(given)
    }

    /// Seals the lines that the caller's transaction has added, after everything else in it.
    ///
    /// # Errors
    /// [`StoreError::Database`]; [`StoreError::Damaged`] if the active term is not in the keyring.
    pub async fn seal(
        &self,
        transaction: &mut Connection<'_>,
        given: i64,
    ) -> Result<(), StoreError> {
        seals::seal(&self.trail.vault, transaction, given).await
    }

    async fn append_pending(
        &mut self,
        connection: &mut Connection<'_>,
        now: UnixSeconds,
    ) -> Result<Appended, AuditError> {
        let max = self.trail.keeping.max_bytes;
        let mut appended = Appended::ToThisFile;
        loop {
            let mut locked = self.file.lock()?;
            let shrunk = locked.has_shrunk();
            let before = self.durable;
            let write = Alone {
                vault: &self.trail.vault,
                durable: &before,
                now,
            };
            let (in_file, _) = write.whole_ending(&mut locked, connection).await?;
            let last = if let Some((_, last)) = locked.as_left() {
                last
            } else {
                let arrived = Arrived::read(&self.trail, &locked, self.durable, connection).await?;
                let reason = if shrunk {
                    Some(arrived::cut(in_file.seq, arrived.end.seq))
                } else {
                    arrived.fault(locked.length())
                };
                if let Some(reason) = reason {
                    write.gap(connection, &reason, arrived.end.seq).await?;
                }
                // Only now: what could not be told is found again.
                self.durable = arrived.end;
                locked.keep(arrived.end, arrived.last);
                arrived.last
            };
            // Also what a process that died here left to do.
            let full = last == LastLine::Checkpoint && locked.length() >= max;
            if full && now >= self.rotation_rests_until {
                match locked.put_aside(self.durable.seq) {
                    Ok(()) => appended = Appended::ToTheNext,
                    Err(error) => {
                        tracing::warn!(%error, "the full audit file cannot be put aside; it grows on");
                        self.rotation_rests_until = UnixSeconds(now.0 + ROTATION_RESTS);
                    }
                }
                continue;
            }
            // Before the lines: a replacement that is not in them yet comes after them in the file.
            let identities = self.trail.succession.current(connection).await?;
            let Waiting { rows, has_strange } =
                Waiting::after(&self.trail.vault, connection, self.durable.seq).await?;
            if rows.is_empty() && has_strange {
                write.mend(connection).await?;
                continue;
            }
            if rows.is_empty() {
                self.length = locked.length();
                return Ok(appended);
            }
            let present = identities.present.clone();
            let lines = self
                .trail
                .compose(&rows, &self.durable, &locked, &present)?;
            locked.append(&lines.text, lines.end, lines.last)?;
            self.durable = lines.end;
            self.copies.send(&lines.text);
        }
    }

    /// Removes the oldest files that were put aside, if there are more than are to be kept and they are one chain. The trail says so before, and
    /// has that signed: it begins later from then on.
    async fn remove_surplus(
        &mut self,
        connection: &mut Connection<'_>,
        now: UnixSeconds,
    ) -> Result<(), AuditError> {
        let (Some(keep), Some(folder)) = (
            self.trail.keeping.keep_files,
            self.trail.path.parent().map(ToOwned::to_owned),
        ) else {
            return Ok(());
        };
        let cannot = |source| AuditError::Io {
            path: folder.clone(),
            source,
        };
        let mut files = Rotated::list(&folder).map_err(cannot)?;
        let surplus = files.len().saturating_sub(keep);
        if surplus == 0 {
            return Ok(());
        }
        // Whoever puts files there must not have the gateway remove others for them.
        let strange = Rotated::strange(&files, &self.trail.path, &self.durable);
        if let Some(file) = strange.map_err(cannot)? {
            let file = file.path.display();
            tracing::warn!(%file, "the audit file after this one does not follow it; no old one is removed");
            return Ok(());
        }
        files.truncate(surplus);
        let mut transaction = begin(connection).await?;
        let vault = &self.trail.vault;
        let given = seals::check(vault, &mut transaction, &self.durable, now).await?;
        for file in &files {
            let mut event = AuditEvent::new(Event::AuditFileRemoved, Outcome::Ok, now);
            event.file = Some(file.name());
            outbox::put(&mut transaction, &event).await?;
        }
        outbox::sign(&mut transaction, When::Now, now).await?;
        seals::seal(vault, &mut transaction, given).await?;
        transaction.commit().await.map_err(StoreError::from)?;
        self.append_pending(connection, now).await?;
        for file in files {
            if let Err(error) = data_folder::remove(&file.path) {
                // It is tried again, and said again, when the next file is full.
                tracing::warn!(%error, "an old audit file cannot be removed");
            }
        }
        Ok(())
    }
}

/// What the store remembers of the trail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Marked {
    /// The last line that was in the file for certain when the store was last written.
    pub end: End,
    /// The highest number that was given to a line.
    pub given: i64,
}

/// Where the last lines went.
enum Appended {
    ToThisFile,
    ToTheNext,
}

/// A transaction that writes, while there is nothing in the store but what a gateway makes: a trigger would be carried out in it.
pub(super) async fn begin<'c>(
    connection: &'c mut Connection<'_>,
) -> Result<Connection<'c>, AuditError> {
    let begun = connection.begin().await;
    let mut transaction = begun.map_err(StoreError::from)?;
    check_schema(&mut transaction).await?;
    Ok(transaction)
}
