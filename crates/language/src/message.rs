//! A text that a program says, by its place among the English ones.

use crate::ids;
use crate::speech::spoken;

/// A text in the language in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Message(u16);

/// What stands in the place of a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Argument<'a> {
    /// A name, an address, another text.
    Text(&'a str),
    /// A number, which may decide between plural forms.
    Number(u64),
}

/// The message with this id in the English files; `id.attribute` for one of its attributes.
///
/// # Panics
/// If there is none; when the program is compiled, since it is meant for constants.
pub const fn message(id: &str) -> Message {
    Message(ids::place(id))
}

impl Message {
    /// How many there are.
    pub const COUNT: usize = ids::COUNT;

    /// How many are served with every document. The others are for whoever pastes something (`reading.ftl`) or tests
    /// a credential (`test.ftl`), and for the document in a portal's frame (`frame.ftl`).
    pub const WITH_DOCUMENT: usize = ids::WITH_DOCUMENT;

    /// How many are for the page. The others are said by the gateway (`cause.ftl`).
    pub const OF_PAGE: usize = ids::OF_PAGE;

    /// The text. Of a message with variables it is the pattern: that is for [`Message::with`].
    pub fn text(self) -> &'static str {
        spoken().pattern(usize::from(self.0))
    }

    /// The text with `arguments` in the places of the variables, in the alphabetical order of their names.
    pub fn with(self, arguments: &[Argument<'_>]) -> String {
        spoken().say(usize::from(self.0), arguments)
    }

    /// Its place among all messages: how it travels to another program that was made together with this one.
    pub const fn place(self) -> u16 {
        self.0
    }

    /// The message at a place, if there is one.
    pub const fn at(place: u16) -> Option<Message> {
        if (place as usize) < ids::COUNT {
            Some(Message(place))
        } else {
            None
        }
    }
}
