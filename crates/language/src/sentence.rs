//! A message together with its evidence: what a program without a language tells one that has it, as bytes.
//!
//! ```text
//! sentence = message *part
//! part     = 0 text | 1 number | 2 message
//! message  = 2 octets, its place    number = 8 octets    text = 4 octets, its length, and that many in UTF-8
//! ```
//! Numbers begin with the little end.

use std::fmt;

use crate::{Argument, Message};

/// A message and what stands in the places of its variables, in the alphabetical order of their names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    /// What is said.
    pub message: Message,
    /// About what.
    pub parts: Vec<Part>,
}

/// What stands in the place of a variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// The same in every language.
    Same(String),
    /// A number.
    Number(u64),
    /// Said in the language in use.
    Message(Message),
}

impl Sentence {
    /// A sentence with parts.
    pub fn new(message: Message, parts: impl Into<Vec<Part>>) -> Self {
        Self {
            message,
            parts: parts.into(),
        }
    }

    /// In the language in use.
    pub fn say(&self) -> String {
        let mut arguments = Vec::new();
        for part in &self.parts {
            arguments.push(match part {
                Part::Same(text) => Argument::Text(text),
                Part::Number(number) => Argument::Number(*number),
                Part::Message(message) => Argument::Text(message.text()),
            });
        }
        self.message.with(&arguments)
    }
}

const SAME: u8 = 0;
const NUMBER: u8 = 1;
const MESSAGE: u8 = 2;

impl Sentence {
    /// As bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.message.place().to_le_bytes().to_vec();
        for part in &self.parts {
            match part {
                Part::Same(text) => {
                    bytes.push(SAME);
                    let length = u32::try_from(text.len()).unwrap_or(u32::MAX);
                    bytes.extend_from_slice(&length.to_le_bytes());
                    bytes.extend_from_slice(text.as_bytes());
                }
                Part::Number(number) => {
                    bytes.push(NUMBER);
                    bytes.extend_from_slice(&number.to_le_bytes());
                }
                Part::Message(message) => {
                    bytes.push(MESSAGE);
                    bytes.extend_from_slice(&message.place().to_le_bytes());
                }
            }
        }
        bytes
    }

    /// The sentence again. `None` for what is none of this version.
    pub fn from_bytes(bytes: &[u8]) -> Option<Sentence> {
        let (message, mut rest) = message_at(bytes)?;
        let mut parts = Vec::new();
        while let Some((kind, after)) = rest.split_first() {
            let part;
            (part, rest) = match *kind {
                SAME => {
                    let (length, after) = after.split_first_chunk()?;
                    let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
                    let (text, after) = after.split_at_checked(length)?;
                    (Part::Same(str::from_utf8(text).ok()?.to_owned()), after)
                }
                NUMBER => {
                    let (number, after) = after.split_first_chunk()?;
                    (Part::Number(u64::from_le_bytes(*number)), after)
                }
                MESSAGE => {
                    let (message, after) = message_at(after)?;
                    (Part::Message(message), after)
                }
                _ => return None,
            };
            parts.push(part);
        }
        Some(Sentence { message, parts })
    }
}

fn message_at(bytes: &[u8]) -> Option<(Message, &[u8])> {
    let (place, rest) = bytes.split_first_chunk()?;
    Some((Message::at(u16::from_le_bytes(*place))?, rest))
}

impl From<Message> for Sentence {
    fn from(message: Message) -> Self {
        Sentence::new(message, [])
    }
}

impl fmt::Display for Sentence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.say())
    }
}
