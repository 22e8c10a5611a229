//! What series are told apart by.

use prometheus_client::encoding::EncodeLabelSet;

use crate::custody::candidate::Ended;
use crate::custody::set::{SetProblem, Stored};

/// The listeners whose connections are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listener {
    /// The page and the API.
    Https,
    /// Health and metrics.
    Health,
}

impl Listener {
    pub(super) const ALL: [Self; 2] = [Self::Https, Self::Health];

    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Https => "https",
            Self::Health => "health",
        }
    }
}

/// How a call that sets a credential ended, once its ticket was good and its body read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Saved {
    /// Nothing was stored for the linked service before.
    Created,
    /// A new version is stored.
    Replaced,
    /// It was answered before; nothing was changed.
    Repeated,
    /// For what is wrong with the envelope, the ticket's use, or the credential.
    Refused,
    /// The gateway was busy, or store or audit trail did not answer.
    Unavailable,
}

impl Saved {
    pub(super) const ALL: [Self; 5] = [
        Self::Created,
        Self::Replaced,
        Self::Repeated,
        Self::Refused,
        Self::Unavailable,
    ];

    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Replaced => "replaced",
            Self::Repeated => "repeated",
            Self::Refused => "refused",
            Self::Unavailable => "unavailable",
        }
    }
}

impl From<&Result<Stored, SetProblem>> for Saved {
    fn from(outcome: &Result<Stored, SetProblem>) -> Self {
        match outcome {
            Ok(stored) if stored.repeated => Self::Repeated,
            Ok(stored) if stored.created => Self::Created,
            Ok(_) => Self::Replaced,
            Err(SetProblem::Busy | SetProblem::Unavailable) => Self::Unavailable,
            Err(_) => Self::Refused,
        }
    }
}

/// How tests at data stores end.
pub(super) const ENDS: [&str; 3] = ["passed", "failed", "abandoned"];

/// How the last test of something stored has ended.
pub(super) const VERDICTS: [&str; 2] = ["passed", "failed"];

/// Which of them this is.
pub(super) const fn end(ended: &Ended) -> &'static str {
    let [passed, failed, abandoned] = ENDS;
    match ended {
        Ended::Passed => passed,
        Ended::Failed(_) => failed,
        Ended::Abandoned => abandoned,
    }
}

/// The keys whose age is told.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct ByKey {
    pub(super) key: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct ByOutcome {
    pub(super) outcome: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct ByCode {
    pub(super) code: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct ByListener {
    pub(super) listener: &'static str,
}
