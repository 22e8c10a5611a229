//! The one place that writes to the terminal. Standard output is for results, standard error for progress and complaints.

use std::fmt::Display;
use std::io::{self, IsTerminal as _, Write as _};

use serde::Serialize;

use crate::failure::{Cause, Failure};

/// How results are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// Lines for people.
    Text,
    /// One JSON document for programs.
    Json,
}

/// Where a command writes to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Terminal {
    format: Format,
}

/// How a line of a list begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mark {
    /// It is as it should be.
    Good,
    /// It is not.
    Bad,
    /// It was not looked at.
    Left,
}

impl Terminal {
    pub(crate) fn new(format: Format) -> Self {
        Self { format }
    }

    /// How results are told.
    pub(crate) fn format(self) -> Format {
        self.format
    }

    /// The result: a document for programs, these lines for people.
    ///
    /// # Errors
    /// When it cannot be written: what asked for it would go on with nothing.
    pub(crate) fn result(self, document: &impl Serialize, lines: &str) -> Result<(), Failure> {
        match self.format {
            Format::Json => self.text(&json(document).map_err(|error| not_written(&error))?),
            Format::Text => self.text(lines.trim_end()),
        }
    }

    /// The same of a credential that is stored by now.
    ///
    /// # Errors
    /// As for [`Self::result`], saying that it is.
    pub(crate) fn stored(self, document: &impl Serialize, lines: &str) -> Result<(), Failure> {
        self.result(document, lines).map_err(|failure| Failure {
            title: format!("The credential is stored. {}", failure.title),
            ..failure
        })
    }

    /// A result that is the same for both.
    ///
    /// # Errors
    /// As for [`Self::result`].
    pub(crate) fn text(self, text: &str) -> Result<(), Failure> {
        line(text).map_err(|error| not_written(&error))
    }

    /// What goes on, for people who wait.
    pub(crate) fn progress(self, text: &str) {
        if self.format == Format::Text {
            complaint("", text);
        }
    }

    /// Something that a person should know.
    pub(crate) fn warning(self, text: &str) {
        complaint(&painted("warning: ", "33"), text);
    }

    /// Why the command failed.
    pub(crate) fn failure(self, failure: &Failure) {
        if self.format == Format::Json {
            #[derive(Serialize)]
            struct Document<'a> {
                error: &'a Failure,
                exit_code: u8,
            }
            let document = Document {
                error: failure,
                exit_code: failure.cause.code(),
            };
            // With standard output gone there is nobody left to tell; the exit code still says it.
            let _ = json(&document).and_then(|text| line(&text));
        }
        complaint(&painted("credset: ", "31"), &failure.to_string());
    }

    /// A line of a list.
    pub(crate) fn item(mark: Mark, text: &str) -> String {
        let (word, colour) = match mark {
            Mark::Good => ("ok    ", "32"),
            Mark::Bad => ("FAILED", "31"),
            Mark::Left => ("-     ", "2"),
        };
        let is_terminal = std::io::stdout().is_terminal();
        format!("{} {}", coloured(word, colour, is_terminal), shown(text))
    }
}

/// Something that others have named, in the midst of a sentence: no character of it moves the cursor, begins a line or turns the writing round.
pub(crate) fn one_line(text: impl Display) -> String {
    let text = text.to_string();
    text.chars()
        .map(|c| {
            if moves(c) {
                char::REPLACEMENT_CHARACTER
            } else {
                c
            }
        })
        .collect()
}

/// The same for what may have several lines.
fn shown(text: &str) -> String {
    text.split('\n')
        .map(one_line)
        .collect::<Vec<_>>()
        .join("\n")
}

/// Whether a terminal would do something else than write it.
fn moves(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn line(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{text}")?;
    out.flush()
}

fn not_written(error: &io::Error) -> Failure {
    let title = format!("The result could not be written: {error}");
    Failure::new(Cause::Local, "output", title)
}

/// `begin` may have colours.
fn complaint(begin: &str, text: &str) {
    let _ = writeln!(io::stderr().lock(), "{begin}{}", shown(text));
}

fn json(document: &impl Serialize) -> io::Result<String> {
    serde_json::to_string_pretty(document).map_err(io::Error::from)
}

fn painted(word: &str, colour: &str) -> String {
    coloured(word, colour, std::io::stderr().is_terminal())
}

/// Off when it is not a terminal, and with `NO_COLOR` (no-color.org).
fn coloured(word: &str, colour: &str, is_terminal: bool) -> String {
    let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    if is_terminal && !refused {
        format!("\u{1b}[{colour}m{word}\u{1b}[0m")
    } else {
        word.to_owned()
    }
}
