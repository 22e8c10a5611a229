//! Many texts looked for at once: a browser's memory is gigabytes, and a secret has some seventy halves.

use aho_corasick::{AhoCorasick, AhoCorasickKind};

/// What is looked for.
pub(crate) struct Needles(AhoCorasick);

impl Needles {
    pub(crate) fn new(needles: impl IntoIterator<Item = impl AsRef<[u8]>>) -> Self {
        let searcher = AhoCorasick::builder()
            .kind(Some(AhoCorasickKind::DFA))
            .build(needles);
        Self(searcher.unwrap_or_else(|error| unreachable!("a few kilobytes of needles: {error}")))
    }

    /// The index and the place of each occurrence, also of those that overlap.
    pub(crate) fn each_in(&self, bytes: &[u8]) -> impl Iterator<Item = (usize, usize)> {
        let found = self.0.find_overlapping_iter(bytes);
        found.map(|found| (found.pattern().as_usize(), found.start()))
    }
}
