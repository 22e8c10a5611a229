//! Reading the lines of the trail in their order.

use std::collections::VecDeque;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::{Remembered, Told};
use crate::audit::line::{End, LineHash};
use crate::audit::lines::Found;
use crate::audit::log::Marked;
use crate::audit::members::are_there_once;
use crate::audit::rotation::Rotated;
use crate::audit::verify::{CannotRead, Source};
use crate::custody::newest::Newest;
use crate::keyring::Term;

const SET: &str = "credential_set";
const DELETED: &str = "credential_deleted";
const ACCEPTED: &str = "store_accepted";
const TERM_BEGUN: &str = "keyring_rotated";
const TERM_GONE: &str = "keyring_term_gone";
const IDENTITY_REPLACED: &str = "identity_replaced";
const GAP: &str = "audit_gap";
const FILE_REMOVED: &str = "audit_file_removed";
/// Lines with these words are looked at.
const EVENTS: [&str; 8] = [
    SET,
    DELETED,
    ACCEPTED,
    TERM_BEGUN,
    TERM_GONE,
    IDENTITY_REPLACED,
    GAP,
    FILE_REMOVED,
];

/// What is of interest in a line.
#[derive(Clone, Serialize, Deserialize)]
struct Line {
    event: String,
    result: String,
    df: Option<String>,
    ls: Option<String>,
    version: Option<i64>,
    changes: Option<u64>,
    file: Option<String>,
    term: Option<i64>,
}

/// What is in every line.
#[derive(Deserialize)]
struct Front<'l> {
    seq: i64,
    prev: &'l str,
}

/// A line that no other has followed yet.
#[derive(Clone, Serialize, Deserialize)]
struct Pending {
    seq: i64,
    hash: LineHash,
    /// The how-many-eth that was read.
    at: u64,
    /// Whether the line that it follows is there.
    is_linked: bool,
    line: Option<Line>,
}

/// Lines that no other has followed yet; more are believed.
const MAX_PENDING: usize = 10_000;

/// How far the trail was read, and what it has told so far.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Reading {
    told: Told,
    /// The line that the store remembers, and whether it was come by.
    #[serde(skip, default = "no_line")]
    mark: End,
    #[serde(skip)]
    has_mark: bool,
    /// The highest number that was given to a line before the trail was read.
    #[serde(skip)]
    given: i64,
    /// No linked service has come to more versions.
    #[serde(skip)]
    highest_version: i64,
    /// The very first line's number; 0 before it.
    first: i64,
    /// Whether a person has accepted the store, or the trail says that what was before its first line was removed.
    is_beginning_known: bool,
    /// How many lines were read.
    lines: u64,
    /// The last line that counts.
    tip: Option<LineHash>,
    pending: VecDeque<Pending>,
    /// Where the last fault is, by how many lines were read.
    faulty: u64,
}

impl Default for Reading {
    fn default() -> Self {
        Self {
            told: Told::default(),
            mark: End::NONE,
            has_mark: false,
            given: 0,
            highest_version: 0,
            first: 0,
            is_beginning_known: false,
            lines: 0,
            tip: None,
            pending: VecDeque::new(),
            faulty: 0,
        }
    }
}

const fn no_line() -> End {
    End::NONE
}

/// Where a file was come by the line that the store remembers: every line up to it is the gateway's own, by their hashes.
pub(super) struct AtMark {
    pub(super) reading: Reading,
    /// The file's bytes up to the end of that line.
    pub(super) offset: u64,
}

impl Reading {
    /// Goes on with one file, after so many bytes.
    pub(super) fn file(
        &mut self,
        source: Source,
        mut offset: u64,
    ) -> Result<Option<AtMark>, CannotRead> {
        let path = source.path().to_owned();
        let mut number = 0_u64;
        let mut at_mark = None;
        let read = source.each_after(offset, |line| {
            number += 1;
            self.lines += 1;
            let read = match line {
                Found::Line(line) => {
                    offset += line.len() as u64 + 1;
                    let had_mark = self.has_mark;
                    let read = self.line(line);
                    if read.is_ok() && self.has_mark && !had_mark && self.is_settled() {
                        let reading = self.clone();
                        at_mark = Some(AtMark { reading, offset });
                    }
                    read
                }
                Found::TooLong(_) => Err(Strange::NoLine),
                // A crash can leave it; the gateway cuts it off and writes it again.
                Found::Unfinished(_) => Ok(()),
            };
            if let Err(strange) = read {
                self.fault(format!("{}: line {number} {strange}", path.display()));
            }
        });
        match read {
            Ok(()) => Ok(at_mark),
            Err(source) => Err(CannotRead { path, source }),
        }
    }

    /// Compares with this from now on.
    pub(super) fn remember(&mut self, remembered: Remembered) {
        let mark = remembered.mark;
        self.mark = mark.map_or(End::NONE, |mark| mark.end);
        self.given = mark.map_or(0, |mark| mark.given);
        self.highest_version = remembered.highest_version;
        self.has_mark = self.last_line() == Some(self.mark);
    }

    /// Whether every line so far was given its number before the trail was read.
    pub(super) fn is_given(&self) -> bool {
        self.pending.iter().all(|line| line.seq <= self.given)
    }

    /// Whether the last line follows all before it, and nothing was wrong with any.
    fn is_settled(&self) -> bool {
        self.told.fault.is_none() && self.pending.len() == 1
    }

    /// The last line that was read.
    pub(super) fn last_line(&self) -> Option<End> {
        let last = self.pending.back()?;
        Some(End {
            seq: last.seq,
            head: last.hash,
        })
    }

    /// What all of it tells, after the last file.
    pub(super) fn finish(mut self, mark: Option<Marked>) -> Told {
        let pending = std::mem::take(&mut self.pending);
        let linked = pending.into_iter().filter(|line| line.is_linked);
        linked.for_each(|line| self.take(line));
        let missing = match mark {
            None => Some("what the store remembers of the audit trail was changed".to_owned()),
            Some(mark) => self.missing(mark.end),
        };
        let told = self.told;
        Told {
            fault: told.fault.or(missing),
            ..told
        }
    }

    pub(super) fn fault(&mut self, fault: String) {
        self.faulty = self.lines;
        self.told.fault = Some(fault);
    }

    /// What is not there of the whole trail: its beginning, or the line that the store remembers.
    fn missing(&self, mark: End) -> Option<String> {
        let (first, last, marked) = (self.first, self.told.last, mark.seq);
        if last < marked {
            Some(format!(
                "the audit trail ends with line {last}, and had lines up to {marked}"
            ))
        } else if first > 1 && !self.is_beginning_known {
            Some(format!(
                "the audit trail begins with line {first}, and does not say that what was before it was removed"
            ))
        } else if marked >= first && marked > 0 && !self.has_mark {
            Some(format!(
                "line {marked} of the audit trail is not the one that was written"
            ))
        } else {
            None
        }
    }

    /// Takes the next line, if it is one as the gateway writes them.
    fn line(&mut self, bytes: &[u8]) -> Result<(), Strange> {
        let Ok(Front { seq, prev }) = serde_json::from_slice::<Front<'_>>(bytes) else {
            return Err(Strange::NoLine);
        };
        let (Some(prev), Ok(text)) = (LineHash::parse(prev), str::from_utf8(bytes)) else {
            return Err(Strange::NoLine);
        };
        let mut line = None;
        if EVENTS.iter().any(|event| text.contains(event)) {
            let Ok(read) = serde_json::from_str::<Line>(text) else {
                return Err(Strange::NoLine);
            };
            if !are_there_once(bytes) {
                return Err(Strange::NoLine);
            }
            line = Some(read);
        }
        let hash = LineHash::of(bytes);
        let is_first = self.first == 0;
        if is_first {
            self.first = seq;
        }
        self.has_mark |= End { seq, head: hash } == self.mark;
        let mut is_linked = true;
        let mut follows = true;
        if self.tip == Some(prev) && seq > self.told.last {
            self.pending.clear();
        } else if let Some(at) = self
            .pending
            .iter()
            .rposition(|line| line.hash == prev && line.seq < seq)
        {
            let confirmed: Vec<_> = self.pending.drain(..=at).collect();
            confirmed.into_iter().for_each(|line| self.take(line));
            self.pending.clear();
        } else {
            // The first of all; or the line before was changed, or this one is not the gateway's: the next one tells.
            follows = is_first && (seq > 1 || prev == LineHash::NONE);
            is_linked = self.pending.is_empty();
            if self.pending.len() == MAX_PENDING
                && let Some(first) = self.pending.pop_front()
            {
                self.take(first);
            }
        }
        self.pending.push_back(Pending {
            seq,
            hash,
            at: self.lines,
            is_linked,
            line,
        });
        follows.then_some(()).ok_or(Strange::Loose)
    }

    fn take(&mut self, pending: Pending) {
        let Pending {
            seq,
            hash,
            at,
            line,
            ..
        } = pending;
        self.tip = Some(hash);
        let told = &mut self.told;
        told.last = seq;
        let Some(line) = line.filter(|line| line.result == "ok") else {
            return;
        };
        let is_deleted = match line.event.as_str() {
            SET => false,
            DELETED => true,
            TERM_BEGUN | TERM_GONE | IDENTITY_REPLACED => {
                told.changes = told.changes.max(line.changes.unwrap_or(0));
                if line.event == TERM_GONE {
                    told.gone.extend(line.term.and_then(Term::from_stored));
                }
                return;
            }
            // Not the gateway's, or so new that the store is read as it was before.
            ACCEPTED if seq > self.given => return,
            ACCEPTED => {
                told.newest.clear();
                told.gone.clear();
                told.changes = line.changes.unwrap_or(0);
                // A person has looked at what was before.
                self.is_beginning_known = true;
                if self.faulty < at {
                    told.fault = None;
                }
                return;
            }
            GAP => {
                self.faulty = self.faulty.max(at);
                told.fault = Some(format!(
                    "line {seq} of the audit trail tells that somebody else has written into it"
                ));
                return;
            }
            FILE_REMOVED => {
                let removed = line.file.as_deref().map(Path::new).and_then(Rotated::parse);
                self.is_beginning_known |=
                    removed.is_some_and(|removed| removed.last == self.first - 1);
                return;
            }
            _ => return,
        };
        told.changes = told.changes.max(line.changes.unwrap_or(0));
        if let (Some(df), Some(ls), Some(version)) = (line.df, line.ls, line.version) {
            let highest = self.highest_version;
            if version > highest {
                self.faulty = self.faulty.max(at);
                told.fault = Some(format!(
                    "line {seq} of the audit trail has version {version}, which nothing has come to"
                ));
            }
            let newest = Newest {
                version: version.min(highest),
                is_deleted,
            };
            told.newest.insert((df, ls), newest);
        }
    }
}

/// What is wrong with a line.
#[derive(Debug, thiserror::Error)]
enum Strange {
    #[error("is no audit line")]
    NoLine,
    #[error("does not follow a line before it")]
    Loose,
}
