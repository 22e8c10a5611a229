//! How many tests there were, read from what libtest and wasm-bindgen-test print.

use std::fmt;
use std::ops::Add;

/// Numbers of tests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) passed: usize,
    pub(super) failed: usize,
    pub(super) skipped: usize,
}

impl Counts {
    /// The numbers in a line such as `test result: ok. 5 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; …`;
    /// `None` for every other line.
    pub(super) fn from_line(line: &str) -> Option<Self> {
        let line = without_colours(line);
        let (_, numbers) = line
            .trim()
            .strip_prefix("test result: ")?
            .split_once(". ")?;
        let number = |word: &str| {
            let mut parts = numbers.split(';').map(str::trim);
            parts.find_map(|part| part.strip_suffix(word)?.trim().parse().ok())
        };
        Some(Self {
            passed: number("passed")?,
            failed: number("failed")?,
            skipped: number("ignored")?,
        })
    }

    /// Whether there was no test.
    pub(super) fn is_empty(self) -> bool {
        self == Self::default()
    }
}

impl Add for Counts {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            passed: self.passed + other.passed,
            failed: self.failed + other.failed,
            skipped: self.skipped + other.skipped,
        }
    }
}

/// The line that ends a run; programs read it.
impl fmt::Display for Counts {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{} passed, {} failed, {} skipped",
            self.passed, self.failed, self.skipped
        )
    }
}

/// Without escape sequences such as `ESC [32m`.
fn without_colours(line: &str) -> String {
    let mut parts = line.split('\u{1b}');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        text + part.split_once('m').map_or("", |(_, rest)| rest)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_both_harnesses_are_read() {
        let libtest = "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 3 filtered out; finished in 0.03s";
        assert_eq!(
            Counts::from_line(libtest),
            Some(Counts {
                passed: 12,
                failed: 0,
                skipped: 1
            })
        );
        let in_browser =
            "test result: FAILED. 2 passed; 1 failed; 0 ignored; 0 filtered out; finished in 1.20s";
        assert_eq!(
            Counts::from_line(in_browser),
            Some(Counts {
                passed: 2,
                failed: 1,
                skipped: 0
            })
        );
        let coloured = "test result: \u{1b}[32mok\u{1b}[0m. 5 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out";
        assert_eq!(
            Counts::from_line(coloured),
            Some(Counts {
                passed: 5,
                failed: 0,
                skipped: 0
            })
        );
    }

    #[test]
    fn other_lines_are_not() {
        for line in [
            "test a::b ... ok",
            "running 3 tests",
            "test result: none",
            "",
            "1 passed; 0 failed; 0 ignored",
        ] {
            assert_eq!(Counts::from_line(line), None, "{line}");
        }
    }

    #[test]
    fn the_last_line_is_as_programs_expect_it() {
        let sum = Counts {
            passed: 1,
            failed: 2,
            skipped: 0,
        } + Counts {
            passed: 10,
            failed: 0,
            skipped: 3,
        };
        assert_eq!(sum.to_string(), "11 passed, 2 failed, 3 skipped");
    }
}
