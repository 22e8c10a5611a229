//! Which linked services an issuer may touch: a name in which `*` stands for anything, nothing included.

use std::fmt;

use envelope::{LinkedServiceName, NameError};
use serde::{Deserialize, Serialize};

/// A pattern for names. Everything but `*` stands for itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LinkedServicePattern(String);

impl LinkedServicePattern {
    /// A pattern from its text.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// Whether there can be a name that fits: the shortest one that does, if anything at all does, is a name.
    ///
    /// # Errors
    /// The rule for names that it breaks.
    pub fn check(&self) -> Result<(), NameError> {
        let shortest = self.0.replace('*', "");
        if shortest.is_empty() && !self.0.is_empty() {
            return Ok(());
        }
        LinkedServiceName::parse(&shortest).map(drop)
    }

    /// Whether a name fits. Takes time in proportion to the two lengths multiplied, at worst.
    #[must_use]
    pub fn matches(&self, name: &str) -> bool {
        let Some((start, rest)) = self.0.split_once('*') else {
            return self.0 == name;
        };
        let (middle, end) = rest.rsplit_once('*').unwrap_or(("", rest));
        let Some(mut left) = name
            .strip_prefix(start)
            .and_then(|left| left.strip_suffix(end))
        else {
            return false;
        };
        // Between the first and the last star each piece is looked for from the left: the earliest fit leaves most.
        for piece in middle.split('*') {
            let Some(found) = left.find(piece) else {
                return false;
            };
            left = &left[found + piece.len()..];
        }
        true
    }
}

impl fmt::Display for LinkedServicePattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_anything() {
        for (pattern, name, fits) in [
            ("*", "orders", true),
            ("", "orders", false),
            ("orders", "orders", true),
            ("orders", "orders2", false),
            ("orders", "Orders", false),
            ("sales-*", "sales-", true),
            ("sales-*", "sales-eu", true),
            ("sales-*", "old-sales-eu", false),
            ("*-eu", "sales-eu", true),
            ("*-eu", "sales-eu2", false),
            ("a*a", "a", false),
            ("a*a", "aa", true),
            ("a*b*c", "a-b-c", true),
            ("a*b*c", "a-c-b", false),
            ("a*b*b*c", "a-b-c", false),
            ("a*b*b*c", "abbc", true),
            ("**", "x", true),
            ("größe*", "größe-ü", true),
            ("a?c", "abc", false),
            ("[ab]", "a", false),
        ] {
            assert_eq!(
                LinkedServicePattern::new(pattern).matches(name),
                fits,
                "{pattern} {name}"
            );
        }
    }
}
