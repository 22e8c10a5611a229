//! What a text says, whatever its form: keywords and values, and which kinds it may be for.

use zeroize::Zeroizing;

use super::kinds::Family;
use super::{Flaw, Form, Warning};

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
    pub flaw: Flaw,
}

impl ParseError {
    /// About `part`, which is a piece of `text`.
    pub(super) fn at(text: &str, part: &str, flaw: Flaw) -> ParseError {
        ParseError {
            position: position(text, part),
            flaw,
        }
    }

    /// The same in a text in which this one begins `offset` bytes later.
    pub(super) fn after(self, offset: usize) -> ParseError {
        ParseError {
            position: self.position + offset,
            flaw: self.flaw,
        }
    }
}

/// Where in `text` its piece `part` begins.
pub(super) fn position(text: &str, part: &str) -> usize {
    (part.as_ptr() as usize).saturating_sub(text.as_ptr() as usize)
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
