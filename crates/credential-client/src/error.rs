//! Why there is no credential.

use std::io;

/// Why there is no credential. No secret is in it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The socket cannot be reached, or did not answer in time: the gateway does not run, or not with this socket.
    #[error("the gateway's credential socket does not answer: {0}")]
    Socket(#[from] io::Error),
    /// The gateway has refused.
    #[error("the gateway gives no credential: {title}")]
    Refused {
        /// The reason, for programs.
        problem: Problem,
        /// The same for people.
        title: String,
    },
    /// What came is no answer of this protocol.
    #[error("what listens at the credential socket gives no answer that this client understands")]
    NotUnderstood,
}

/// The gateway's reason.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Problem {
    /// Nothing is stored for this linked service.
    NotFound,
    /// This user is not listed, or not for this linked service.
    NotAllowed,
    /// Another version is stored than the one that was asked for.
    OtherVersion,
    /// What is stored does not open, or no longer fits the rules of its kind: it must be set again.
    Unusable,
    /// Too many connections are open, or the gateway cannot answer now: ask again later.
    Unavailable,
    /// The request is at fault; here is the gateway's code.
    Request(String),
}

impl Problem {
    pub(crate) fn of(code: String) -> Self {
        match code.as_str() {
            "not_found" => Self::NotFound,
            "not_allowed" => Self::NotAllowed,
            "other_version" => Self::OtherVersion,
            "damaged" | "no_longer_valid" => Self::Unusable,
            "busy" | "timeout" | "unavailable" => Self::Unavailable,
            _ => Self::Request(code),
        }
    }
}
