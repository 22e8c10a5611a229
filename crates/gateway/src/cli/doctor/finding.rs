//! What a check found, and how it is printed.

use std::fmt::{self, Display};
use std::path::Path;

use serde::Serialize;

use crate::cli::failure::Cause;
use crate::cli::output;

/// One check, and how it ended.
#[derive(Serialize)]
pub(super) struct Finding {
    name: &'static str,
    state: State,
    found: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    advice: Option<String>,
    #[serde(skip)]
    cause: Cause,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum State {
    /// As it should be.
    Passed,
    /// It works, and somebody should know.
    Note,
    /// Something has to be done.
    Failed,
    /// It could not be looked at, or there is nothing to look at.
    Skipped,
}

/// All of them, in their order.
#[derive(Default)]
pub(super) struct Findings {
    list: Vec<Finding>,
    /// Files whose rights were complained of. What fails because of them is told once.
    too_open: Vec<String>,
}

impl Findings {
    pub(super) fn pass(&mut self, name: &'static str, found: impl Display) {
        self.add(name, State::Passed, &found.to_string(), None, Cause::Local);
    }

    pub(super) fn note(&mut self, name: &'static str, found: impl Display, advice: &str) {
        let found = found.to_string();
        self.add(name, State::Note, &found, Some(advice), Cause::Local);
    }

    pub(super) fn fail(
        &mut self,
        name: &'static str,
        cause: Cause,
        found: impl Display,
        advice: &str,
    ) {
        let advice = Some(advice).filter(|advice| !advice.is_empty());
        self.add(name, State::Failed, &found.to_string(), advice, cause);
    }

    pub(super) fn skip(&mut self, name: &'static str, why: impl Display) {
        self.add(name, State::Skipped, &why.to_string(), None, Cause::Local);
    }

    /// Hands on what there is, or tells why there is nothing. The errors of this program say what to do themselves.
    pub(super) fn take<T, E>(&mut self, name: &'static str, outcome: Result<T, E>) -> Option<T>
    where
        anyhow::Error: From<E>,
    {
        match outcome {
            Ok(value) => Some(value),
            Err(error) => {
                let error = anyhow::Error::from(error);
                let found = output::sentence(&error);
                if self.too_open.iter().any(|path| found.contains(path)) {
                    self.skip(name, "its file may be read by others; see `rights`");
                } else if let Some(before) = self.failed_with(&found) {
                    self.skip(name, format_args!("the cause is the same; see `{before}`"));
                } else {
                    self.fail(name, Cause::of(&error), found, "");
                }
                None
            }
        }
    }

    /// The check that said the very same.
    fn failed_with(&self, found: &str) -> Option<&'static str> {
        let found = printable(found);
        let mut failed = self.list.iter().filter(|one| one.state == State::Failed);
        failed.find(|one| one.found == found).map(|one| one.name)
    }

    /// Whether this check has failed.
    pub(super) fn has_failed(&self, name: &str) -> bool {
        let mut failed = self.list.iter().filter(|one| one.state == State::Failed);
        failed.any(|one| one.name == name)
    }

    /// Nothing more is told of what fails because of this file's rights.
    pub(super) fn is_too_open(&mut self, path: &Path) {
        self.too_open.push(path.display().to_string());
    }

    /// The cause of the first failure, and how many there are.
    pub(super) fn failure(&self) -> Option<(Cause, usize)> {
        let mut failed = self.list.iter().filter(|one| one.state == State::Failed);
        let first = failed.next()?;
        Some((first.cause, 1 + failed.count()))
    }

    pub(super) fn list(&self) -> &[Finding] {
        &self.list
    }

    fn add(
        &mut self,
        name: &'static str,
        state: State,
        found: &str,
        advice: Option<&str>,
        cause: Cause,
    ) {
        self.list.push(Finding {
            name,
            state,
            found: printable(found),
            advice: advice.map(printable),
            cause,
        });
    }
}

/// Somebody else may have written some of it, and it goes to a terminal.
fn printable(text: &str) -> String {
    text.replace(|c: char| c.is_control() && c != '\n', "\u{fffd}")
        .trim_end()
        .to_owned()
}

/// A path, which may have any name, on one line.
pub(super) fn shown(path: &Path) -> String {
    let path = path.display().to_string();
    path.replace(char::is_control, "\u{fffd}")
}

impl Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const INDENT: &str = "\n                           ";
        let state = match self.state {
            State::Passed => "passed",
            State::Note => "note",
            State::Failed => "FAILED",
            State::Skipped => "skipped",
        };
        let found = self.found.replace('\n', INDENT);
        write!(f, "{state:<8} {name:<17} {found}", name = self.name)?;
        match &self.advice {
            Some(advice) => write!(f, "{INDENT}{}", advice.replace('\n', INDENT)),
            None => Ok(()),
        }
    }
}
