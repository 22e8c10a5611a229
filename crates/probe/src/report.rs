//! The report of a test: one line of JSON for each stage as it ends, and a last one with the outcome.

mod cause;
mod guess;
mod reporter;
mod said;

use language::Message;
use serde::{Deserialize, Serialize};

pub use cause::{Cause, Field};
pub use guess::Guess;
pub(crate) use reporter::{Halt, Reporter};
pub(crate) use said::Scrubber;
pub use said::{Clipped, MAX_CHARS};

/// The version of the lines.
pub const VERSION: u8 = 1;

/// What is done, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// May the test go there?
    Policy,
    /// Which addresses has the name, and may the test go to each of them?
    Resolve,
    /// A connection to that very address.
    Connect,
    /// The handshake and the server's certificate.
    Tls,
    /// Does the store believe the credential?
    Authenticate,
    /// May the account use what it is for?
    Authorise,
    /// One harmless query.
    Query,
}

impl Stage {
    /// Its word in the report.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Policy => "policy",
            Self::Resolve => "resolve",
            Self::Connect => "connect",
            Self::Tls => "tls",
            Self::Authenticate => "authenticate",
            Self::Authorise => "authorise",
            Self::Query => "query",
        }
    }

    /// All stages, in their order.
    pub const ALL: [Self; 7] = [
        Self::Policy,
        Self::Resolve,
        Self::Connect,
        Self::Tls,
        Self::Authenticate,
        Self::Authorise,
        Self::Query,
    ];
}

/// What became of a stage, or of the test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It succeeded.
    Passed,
    /// It failed: there is a cause.
    Failed,
    /// It was not begun, or there is nothing to do.
    Skipped,
}

impl Outcome {
    /// Its word in the report.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Skipped => "skipped",
        }
    }
}

/// One stage.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct StageReport {
    /// Which.
    pub stage: Stage,
    /// How it ended.
    pub result: Outcome,
    /// How long it took, in milliseconds.
    pub ms: u64,
    /// Why it failed; or, of one that passed, what is worth knowing.
    pub cause: Option<Cause>,
    /// The store's own code.
    pub code: Option<Clipped>,
    /// The store's own words.
    pub said: Option<Clipped>,
    /// The certificate that the server showed.
    pub certificate: Option<Certificate>,
}

/// What a person needs to see of a certificate before trusting it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// Whom it names, as RFC 4514 writes it.
    pub subject: Clipped,
    /// Who signed it.
    pub issuer: Clipped,
    /// SHA-256 of the whole, in lower-case hexadecimal: what is trusted.
    pub sha256: Clipped,
    /// From when on it is valid, in seconds since 1970.
    pub not_before: u64,
    /// Until when.
    pub not_after: u64,
}

/// The last line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ending {
    /// How the test ended: never `skipped`.
    pub outcome: Outcome,
    /// How long all of it took, in milliseconds.
    pub ms: u64,
    /// Why it failed.
    pub cause: Option<Cause>,
}

/// A line of the report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// A stage that has ended.
    Stage(StageReport),
    /// The end.
    Ending(Ending),
}

/// A line as whoever asked for the test gets it: with the words of its cause.
#[derive(Serialize)]
#[serde(transparent)]
pub struct Told<'a>(Written<'a>);

impl Line {
    /// With the words that `say` has for messages, in one language.
    pub fn told<'a, 'w: 'a>(&'a self, say: impl Fn(Message) -> &'w str) -> Told<'a> {
        let mut written = Written::of(self);
        written.sentence = written.cause.map(|cause| say(cause.sentence()));
        written.advice = written.cause.map(|cause| say(cause.advice()));
        Told(written)
    }
}

/// As it is written: absent members are left out.
#[derive(Serialize)]
struct Written<'a> {
    v: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    stage: Option<Stage>,
    #[serde(skip_serializing_if = "Option::is_none")]
    result: Option<Outcome>,
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<Outcome>,
    ms: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    cause: Option<Cause>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sentence: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    advice: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<Field>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'a Clipped>,
    #[serde(skip_serializing_if = "Option::is_none")]
    said: Option<&'a Clipped>,
    #[serde(skip_serializing_if = "Option::is_none")]
    certificate: Option<&'a Certificate>,
}

impl<'a> Written<'a> {
    /// Without words.
    fn of(line: &'a Line) -> Self {
        let (ms, cause) = match line {
            Line::Stage(report) => (report.ms, report.cause),
            Line::Ending(ending) => (ending.ms, ending.cause),
        };
        let mut written = Self {
            v: VERSION,
            stage: None,
            result: None,
            outcome: None,
            ms,
            cause,
            sentence: None,
            advice: None,
            field: cause.and_then(Cause::field),
            code: None,
            said: None,
            certificate: None,
        };
        match line {
            Line::Stage(report) => {
                written.stage = Some(report.stage);
                written.result = Some(report.result);
                written.code = report.code.as_ref();
                written.said = report.said.as_ref();
                written.certificate = report.certificate.as_ref();
            }
            Line::Ending(ending) => written.outcome = Some(ending.outcome),
        }
        written
    }
}

/// As the child says it.
impl Serialize for Line {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Written::of(self).serialize(serializer)
    }
}

/// What a child says is hostile: sentences are not taken from it, and its texts are clipped again.
impl<'de> Deserialize<'de> for Line {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde::de::Error as _;

        #[derive(Deserialize)]
        struct Version {
            v: u8,
        }
        let value = serde_json::Value::deserialize(deserializer)?;
        let version = Version::deserialize(&value).map_err(D::Error::custom)?;
        if version.v != VERSION {
            return Err(D::Error::custom("another version"));
        }
        let line = if value.get("stage").is_some() {
            StageReport::deserialize(&value).map(Self::Stage)
        } else {
            Ending::deserialize(&value).map(Self::Ending)
        };
        line.map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests;
