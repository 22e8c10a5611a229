//! The chain, line by line.
//!
//! A line whose `prev` does not fit tells that the line before it was changed, unless the next line's does not fit either:
//! then it was changed itself. So a verdict waits for one more line.

mod branches;
mod checks;
mod signers;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::{Accepted, Against, FileRead, Finding, Kind, Remembered, Report};
use crate::audit::checkpoint::Checkpoint;
use crate::audit::line::{Entry, LineHash};
use branches::Branch;
use signers::Signers;

/// Findings that are kept; more are counted.
const MAX_FINDINGS: usize = 200;
/// Numbers of missing lines that are kept, to tell a moved line from an inserted one.
const MAX_MISSING: i64 = 10_000;

pub(super) struct Chain {
    gateway: Option<String>,
    signers: Signers,
    store: Option<Remembered>,
    /// Checkpoints from elsewhere: as they came, until there is the key that signed them; then what they say.
    given: Vec<String>,
    witnessed: Vec<Checkpoint>,

    report: Report,
    /// The last line that took its place in the chain.
    last: Option<Seen>,
    /// Where the chain was left, the first one first.
    branches: Vec<Branch>,
    /// The line before the last one, whose hash the last one does not have.
    doubted: Option<Seen>,
    /// Lines since the last one that cannot be read.
    unreadable: i64,
    missing: BTreeSet<i64>,
    unsigned: u64,
    /// The first line with a number that the store has not given.
    beyond: Option<Seen>,
    beginning: Beginning,
    /// What the trail says was accepted, which no checkpoint has confirmed yet; and which one has.
    unconfirmed: Vec<Accepted>,
    accepted: Vec<Accepted>,
    front: String,
}

/// A line with its place.
#[derive(Clone)]
struct Seen {
    file: usize,
    line: u64,
    seq: i64,
    head: LineHash,
    /// Something is said of it already, so what does not fit it needs no other explanation.
    told: Told,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Told {
    Nothing,
    Fault,
}

/// Whether the trail begins where it should.
#[derive(Clone)]
enum Beginning {
    /// With line 1, or with a line that follows a checkpoint from elsewhere.
    Whole,
    /// With this line; the trail has not said yet that those before were removed.
    Later { place: Seen },
    /// The trail says so, and no checkpoint has confirmed it yet.
    Declared { place: Seen },
}

impl Chain {
    pub(super) fn new(against: Against) -> Self {
        let signers = Signers::new(&against.identity);
        let mut chain = Self {
            gateway: against.gateway.clone(),
            signers,
            store: against.store,
            given: against.checkpoints,
            witnessed: Vec::new(),
            report: Report {
                whole: true,
                gateway: against.gateway,
                files: Vec::new(),
                lines: 0,
                first: 0,
                last: 0,
                head: LineHash::NONE,
                checkpoints: 0,
                signed_through: 0,
                last_checkpoint: None,
                findings: Vec::new(),
                accepted: Vec::new(),
                more_findings: 0,
            },
            last: None,
            branches: Vec::new(),
            doubted: None,
            unreadable: 0,
            missing: BTreeSet::new(),
            unsigned: 0,
            beyond: None,
            beginning: Beginning::Whole,
            unconfirmed: Vec::new(),
            accepted: Vec::new(),
            front: String::new(),
        };
        chain.witness();
        chain
    }

    pub(super) fn begin_file(&mut self, path: &Path) {
        self.report.files.push(FileRead {
            file: path.to_owned(),
            lines: 0,
        });
    }

    /// A whole line, without its line feed.
    pub(super) fn line(&mut self, line: &[u8]) {
        let Some(entry) = Entry::parse(line) else {
            return self.unreadable(line);
        };
        let mut seen = self.count(entry.seq, LineHash::of(line));
        let prev = LineHash::parse(entry.prev).unwrap_or(LineHash::NONE);
        self.come_back(&entry, &prev, &seen);
        self.check_front(&entry, line, &mut seen);
        if seen.line == 1 {
            self.check_beginning(&entry, &mut seen);
        }
        let Some(seq) = self.place(&entry, &prev, &mut seen) else {
            return;
        };
        seen.seq = seq;
        if self.doubted.is_some() {
            // The line before may have been changed, and be the one that says so.
            self.unconfirmed.clear();
        }
        self.check_checkpoint(&entry, line, &prev, &mut seen);
        self.check_hand_over(&entry, &mut seen);
        self.check_removal(&entry, &seen);
        self.compare(line, &mut seen);
        if seen.told == Told::Nothing {
            self.unconfirmed.extend_from_slice(entry.acceptance());
        }
        self.passed(&seen);
        self.last = Some(seen);
    }

    /// A line that is none of ours.
    pub(super) fn unreadable(&mut self, line: &[u8]) {
        let mut seen = self.count(0, LineHash::of(line));
        let expected = self.next_line();
        self.tell(&mut seen, None, Kind::Unreadable, expected);
        self.found_from(self.next_number());
        self.settle();
        self.unreadable += 1;
    }

    /// The file's last bytes, without a line feed.
    pub(super) fn unfinished(&mut self, line: &[u8]) {
        let mut seen = self.count(0, LineHash::of(line));
        let bytes = line.len();
        let expected = format!(
            "{} and a line feed, not {bytes} bytes; after a crash the gateway cuts them off when it writes next",
            self.next_line()
        );
        self.tell(&mut seen, None, Kind::Unfinished, expected);
        self.found_from(self.next_number());
        self.settle();
        self.unreadable += 1;
    }

    pub(super) fn finish(mut self) -> Report {
        self.settle();
        self.check_end();
        self.check_store();
        self.check_signers();
        if let Beginning::Later { mut place } | Beginning::Declared { mut place } =
            std::mem::replace(&mut self.beginning, Beginning::Whole)
        {
            let before = place.seq - 1;
            let expected = format!(
                "lines 1 to {before}, or a signed statement in the trail that the gateway removed them"
            );
            let seq = Some(place.seq);
            self.tell(&mut place, seq, Kind::BeginningMissing, expected);
        }
        let mut report = self.report;
        if let Some(last) = &self.last {
            (report.last, report.head) = (last.seq, last.head);
        }
        let files: Vec<PathBuf> = report.files.iter().map(|read| read.file.clone()).collect();
        let place = |finding: &Finding| {
            let file = files.iter().position(|file| *file == finding.file);
            (file, finding.line)
        };
        report.findings.sort_by_key(place);
        let is_accepted =
            |finding: &mut Finding| self.accepted.iter().any(|accepted| accepted.is(finding));
        report.accepted = report.findings.extract_if(.., is_accepted).collect();
        report.whole = report.findings.is_empty() && report.more_findings == 0;
        report.gateway = self.gateway;
        report
    }

    fn count(&mut self, seq: i64, head: LineHash) -> Seen {
        self.report.lines += 1;
        let file = self.report.files.len().saturating_sub(1);
        let read = &mut self.report.files[file];
        read.lines += 1;
        Seen {
            file,
            line: read.lines,
            seq,
            head,
            told: Told::Nothing,
        }
    }

    /// Where the line stands in the chain: its number, unless it has no place in it.
    fn place(&mut self, entry: &Entry<'_>, prev: &LineHash, seen: &mut Seen) -> Option<i64> {
        let seq = entry.seq;
        let Some(last) = self.last.clone() else {
            self.begin(entry, prev, seen);
            return Some(seq);
        };
        let next = last.seq + 1;
        let unreadable = std::mem::take(&mut self.unreadable);
        let follows = unreadable == 0 && *prev == last.head;
        if seq != next && follows {
            self.settle();
            self.tell(seen, Some(seq), Kind::Changed, format!("number {next}"));
            return Some(next);
        }
        if seq < next {
            self.unreadable = unreadable;
            let (kind, expected) = if self.missing.remove(&seq) {
                let after = seq + 1;
                (
                    Kind::Reordered,
                    format!("it before line {after}, and here {}", self.next_line()),
                )
            } else {
                (Kind::Repeated, self.next_line())
            };
            self.tell(seen, Some(seq), kind, expected);
            return None;
        }
        if seq > next + unreadable {
            self.branch(seq, *prev);
            let through = seq - 1;
            self.missing
                .extend((next..=through).take(usize::try_from(MAX_MISSING).unwrap_or_default()));
            while self.missing.len() as i64 > MAX_MISSING {
                self.missing.pop_first();
            }
            let expected = format!("lines {next} to {through} before it");
            self.settle();
            self.tell(seen, Some(seq), Kind::Missing, expected);
            self.found_from(next);
            // The line itself may be as it was.
            seen.told = Told::Nothing;
            return Some(seq);
        }
        if unreadable == 0 {
            self.fit(follows, last);
        }
        Some(seq)
    }

    fn begin(&mut self, entry: &Entry<'_>, prev: &LineHash, seen: &mut Seen) {
        self.report.first = entry.seq;
        let unreadable = std::mem::take(&mut self.unreadable);
        if unreadable > 0 && entry.seq == unreadable + 1 {
            return;
        }
        let before = entry.seq - 1;
        if before == 0 {
            if *prev != LineHash::NONE {
                let expected = format!("{} in `prev` of the first line", LineHash::NONE);
                self.tell(seen, Some(1), Kind::Changed, expected);
            }
            return;
        }
        let known = self
            .witnessed
            .iter()
            .any(|given| given.seq == before && given.head() == Some(*prev));
        if !known {
            self.branch(entry.seq, *prev);
            self.beginning = Beginning::Later {
                place: seen.clone(),
            };
        }
    }

    /// The line has the number that was due. Does it follow the last one?
    fn fit(&mut self, follows: bool, mut last: Seen) {
        if follows || last.told == Told::Fault {
            return self.settle();
        }
        if self.doubted.take().is_some() {
            let expected = self.line_written(last.seq);
            let seq = Some(last.seq);
            self.tell(&mut last, seq, Kind::Changed, expected);
        }
        self.doubted = Some(last);
    }

    /// Nothing follows that would tell more: the line before the one that does not fit was changed.
    fn settle(&mut self) {
        if let Some(mut doubted) = self.doubted.take()
            && doubted.told == Told::Nothing
        {
            let expected = self.line_written(doubted.seq);
            let seq = Some(doubted.seq);
            self.tell(&mut doubted, seq, Kind::Changed, expected);
        }
    }

    fn check_end(&mut self) {
        let last = self.last.as_ref().map_or(0, |last| last.seq) + self.unreadable;
        let stored = self.store.as_ref().map_or(0, Remembered::last);
        let given = self.witnessed.iter().map(|given| given.seq).max();
        let through = stored.max(given.unwrap_or(0));
        if last < through {
            let next = last + 1;
            let witness = if stored == through {
                "the store remembers"
            } else {
                "the given checkpoint was signed for"
            };
            let mut nowhere = self.nowhere();
            let expected = format!("lines {next} to {through} after it, which {witness}");
            let seq = self.last.as_ref().map(|last| last.seq);
            self.tell(&mut nowhere, seq, Kind::EndMissing, expected);
        }
    }

    fn next_line(&self) -> String {
        format!("line {}", self.next_number())
    }

    fn next_number(&self) -> i64 {
        self.last.as_ref().map_or(1, |last| last.seq + 1) + self.unreadable
    }

    /// The lines from this number on are what the last finding is about.
    fn found_from(&mut self, from: i64) {
        if self.report.more_findings == 0
            && let Some(finding) = self.report.findings.last_mut()
        {
            finding.from = Some(from);
        }
    }

    fn line_written(&self, seq: i64) -> String {
        format!("line {seq} as it was written")
    }

    /// The place of what concerns no line: the last one that was read.
    fn nowhere(&self) -> Seen {
        Seen {
            file: self.report.files.len().saturating_sub(1),
            line: self.report.files.last().map_or(0, |read| read.lines),
            seq: 0,
            head: LineHash::NONE,
            told: Told::Nothing,
        }
    }

    fn tell(&mut self, seen: &mut Seen, seq: Option<i64>, kind: Kind, expected: String) {
        seen.told = Told::Fault;
        self.unconfirmed.clear();
        if self.report.findings.len() == MAX_FINDINGS {
            self.report.more_findings += 1;
            return;
        }
        let file = self.report.files.get(seen.file);
        self.report.findings.push(Finding {
            file: file.map(|read| read.file.clone()).unwrap_or_default(),
            line: seen.line,
            seq,
            from: None,
            kind,
            expected,
            hash: seen.head,
        });
    }
}
