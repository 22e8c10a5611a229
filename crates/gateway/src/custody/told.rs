//! What the audit trail tells of what is stored: the last version of each linked service that was set or deleted since a person
//! accepted the store, as far as the files go back.
//!
//! A line counts once a later one has its hash, or if it is the last: what somebody else has appended, and the gateway has gone on
//! without, does not.

use std::collections::VecDeque;
use std::path::Path;

use serde::Deserialize;

use super::entry::MAX_VERSION;
use super::newest::{ByName, Newest};
use crate::audit::line::LineHash;
use crate::audit::lines::Found;
use crate::audit::members::are_there_once;
use crate::audit::verify::{CannotRead, Source};

const SET: &str = "credential_set";
const DELETED: &str = "credential_deleted";
const ACCEPTED: &str = "store_accepted";
/// Lines with these words are looked at.
const EVENTS: [&str; 3] = [SET, DELETED, ACCEPTED];

/// What the trail tells.
#[derive(Default)]
pub(super) struct Told {
    pub(super) newest: ByName,
    /// How many changes there were to the rows, as the last line says that tells it; 0 if none does.
    pub(super) changes: u64,
    /// The last line's number; 0 if there is none.
    pub(super) last: i64,
    /// Why not all of it could be read.
    pub(super) fault: Option<String>,
}

/// What is of interest in a line.
#[derive(Deserialize)]
struct Line {
    event: String,
    result: String,
    df: Option<String>,
    ls: Option<String>,
    version: Option<i64>,
    changes: Option<u64>,
}

/// What is in every line.
#[derive(Deserialize)]
struct Front<'l> {
    seq: i64,
    prev: &'l str,
}

/// A line that no other has followed yet.
struct Pending {
    seq: i64,
    hash: LineHash,
    /// The how-many-eth that was read.
    at: u64,
    /// Whether the line that it follows is there.
    is_linked: bool,
    line: Option<Line>,
}

impl Told {
    /// Reads all files of the trail, which had a line of number `marked` before.
    pub(super) fn read(audit: &Path, marked: i64) -> Self {
        let mut reading = Reading::default();
        if let Err(error) = reading.files(audit) {
            reading.told.fault = Some(error.to_string());
        }
        let pending = std::mem::take(&mut reading.pending);
        let linked = pending.into_iter().filter(|line| line.is_linked);
        linked.for_each(|line| reading.take(line));
        let mut told = reading.told;
        if told.last < marked && told.fault.is_none() {
            let last = told.last;
            told.fault = Some(format!(
                "the audit trail ends with line {last}, and had lines up to {marked}"
            ));
        }
        told
    }
}

/// Lines that no other has followed yet; more are believed.
const MAX_PENDING: usize = 10_000;

#[derive(Default)]
struct Reading {
    told: Told,
    /// How many lines were read.
    lines: u64,
    /// The last line that counts.
    tip: Option<LineHash>,
    pending: VecDeque<Pending>,
    /// The last line that cannot be read, by how many were read.
    unreadable: u64,
}

impl Reading {
    fn files(&mut self, audit: &Path) -> Result<(), CannotRead> {
        for source in Source::all(audit, 0)? {
            let path = source.path().to_owned();
            let mut number = 0_u64;
            let read = source.each(|line| {
                number += 1;
                self.lines += 1;
                let is_read = match line {
                    Found::Line(line) => self.line(line),
                    Found::TooLong(_) => false,
                    // A crash can leave it; the gateway cuts it off and writes it again.
                    Found::Unfinished(_) => true,
                };
                if !is_read {
                    self.unreadable = self.lines;
                    let path = path.display();
                    self.told.fault = Some(format!("{path}: line {number} is no audit line"));
                }
            });
            read.map_err(|source| CannotRead { path, source })?;
        }
        Ok(())
    }

    /// Whether it is a line as the gateway writes them.
    fn line(&mut self, bytes: &[u8]) -> bool {
        let Ok(Front { seq, prev }) = serde_json::from_slice::<Front<'_>>(bytes) else {
            return false;
        };
        let (Some(prev), Ok(text)) = (LineHash::parse(prev), str::from_utf8(bytes)) else {
            return false;
        };
        let mut line = None;
        if EVENTS.iter().any(|event| text.contains(event)) {
            let Ok(read) = serde_json::from_str::<Line>(text) else {
                return false;
            };
            if !are_there_once(bytes) {
                return false;
            }
            line = Some(read);
        }
        let mut is_linked = true;
        if self.tip == Some(prev) {
            self.pending.clear();
        } else if let Some(at) = self.pending.iter().rposition(|line| line.hash == prev) {
            let confirmed: Vec<_> = self.pending.drain(..=at).collect();
            confirmed.into_iter().for_each(|line| self.take(line));
            self.pending.clear();
        } else {
            // The first of all; or the line before was changed, or this one is not the gateway's: the next one tells.
            is_linked = self.pending.is_empty();
            if self.pending.len() == MAX_PENDING
                && let Some(first) = self.pending.pop_front()
            {
                self.take(first);
            }
        }
        self.pending.push_back(Pending {
            seq,
            hash: LineHash::of(bytes),
            at: self.lines,
            is_linked,
            line,
        });
        true
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
            ACCEPTED => {
                told.newest.clear();
                told.changes = line.changes.unwrap_or(0);
                // A person has looked at what was before.
                if self.unreadable < at {
                    told.fault = None;
                }
                return;
            }
            _ => return,
        };
        told.changes = told.changes.max(line.changes.unwrap_or(0));
        if let (Some(df), Some(ls), Some(version)) = (line.df, line.ls, line.version)
            && version <= MAX_VERSION
        {
            let newest = Newest {
                version,
                is_deleted,
            };
            told.newest.insert((df, ls), newest);
        }
    }
}
