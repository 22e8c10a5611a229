//! A language beside the one in use: for a program that answers many people, each in theirs.

use std::sync::OnceLock;

use crate::fluent::compile;
use crate::{LOCALES, Locale, Message};

/// What a language says, where nothing has to be put in: messages without variables.
#[derive(Debug)]
pub struct Translation {
    tag: &'static str,
    lines: Vec<String>,
}

/// Each is read when somebody asks for it.
static READ: [OnceLock<Translation>; LOCALES.len()] = [const { OnceLock::new() }; LOCALES.len()];

impl Translation {
    /// The one into the language of this tag; English, if there is none.
    pub fn into_language(tag: &str) -> &'static Self {
        let place = LOCALES.iter().position(|locale| locale.tag == tag);
        let place = place.unwrap_or(0);
        READ[place].get_or_init(|| Self::read(&LOCALES[place]))
    }

    fn read(locale: &Locale) -> Self {
        // The files are part of this crate: its tests compile them.
        let compiled = compile(locale).unwrap_or_default();
        Self {
            tag: locale.tag,
            lines: compiled.lines().map(str::to_owned).collect(),
        }
    }

    /// The language's tag (RFC 5646).
    pub fn tag(&self) -> &'static str {
        self.tag
    }

    /// What it says in the place of a message.
    pub fn text(&self, message: Message) -> &str {
        let line = self.lines.get(usize::from(message.place()));
        line.map_or("", String::as_str)
    }
}
