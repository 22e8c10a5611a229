//! Counts the copies of a secret: whole ones, and halves without their other half.

use std::collections::BTreeMap;
use std::ops::AddAssign;

use memchr::memmem::Finder;

use super::spelling::spellings;

/// What is looked for: the first half of a text in every spelling, because each whole copy begins with it.
pub(crate) struct Counter {
    needles: Vec<Needle>,
}

struct Needle {
    form: String,
    half: Finder<'static>,
    whole: Vec<u8>,
}

/// Copies by their form. Says nothing of the text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally(BTreeMap<String, Copies>);

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Copies {
    whole: usize,
    half: usize,
}

impl Counter {
    /// `text` is ASCII and random in both of its halves.
    pub(crate) fn of(text: &str) -> Self {
        let mut needles: Vec<Needle> = Vec::new();
        for (half, whole) in spellings(&text[..text.len() / 2])
            .into_iter()
            .zip(spellings(text))
        {
            if !needles
                .iter()
                .any(|known| known.half.needle() == half.bytes)
            {
                needles.push(Needle {
                    form: half.form,
                    half: Finder::new(&half.bytes).into_owned(),
                    whole: whole.bytes,
                });
            }
        }
        Self { needles }
    }

    /// How many bytes of what follows must be given with a part, so that a copy on its border is whole.
    pub(crate) fn overlap(&self) -> usize {
        let lengths = self.needles.iter().map(|needle| needle.whole.len());
        lengths.max().unwrap_or_default()
    }

    /// The copies in `bytes`.
    pub(crate) fn count(&self, bytes: &[u8]) -> Tally {
        self.count_before(bytes, bytes.len())
    }

    /// The copies that begin in the first `end` of `bytes`.
    pub(crate) fn count_before(&self, bytes: &[u8], end: usize) -> Tally {
        let mut tally = Tally::default();
        for needle in &self.needles {
            for at in needle.half.find_iter(bytes).take_while(|at| *at < end) {
                let copies = tally.0.entry(needle.form.clone()).or_default();
                if bytes[at..].starts_with(&needle.whole) {
                    copies.whole += 1;
                } else {
                    copies.half += 1;
                }
            }
        }
        tally
    }
}

impl Tally {
    /// Whole copies.
    pub(crate) fn whole(&self) -> usize {
        self.0.values().map(|copies| copies.whole).sum()
    }

    /// Copies of which only the first half is there.
    pub(crate) fn half(&self) -> usize {
        self.0.values().map(|copies| copies.half).sum()
    }

    /// Whether there is nothing at all.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        for (form, copies) in other.0 {
            let sum = self.0.entry(form).or_default();
            sum.whole += copies.whole;
            sum.half += copies.half;
        }
    }
}

#[test]
fn it_counts_wholes_and_halves_of_each_spelling() {
    let text = "kQ\"vZx0LmW3pR%tYc5HbN2dGfJ8sUaXe";
    let counter = Counter::of(text);
    for spelling in spellings(text) {
        let bytes = [
            b"\x00\xff",
            spelling.bytes.as_slice(),
            b"between",
            &spelling.bytes,
        ]
        .concat();
        let tally = counter.count(&bytes);
        assert!(tally.whole() >= 2, "{}", spelling.form);
        // Cut in the middle of the second.
        let cut = bytes.len() - spelling.bytes.len() / 4;
        let tally = counter.count(&bytes[..cut]);
        assert!(tally.whole() >= 1 && tally.half() >= 1, "{}", spelling.form);
    }
    assert!(
        counter
            .count(b"kQ\"vZx0LmW3pR%t without the rest")
            .is_empty()
    );
}
