//! What others have appended since this process looked last: taken for written only where it is what the store has.
//!
//! A number proves nothing, nor does a hash that fits: whoever can write the file can give a line both. A line counts if
//! the store remembers its hash, or if it follows the last one that counts and tells what the outbox has under its number.
//! Everything else stays where it lies, as evidence; what belongs there is appended after it.

use std::collections::VecDeque;
use std::sync::Arc;

use envelope::UnixSeconds;

use super::checkpoint::Checkpoint;
use super::file::{AuditError, Locked};
use super::line::{End, Entry, LineHash, without_brace, write_front};
use super::lines::{Found, Lines};
use super::log::{self, MAX_AHEAD, Trail};
use super::outbox;
use super::outbox::Row;
use super::rotation::LastLine;
use super::seals::{self, Waiting};
use crate::identity::Identity;
use crate::issuers::PublicKey;
use crate::store::{Connection, StoreError};

/// How much of a file's end is read, in bytes, and then, if what is looked for is not in that, of the whole file.
const STRETCHES: [u64; 2] = [1 << 20, u64::MAX];

/// How far the file has what the store has.
pub(super) struct Arrived {
    /// The last line that counts.
    pub(super) end: End,
    /// That line, if nothing comes after it.
    pub(super) last: LastLine,
    /// Whether the file has every line that the store has.
    pub(super) is_complete: bool,
    /// Where the file goes on from there, as the chain goes: further than the store does.
    ahead: End,
    /// The last line of those that the identity key has signed, if there is one: what an older store does not know of.
    pub(super) signed: Option<End>,
    /// Lines that do not count, and that no line after them tells of.
    strange: u64,
    place: Place,
}

/// Whether the line that everything new must follow was come by.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Ahead,
    Passed,
}

impl Arrived {
    /// Reads what is new in the file, after the line `from`.
    pub(super) async fn read(
        trail: &Trail,
        locked: &Locked<'_>,
        from: End,
        connection: &mut Connection<'_>,
    ) -> Result<Self, AuditError> {
        // One moment's view: another process may remove rows meanwhile.
        let mut view = connection.view().await.map_err(StoreError::from)?;
        let present = trail.succession.current(&mut view).await?.present.clone();
        let mark = outbox::mark(&mut view).await?.end;
        let start = if mark.seq > from.seq { mark } else { from };
        let mut arrived = Self::at(start);
        for stretch in STRETCHES {
            arrived = Self::at(start);
            if start.seq == 0 || (start == from && locked.is_known()) {
                arrived.place = Place::Passed;
            }
            arrived
                .follow(trail, locked, stretch, &present, &mut view)
                .await?;
            if arrived.place == Place::Passed {
                break;
            }
        }
        Ok(arrived)
    }

    fn at(start: End) -> Self {
        Self {
            end: start,
            last: LastLine::Other,
            is_complete: false,
            ahead: start,
            signed: None,
            strange: 0,
            place: Place::Ahead,
        }
    }

    /// What is wrong with the file, if nobody has said so yet.
    pub(super) fn fault(&self, length: u64) -> Option<String> {
        let Self { strange, end, .. } = self;
        if self.place == Place::Ahead && length > 0 {
            Some(format!("the file does not have line {} any more", end.seq))
        } else if *strange > 0 {
            Some(format!(
                "{strange} lines in the file are none that this gateway has written"
            ))
        } else {
            None
        }
    }

    async fn follow(
        &mut self,
        trail: &Trail,
        locked: &Locked<'_>,
        stretch: u64,
        present: &Arc<Identity>,
        view: &mut Connection<'_>,
    ) -> Result<(), AuditError> {
        let vault = &trail.vault;
        let mut rows = VecDeque::from(Waiting::after(vault, view, self.end.seq).await?.rows);
        let mut signer = trail.signer_at(&rows, present);
        for (path, stretch) in locked.unread(self.end.seq, stretch)? {
            let cannot = |source| AuditError::Io {
                path: path.clone(),
                source,
            };
            self.last = LastLine::Other;
            let mut is_first = stretch.is_from_the_beginning();
            let mut lines = Lines::new(stretch);
            while let Some(found) = lines.next().map_err(cannot)? {
                let line = match found {
                    Found::Line(line) => line,
                    Found::TooLong(_) | Found::Unfinished(_) => b"",
                };
                let first = std::mem::take(&mut is_first);
                if !self.take(trail, line, rows.front(), &signer, first)? {
                    continue;
                }
                if let Some(row) = rows.pop_front()
                    && let Some(successor) = trail.signer_after(&row.line, present)
                {
                    signer = successor;
                }
                if rows.is_empty() {
                    rows = Waiting::after(vault, view, self.end.seq).await?.rows.into();
                    signer = trail.signer_at(&rows, present);
                }
            }
        }
        self.is_complete = rows.is_empty();
        Ok(())
    }

    /// Takes the next line of the file, and says whether it is the row's.
    fn take(
        &mut self,
        trail: &Trail,
        line: &[u8],
        row: Option<&Row>,
        signer: &Identity,
        is_first: bool,
    ) -> Result<bool, AuditError> {
        self.last = LastLine::Other;
        let entry = Entry::parse(line);
        if let Some(entry) = &entry {
            let is_start = self.place == Place::Ahead && entry.seq == self.end.seq;
            if is_start && LineHash::of(line) == self.end.head {
                self.place = Place::Passed;
                self.last = LastLine::of(entry);
                return Ok(false);
            }
            if let Some(row) = row
                && trail.is_line_of(row, &self.end, signer, entry, line, is_first)?
            {
                self.place = Place::Passed;
                self.end = End {
                    seq: row.seq,
                    head: LineHash::of(line),
                };
                self.last = LastLine::of(entry);
                self.ahead = self.end;
                if entry.event == "audit_gap" {
                    self.strange = 0;
                }
                return Ok(true);
            }
        }
        if self.place == Place::Passed {
            self.strange += 1;
            if let Some(entry) = &entry {
                self.follow_ahead(trail, entry, line, signer);
            }
        }
        Ok(false)
    }

    /// A line of its own does not count, also where it fits the chain; up to what the gateway has signed it does.
    fn follow_ahead(&mut self, trail: &Trail, entry: &Entry<'_>, line: &[u8], signer: &Identity) {
        let before = self.ahead;
        if entry.seq != before.seq + 1 || LineHash::parse(entry.prev) != Some(before.head) {
            return;
        }
        self.ahead = End {
            seq: entry.seq,
            head: LineHash::of(line),
        };
        if trail.has_signed(signer.verifying_key(), entry, line) {
            self.signed = Some(self.ahead);
        }
    }
}

impl Trail {
    /// Whether this is the line that a row of the outbox becomes after this end.
    fn is_line_of(
        &self,
        row: &Row,
        after: &End,
        signer: &Identity,
        entry: &Entry<'_>,
        line: &[u8],
        is_first: bool,
    ) -> Result<bool, AuditError> {
        if entry.seq != row.seq || LineHash::parse(entry.prev) != Some(after.head) {
            return Ok(false);
        }
        let beginning = entry.beginning();
        let is_ours = beginning.as_ref().is_none_or(|beginning| {
            is_first
                && beginning.gateway == self.gateway.as_str()
                && beginning.identity_key == signer.public_x()
        });
        let jws = self.checkpoint(&row.line, after, signer)?;
        let mut expected = String::new();
        write_front(
            &mut expected,
            row.seq,
            &after.head,
            beginning.as_ref(),
            jws.as_deref(),
        );
        expected.push_str(without_brace(&row.line));
        Ok(is_ours && line == expected.as_bytes())
    }
}

/// Why the file does not end as it should: `mark` was in it for certain, `given` is the highest number that was given.
pub(super) fn gap(in_file: &End, mark: &End, given: i64) -> Option<String> {
    let (line, marked) = (in_file.seq, mark.seq);
    if line < marked {
        Some(cut(line, marked))
    } else if line > given {
        Some(format!(
            "the file ends with line {line}, the store has given numbers up to {given}: an older store was put back, or somebody else has written the line"
        ))
    } else if line == marked && in_file.head != mark.head {
        Some(format!("line {line} is not the one that was written"))
    } else {
        None
    }
}

pub(super) fn cut(line: i64, written: i64) -> String {
    format!("the file ends with line {line}, lines up to {written} were in it: cut or moved away")
}

/// If somebody else has written what the store remembers, goes on from the last line that the identity key has signed: of what
/// comes after it nobody knows who has written it. Its numbers are not given again.
pub(super) async fn settle(
    trail: &Trail,
    locked: &Locked<'_>,
    connection: &mut Connection<'_>,
    now: UnixSeconds,
) -> Result<(), AuditError> {
    let vault = &trail.vault;
    if seals::are_right(vault, connection, 0).await? {
        return Ok(());
    }
    let mark = outbox::mark(connection).await?;
    let last_given = outbox::last_given(connection).await?;
    let (durable, above) = if mark.is_sealed(vault, last_given) {
        (mark.end, mark.end.seq)
    } else {
        let identities = trail.succession.current(connection).await?;
        trail.signed(locked, identities.present.verifying_key())?
    };
    let mut transaction = log::begin(connection).await?;
    let given = if seals::are_right(vault, &mut transaction, durable.seq).await? {
        outbox::last_given(&mut transaction).await?
    } else {
        seals::mend(vault, &mut transaction, (&durable, above), now).await?
    };
    seals::seal(vault, &mut transaction, given).await?;
    transaction.commit().await.map_err(StoreError::from)?;
    Ok(())
}

impl Trail {
    /// The last checkpoint in the files, and the highest number that a line after it may have.
    fn signed(&self, locked: &Locked<'_>, key: &PublicKey) -> Result<(End, i64), AuditError> {
        let (mut signed, mut highest) = (End::NONE, 0);
        for stretch in STRETCHES {
            for (path, stretch) in locked.unread(0, stretch)? {
                let cannot = |source| AuditError::Io {
                    path: path.clone(),
                    source,
                };
                let mut lines = Lines::new(stretch);
                while let Some(next) = lines.next().map_err(cannot)? {
                    let Found::Line(line) = next else { continue };
                    let Some(entry) = Entry::parse(line) else {
                        continue;
                    };
                    let seq = entry.seq;
                    if seq > signed.seq && self.has_signed(key, &entry, line) {
                        let head = LineHash::of(line);
                        signed = End { seq, head };
                    }
                    if seq > highest && seq - signed.seq <= MAX_AHEAD {
                        highest = seq;
                    }
                }
            }
            if signed != End::NONE {
                break;
            }
        }
        Ok((signed, highest.max(signed.seq)))
    }

    /// Whether this is a checkpoint that was signed with the key for this place, as it was written.
    fn has_signed(&self, key: &PublicKey, entry: &Entry<'_>, line: &[u8]) -> bool {
        let verified = |jws| Some((Checkpoint::verify(key, jws)?, jws));
        let signed = entry.jws.and_then(verified);
        let Some(((signed, jws), prev)) = signed.zip(LineHash::parse(entry.prev)) else {
            return false;
        };
        let mut expected = String::new();
        write_front(&mut expected, entry.seq, &prev, None, Some(jws));
        expected.push_str(&signed.told());
        signed.gateway == self.gateway.as_str()
            && signed.seq == entry.seq - 1
            && signed.head() == Some(prev)
            && line == expected.as_bytes()
    }
}
