//! The one place that writes to the terminal. Standard output is for results, standard error for progress and complaints.

use std::io::{IsTerminal as _, Write as _};

use serde::Serialize;

use crate::failure::Failure;

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

    /// The result: a document for programs, these lines for people.
    pub(crate) fn result(self, document: &impl Serialize, lines: &str) {
        match self.format {
            Format::Json => line(&json(document)),
            Format::Text => line(lines.trim_end()),
        }
    }

    /// A result that is the same for both.
    pub(crate) fn text(self, text: &str) {
        line(text);
    }

    /// What goes on, for people who wait.
    pub(crate) fn progress(self, text: &str) {
        if self.format == Format::Text {
            complaint(text);
        }
    }

    /// Something that a person should know.
    pub(crate) fn warning(self, text: &str) {
        complaint(&format!("{} {text}", painted("warning:", "33")));
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
            line(&json(&document));
        }
        complaint(&format!("{} {failure}", painted("credset:", "31")));
    }

    /// A line of a list.
    pub(crate) fn item(mark: Mark, text: &str) -> String {
        let (word, colour) = match mark {
            Mark::Good => ("ok    ", "32"),
            Mark::Bad => ("FAILED", "31"),
            Mark::Left => ("-     ", "2"),
        };
        let is_terminal = std::io::stdout().is_terminal();
        format!("{} {text}", coloured(word, colour, is_terminal))
    }
}

/// With standard output gone there is nobody left to tell; the exit code still says it.
fn line(text: &str) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{text}");
    let _ = out.flush();
}

fn complaint(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

fn json(document: &impl Serialize) -> String {
    serde_json::to_string_pretty(document).unwrap_or_default()
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
