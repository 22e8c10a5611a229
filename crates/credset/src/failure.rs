//! Why a command did not do what it was asked to, and the exit code that says so.

use std::fmt;
use std::process::ExitCode;

use language::Message;
use linked_service::FieldError;
use serde::Serialize;

use crate::terminal::one_line;

/// What kept a command from its work. The number is the exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Cause {
    /// Something on this machine: a file that cannot be read or written.
    Local = 1,
    /// The arguments, or what was given to be set.
    Usage = 2,
    /// The gateway does not answer, or not now.
    Network = 3,
    /// It is not certain that it is the gateway.
    Trust = 4,
    /// The ticket does not permit it.
    Ticket = 5,
    /// The gateway has refused.
    Refused = 6,
    /// Some of several were done.
    Partial = 7,
    /// The credential does not work at its data store.
    DataStore = 8,
    /// Stopped by a signal.
    Interrupted = 130,
}

impl Cause {
    /// The exit code.
    pub(crate) fn code(self) -> u8 {
        self as u8
    }
}

/// What went wrong, for people and for programs. No secret gets in: it is made of names, rules and places.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Failure {
    /// What decides the exit code.
    pub(crate) cause: Cause,
    /// A stable name.
    pub(crate) code: String,
    /// What happened, in a few words.
    pub(crate) title: String,
    /// What to do.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) advice: String,
    /// What the gateway's log calls the request that it has refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) request: Option<Box<str>>,
    /// Fields that break rules.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) fields: Vec<FieldFault>,
}

/// A field and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct FieldFault {
    /// Its name.
    pub(crate) field: String,
    /// The rule, in words.
    pub(crate) rule: String,
}

impl Failure {
    /// Without advice: the title says it all.
    pub(crate) fn new(cause: Cause, code: &str, title: impl Into<String>) -> Self {
        Self {
            cause,
            code: code.to_owned(),
            title: title.into(),
            advice: String::new(),
            request: None,
            fields: Vec::new(),
        }
    }

    /// The arguments are at fault.
    pub(crate) fn usage(title: impl Into<String>) -> Self {
        Self::new(Cause::Usage, "usage", title)
    }

    /// A file is at fault.
    pub(crate) fn file(path: &std::path::Path, doing: &str, error: &std::io::Error) -> Self {
        Self::new(
            Cause::Local,
            "file",
            format!("{} cannot be {doing}: {error}", one_line(path.display())),
        )
    }

    /// The same with advice.
    pub(crate) fn advise(mut self, advice: impl Into<String>) -> Self {
        self.advice = advice.into();
        self
    }

    /// Fields that break rules, found before anything was sent.
    pub(crate) fn fields(errors: Vec<FieldError>) -> Self {
        const TITLE: Message = language::message("faults-title");
        let mut failure = Self::new(Cause::Usage, "invalid_fields", TITLE.text());
        failure.fields = errors
            .into_iter()
            .map(|error| FieldFault {
                rule: error.rule.sentence().say(),
                field: error.field,
            })
            .collect();
        failure
    }

    /// The process's end.
    pub(crate) fn exit(&self) -> ExitCode {
        ExitCode::from(self.cause.code())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.title)?;
        for fault in &self.fields {
            write!(
                f,
                "\n  {}: {}",
                one_line(&fault.field),
                one_line(&fault.rule)
            )?;
        }
        if !self.advice.is_empty() {
            write!(f, "\n{}", self.advice)?;
        }
        if let Some(request) = &self.request {
            write!(f, "\nThe gateway's log has it as request {request}.")?;
        }
        Ok(())
    }
}
