//! Lines that lead elsewhere: with a number further ahead, and after them comes one that follows the line before them. Then they
//! were put in between, and each of them is a finding; the chain goes on where it was left.

use super::super::Kind;
use super::signers::Signers;
use super::{Beginning, Chain, MAX_FINDINGS, Seen};
use crate::audit::line::{Entry, LineHash};

/// Places that the chain may come back to.
const MAX_BRANCHES: usize = 16;

/// A place that the chain has left, and how everything was there.
pub(super) struct Branch {
    /// The last line before; none at the trail's beginning.
    last: Option<Seen>,
    /// Number and `prev` of the first line that leads elsewhere.
    first: (i64, LineHash),
    /// The lines from that on.
    since: Vec<Seen>,
    signers: Signers,
    beginning: Beginning,
    unsigned: u64,
    signed_through: i64,
}

impl Branch {
    /// Number and `prev` of the line that follows.
    fn next(&self) -> (i64, LineHash) {
        let before = self.last.as_ref();
        before.map_or((1, LineHash::NONE), |last| (last.seq + 1, last.head))
    }
}

impl Chain {
    /// This line does not follow the last one.
    pub(super) fn branch(&mut self, seq: i64, prev: LineHash) {
        if self.branches.len() < MAX_BRANCHES {
            self.branches.push(Branch {
                last: self.last.clone(),
                first: (seq, prev),
                since: Vec::new(),
                signers: self.signers.clone(),
                beginning: self.beginning.clone(),
                unsigned: self.unsigned,
                signed_through: self.report.signed_through,
            });
        }
    }

    /// A line has taken its place.
    pub(super) fn passed(&mut self, seen: &Seen) {
        for branch in &mut self.branches {
            branch.since.push(seen.clone());
        }
        // Too many to be told of, each.
        self.branches
            .retain(|branch| branch.since.len() <= MAX_FINDINGS);
    }

    /// The line may follow one that the chain has left.
    pub(super) fn come_back(&mut self, entry: &Entry<'_>, prev: &LineHash, seen: &Seen) {
        let here = (entry.seq, *prev);
        let last = self.last.as_ref();
        if last.is_some_and(|last| here == (last.seq + 1, last.head)) {
            return;
        }
        let left = |branch: &Branch| branch.next() == here;
        let Some(at) = self.branches.iter().position(left) else {
            return;
        };
        let branch = &mut self.branches[at];
        if branch.first == (entry.seq + 1, seen.head) {
            // The other way round: this is the line that was missing before that one.
            branch.last = Some(seen.clone());
            return;
        }
        let Some(branch) = self.branches.drain(at..).next() else {
            return;
        };
        let expected = format!("line {}", entry.seq);
        self.last = branch.last;
        self.signers = branch.signers;
        self.beginning = branch.beginning;
        self.unsigned = branch.unsigned;
        self.report.signed_through = branch.signed_through;
        self.doubted = None;
        self.unreadable = 0;
        let place = |seen: &Seen| (seen.file, seen.line);
        let first = branch.since.first().map(place);
        self.beyond = self
            .beyond
            .take()
            .filter(|beyond| Some(place(beyond)) < first);
        self.missing.split_off(&entry.seq);
        // What they say was accepted, nobody has.
        self.unconfirmed.clear();
        if self.last.is_none() {
            self.report.first = entry.seq;
        }
        for inserted in branch.since {
            self.inserted(inserted, &expected);
        }
    }

    fn inserted(&mut self, mut seen: Seen, expected: &str) {
        let file = &self.report.files[seen.file].file;
        let mut there = self.report.findings.iter_mut().rev();
        let there = there.find(|one| one.line == seen.line && one.file == *file);
        match there {
            Some(finding) if finding.kind == Kind::Missing => {
                finding.kind = Kind::Repeated;
                finding.from = None;
                expected.clone_into(&mut finding.expected);
            }
            Some(_) => {}
            None => {
                let seq = Some(seen.seq);
                self.tell(&mut seen, seq, Kind::Repeated, expected.to_owned());
            }
        }
    }
}
