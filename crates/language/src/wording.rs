//! What a table calls something: the same in every language, or a message.

use crate::{Message, message};

/// What people read of an entry of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wording {
    /// The same in every language: the name of a product, an example.
    Same(&'static str),
    /// A message.
    Of(Message),
}

/// The same in every language.
pub const fn same(text: &'static str) -> Wording {
    Wording::Same(text)
}

/// The message with this id, as [`message`] finds it.
pub const fn words(id: &str) -> Wording {
    Wording::Of(message(id))
}

impl Wording {
    /// The text, in the language in use.
    pub fn text(self) -> &'static str {
        match self {
            Wording::Same(text) => text,
            Wording::Of(message) => message.text(),
        }
    }

    /// Whether there is nothing to read.
    pub fn is_empty(self) -> bool {
        matches!(self, Wording::Same(""))
    }
}
