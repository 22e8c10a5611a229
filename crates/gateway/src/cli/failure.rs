//! How a command that failed ends: the exit code for programs, a sentence for people, and with `--json` one document with both.
//!
//! For a new command: return the error of the crate that decides, and give its type a row in [`causes`] if it has none. What only the command
//! line knows is said with [`Failure::new`]. Results go to standard output by [`super::output`]; a command that prints one has `--json`
//! and prints exactly one document then. A new cause gets a number here, a line in the help and a row in crates/gateway/README.md;
//! the tests compare them.

mod causes;

use std::error::Error;
use std::fmt;

use serde::Serialize;

use super::output;
use crate::config::{ConfigError, Fault};

/// What kept a command from its work. The number is the exit code; `credset` uses the same ones for the same causes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Cause {
    /// Something on this machine: a file that is missing, or cannot be read or written.
    Local = 1,
    /// The arguments.
    Usage = 2,
    /// The ticket does not permit it.
    Ticket = 5,
    /// Not allowed to this user, or not acceptable.
    Refused = 6,
    /// There is no such credential, portal, or other thing that was named.
    NotFound = 8,
    /// `gateway.toml`, or a file that it names.
    Configuration = 9,
    /// In use by another process, or not now.
    Busy = 10,
    /// Something that is kept is damaged or does not open.
    Damaged = 11,
    /// The data store did not take the credential, or was not reached, or cannot be tried.
    DataStore = 12,
}

/// A failure that only the command line knows.
#[derive(Debug)]
pub(super) struct Failure {
    cause: Cause,
    sentence: String,
}

impl Failure {
    pub(super) fn new(cause: Cause, sentence: impl Into<String>) -> Self {
        Self {
            cause,
            sentence: sentence.into(),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence)
    }
}

impl Error for Failure {}

/// A failure of which the command has printed everything itself, its document included.
#[derive(Debug)]
pub(super) struct AlreadyTold {
    cause: Cause,
    sentence: String,
}

impl AlreadyTold {
    pub(super) fn new(cause: Cause, sentence: impl Into<String>) -> Self {
        Self {
            cause,
            sentence: sentence.into(),
        }
    }
}

impl fmt::Display for AlreadyTold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence)
    }
}

impl Error for AlreadyTold {}

/// What keeps a gateway from starting, beside mistakes in its configuration.
#[derive(Debug)]
pub(super) struct CannotStart {
    /// The first one's.
    pub(super) cause: Cause,
    pub(super) faults: Vec<Fault>,
}

impl fmt::Display for CannotStart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.faults.as_slice() {
            [fault] => write!(f, "the gateway would not start: {fault}"),
            faults => {
                let number = faults.len();
                write!(f, "the gateway would not start, for {number} reasons:")?;
                faults.iter().try_for_each(|fault| write!(f, "\n  {fault}"))
            }
        }
    }
}

impl Error for CannotStart {}

/// What `--json` prints of a failure.
#[derive(Serialize)]
pub(super) struct Document {
    error: Told,
    exit_code: u8,
}

#[derive(Serialize)]
struct Told {
    cause: Cause,
    title: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    faults: Vec<Fault>,
}

impl Cause {
    /// The cause of an error, whatever was said around it.
    pub(super) fn of(error: &anyhow::Error) -> Self {
        error.chain().find_map(causes::of).unwrap_or(Self::Local)
    }
}

impl Document {
    pub(super) fn new(error: &anyhow::Error) -> Self {
        let cause = Cause::of(error);
        let faults = error.chain().find_map(|inner| {
            let cannot_start = inner.downcast_ref::<CannotStart>();
            match (inner.downcast_ref(), cannot_start) {
                (Some(ConfigError::Faulty { faults, .. }), _) => Some(faults.clone()),
                (_, Some(CannotStart { faults, .. })) => Some(faults.clone()),
                _ => None,
            }
        });
        Self::told(cause, output::sentence(error), faults.unwrap_or_default())
    }

    pub(super) fn usage(title: &str) -> Self {
        Self::told(Cause::Usage, title.trim().to_owned(), Vec::new())
    }

    fn told(cause: Cause, title: String, faults: Vec<Fault>) -> Self {
        Self {
            error: Told {
                cause,
                title,
                faults,
            },
            exit_code: cause as u8,
        }
    }
}
