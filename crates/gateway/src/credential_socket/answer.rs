//! The answer: a credential with its secrets, or a problem with a stable code.

use std::collections::BTreeMap;

use envelope::{DataFactoryName, LinkedServiceName, Secret};
use serde::Serialize;
use zeroize::Zeroizing;

use super::request::PROTOCOL;
use crate::custody::reveal::{RevealProblem, RevealedCredential};

/// Why no credential is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Problem {
    /// The request is no line of JSON with these members.
    Malformed,
    /// The request is of another version of the protocol.
    UnknownProtocol,
    /// The request is longer than 4096 bytes.
    TooLarge,
    /// The request did not come in time.
    Timeout,
    /// This user gets nothing, or nothing of this linked service; whether there is something is not told.
    NotAllowed,
    /// Nothing is stored for the linked service.
    NotFound,
    /// Another version is stored than the one that was asked for.
    OtherVersion,
    /// What is stored does not open.
    Damaged,
    /// The rules of its kind have changed since it was stored.
    NoLongerValid,
    /// Too many connections are open.
    Busy,
    /// Store or audit do not answer.
    Unavailable,
}

#[derive(Serialize)]
struct Document<'a> {
    v: u64,
    df: &'a DataFactoryName,
    ls: &'a LinkedServiceName,
    version: u64,
    kind: &'a str,
    auth: &'a str,
    properties: &'a BTreeMap<String, String>,
    secrets: BTreeMap<&'a str, &'a str>,
    connection_string: &'a str,
}

#[derive(Serialize)]
struct Refused {
    v: u64,
    problem: Named,
}

#[derive(Serialize)]
struct Named {
    code: &'static str,
    title: &'static str,
}

/// The line for a credential.
///
/// # Errors
/// [`Problem::NoLongerValid`].
pub(super) fn credential(revealed: &RevealedCredential) -> Result<Zeroizing<Vec<u8>>, Problem> {
    let connection_string = revealed
        .connection_string()
        .map_err(|problem| Problem::from(&problem))?;
    let document = Document {
        v: PROTOCOL,
        df: &revealed.df,
        ls: &revealed.ls,
        version: revealed.version,
        kind: &revealed.kind,
        auth: &revealed.auth,
        properties: &revealed.properties,
        secrets: revealed.secrets.iter().map(exposed).collect(),
        connection_string: &connection_string,
    };
    line(&document, most_bytes(&document)).ok_or(Problem::Unavailable)
}

fn exposed<'a>((name, secret): (&'a String, &'a Secret)) -> (&'a str, &'a str) {
    // EXPOSE: the user is listed for this credential, and the audit has the line already.
    let text = secret.expose();
    (name, text)
}

/// No JSON of it is longer: a byte becomes six at most. So that the buffer never moves.
fn most_bytes(document: &Document<'_>) -> usize {
    let properties = document
        .properties
        .iter()
        .map(|(name, value)| name.len() + value.len());
    let secrets = document
        .secrets
        .iter()
        .map(|(name, secret)| name.len() + secret.len());
    let texts =
        document.connection_string.len() + properties.sum::<usize>() + secrets.sum::<usize>();
    6 * texts + 8192
}

fn line(document: &impl Serialize, capacity: usize) -> Option<Zeroizing<Vec<u8>>> {
    let mut line = Zeroizing::new(Vec::with_capacity(capacity));
    serde_json::to_writer(&mut *line, document).ok()?;
    line.push(b'\n');
    Some(line)
}

impl Problem {
    fn code(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::UnknownProtocol => "unknown_protocol",
            Self::TooLarge => "too_large",
            Self::Timeout => "timeout",
            Self::NotAllowed => "not_allowed",
            Self::NotFound => "not_found",
            Self::OtherVersion => "other_version",
            Self::Damaged => "damaged",
            Self::NoLongerValid => "no_longer_valid",
            Self::Busy => "busy",
            Self::Unavailable => "unavailable",
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Malformed => {
                "The request is not one line of JSON with v, df, ls and at most version."
            }
            Self::UnknownProtocol => "This gateway speaks version 1.",
            Self::TooLarge => "The request is longer than 4096 bytes.",
            Self::Timeout => "The request did not arrive in time.",
            Self::NotAllowed => "This user is not allowed to have it.",
            Self::NotFound => "There is no credential for this linked service.",
            Self::OtherVersion => "Another version of this credential is stored.",
            Self::Damaged => "The stored credential does not open.",
            Self::NoLongerValid => "The stored credential no longer fits the rules of its kind.",
            Self::Busy => "Too many connections are open.",
            Self::Unavailable => "The gateway cannot give it now.",
        }
    }

    /// The line for a problem.
    pub(super) fn line(self) -> Zeroizing<Vec<u8>> {
        let (code, title) = (self.code(), self.title());
        let problem = Named { code, title };
        // Texts and a number always have a JSON text.
        line(
            &Refused {
                v: PROTOCOL,
                problem,
            },
            256,
        )
        .unwrap_or_default()
    }
}

impl From<&RevealProblem> for Problem {
    fn from(problem: &RevealProblem) -> Self {
        match problem {
            RevealProblem::NotFound => Self::NotFound,
            RevealProblem::OtherVersion(_) => Self::OtherVersion,
            RevealProblem::Damaged(_)
            | RevealProblem::DoesNotOpen(_)
            | RevealProblem::UnknownRecord(_) => Self::Damaged,
            RevealProblem::NoLongerValid => Self::NoLongerValid,
            RevealProblem::Audit(_) | RevealProblem::Store(_) => Self::Unavailable,
        }
    }
}
