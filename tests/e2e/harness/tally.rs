//! Counts the copies of a secret: whole ones, and halves without their other half.

use std::collections::BTreeMap;
use std::ops::AddAssign;

use super::needles::Needles;
use super::spelling::{Spelling, spellings};

/// What is looked for: both halves of a text in every spelling. A whole copy begins with the first.
pub(crate) struct Counter {
    firsts: Vec<First>,
    /// The first halves in the order of `firsts`, then the last ones.
    halves: Needles,
}

struct First {
    form: String,
    whole: Vec<u8>,
}

/// Copies by their form. Says nothing of the text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    begun: BTreeMap<String, Copies>,
    /// Second halves, those of whole copies among them.
    lasts: usize,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Copies {
    whole: usize,
    first_half: usize,
}

impl Counter {
    /// `text` is ASCII and random in both of its halves.
    pub(crate) fn of(text: &str) -> Self {
        let (first, last) = text.split_at(text.len() / 2);
        let (mut firsts, mut halves): (Vec<First>, Vec<Vec<u8>>) = (Vec::new(), Vec::new());
        for (half, whole) in counted(first).zip(counted(text)) {
            if !halves.contains(&half.bytes) {
                firsts.push(First {
                    form: half.form,
                    whole: whole.bytes,
                });
                halves.push(half.bytes);
            }
        }
        for half in counted(last) {
            if !halves[firsts.len()..].contains(&half.bytes) {
                halves.push(half.bytes);
            }
        }
        Self {
            firsts,
            halves: Needles::new(&halves),
        }
    }

    /// How many bytes of what follows must be given with a part, so that a copy on its border is whole.
    pub(crate) fn overlap(&self) -> usize {
        let lengths = self.firsts.iter().map(|first| first.whole.len());
        lengths.max().unwrap_or_default()
    }

    /// The copies in `bytes`.
    pub(crate) fn count(&self, bytes: &[u8]) -> Tally {
        self.count_before(bytes, bytes.len())
    }

    /// The copies that begin in the first `end` of `bytes`.
    pub(crate) fn count_before(&self, bytes: &[u8], end: usize) -> Tally {
        let mut tally = Tally::default();
        for (half, at) in self.halves.each_in(bytes) {
            if at >= end {
                continue;
            }
            let Some(first) = self.firsts.get(half) else {
                tally.lasts += 1;
                continue;
            };
            let copies = tally.begun.entry(first.form.clone()).or_default();
            if bytes[at..].starts_with(&first.whole) {
                copies.whole += 1;
            } else {
                copies.first_half += 1;
            }
        }
        tally
    }
}

/// Without the big end first: after a zero byte a copy with the little end first would count as that, too.
fn counted(text: &str) -> impl Iterator<Item = Spelling> {
    let all = spellings(text).into_iter();
    all.filter(|spelling| !spelling.form.contains("UTF-16BE"))
}

impl Tally {
    /// Whole copies.
    pub(crate) fn whole(&self) -> usize {
        self.begun.values().map(|copies| copies.whole).sum()
    }

    /// Copies of the first half that the second does not follow.
    pub(crate) fn first_half(&self) -> usize {
        self.begun.values().map(|copies| copies.first_half).sum()
    }

    /// Copies of the second half that do not follow the first.
    pub(crate) fn second_half(&self) -> usize {
        self.lasts.saturating_sub(self.whole())
    }

    /// Whether there is nothing of it.
    pub(crate) fn is_empty(&self) -> bool {
        self.begun.is_empty() && self.lasts == 0
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        for (form, copies) in other.begun {
            let sum = self.begun.entry(form).or_default();
            sum.whole += copies.whole;
            sum.first_half += copies.first_half;
        }
        self.lasts += other.lasts;
    }
}

#[test]
fn it_counts_wholes_and_halves_of_each_spelling() {
    let text = "kQ\"vZx0LmW3pR%tYc5HbN2dGfJ8sUaXe";
    let counter = Counter::of(text);
    for Spelling { form, bytes } in counted(text) {
        let twice = [b"\x00\xff", bytes.as_slice(), b" and ", &bytes, b"\x00"].concat();
        let tally = counter.count(&twice);
        assert_eq!(figures(&tally), (2, 0, 0), "{form}");
        // A quarter of a copy is missing: of its end, then of its beginning.
        let quarter = bytes.len() / 4;
        assert_eq!(
            figures(&counter.count(&bytes[..bytes.len() - quarter])),
            (0, 1, 0),
            "{form}"
        );
        assert_eq!(
            figures(&counter.count(&bytes[quarter..])),
            (0, 0, 1),
            "{form}"
        );
    }
    let less = [&text[..15], " and ", &text[17..]].concat();
    assert_eq!(counter.count(less.as_bytes()).begun, BTreeMap::new());
}

#[cfg(test)]
fn figures(tally: &Tally) -> (usize, usize, usize) {
    (tally.whole(), tally.first_half(), tally.second_half())
}
