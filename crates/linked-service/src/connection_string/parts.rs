//! What a text says, whatever its form: keywords and values, and which kinds it may be for.

use std::fmt;

use zeroize::Zeroizing;

use super::kinds::Family;
use super::{Form, Warning};

/// A keyword and its value, as read from a connection string. The value may be a secret: it is wiped.
pub struct Pair {
    /// The keyword, trimmed.
    pub keyword: String,
    /// The value, unquoted.
    pub value: Zeroizing<String>,
}

/// Where and why a connection string cannot be read. Says nothing of its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParseError {
    /// Byte position of the part that cannot be read.
    pub position: usize,
    /// What is wrong with it.
    pub reason: &'static str,
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the part at position {}: {}", self.position, self.reason)
    }
}

impl std::error::Error for ParseError {}

impl ParseError {
    /// About `part`, which is a piece of `text`.
    pub(super) fn at(text: &str, part: &str, reason: &'static str) -> ParseError {
        let position = (part.as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
        ParseError { position, reason }
    }

    /// The same in a text in which this one begins `offset` bytes later.
    pub(super) fn after(self, offset: usize) -> ParseError {
        ParseError {
            position: self.position + offset,
            reason: self.reason,
        }
    }
}

/// A text, taken apart.
pub(super) struct Parts {
    pub(super) form: Form,
    /// The kinds that it may be for, the likeliest first. Empty if it does not say.
    pub(super) family: Family,
    pub(super) pairs: Vec<Pair>,
    /// Keywords for which there cannot be a field.
    pub(super) ignored: Vec<String>,
    pub(super) warnings: Vec<Warning>,
}

impl Parts {
    pub(super) fn new(form: Form, family: Family) -> Parts {
        Parts {
            form,
            family,
            pairs: Vec::new(),
            ignored: Vec::new(),
            warnings: Vec::new(),
        }
    }

    /// A pair, unless the value is empty.
    pub(super) fn push(&mut self, keyword: &str, value: &str) {
        if !value.is_empty() {
            self.pairs.push(pair(keyword, value));
        }
    }

    pub(super) fn warn(&mut self, warning: Warning) {
        if !self.warnings.contains(&warning) {
            self.warnings.push(warning);
        }
    }
}

pub(super) fn pair(keyword: &str, value: &str) -> Pair {
    Pair {
        keyword: keyword.to_owned(),
        value: Zeroizing::new(value.to_owned()),
    }
}
