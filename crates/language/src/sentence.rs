//! A message together with its evidence: what a program without a language tells one that has it.

use std::fmt;

use crate::{Argument, Message, Wording};

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

impl From<Message> for Sentence {
    fn from(message: Message) -> Self {
        Sentence::new(message, [])
    }
}

impl From<Wording> for Part {
    fn from(wording: Wording) -> Self {
        match wording {
            Wording::Same(text) => Part::Same(text.to_owned()),
            Wording::Of(message) => Part::Message(message),
        }
    }
}

impl fmt::Display for Sentence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.say())
    }
}
