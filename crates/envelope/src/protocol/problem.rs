//! Problem documents: what went wrong, in a form that programs can act on.

use serde::{Deserialize, Serialize};

/// A stable code for what went wrong, the same in every language and version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProblemCode {
    /// The one answer for every envelope failure.
    EnvelopeRejected,
    /// Sealed for a key that is no longer in use.
    KeyRotated,
    /// The ticket is unreadable, unsigned, expired or for something else.
    TicketInvalid,
    /// The ticket was used for another envelope.
    TicketUsed,
    /// The path names something else than the ticket.
    ContextMismatch,
    /// A stored secret cannot be kept for another destination or account.
    SecretRequired,
    /// The data store could not be reached with this credential.
    TestFailed,
    /// Only what has passed its test is stored.
    TestRequired,
    /// The gateway tries nothing for callers.
    TestsOff,
    /// There is no such linked service.
    UnknownLinkedService,
    /// The request is larger than the limit.
    TooLarge,
    /// Too many requests.
    RateLimited,
    /// The gateway cannot answer now.
    Unavailable,
    /// The credential does not fit its kind; the fields are listed.
    InvalidCredential,
    /// There is nothing at this path.
    NotFound,
}

impl ProblemCode {
    /// Every code.
    pub const ALL: [Self; 15] = [
        Self::EnvelopeRejected,
        Self::KeyRotated,
        Self::TicketInvalid,
        Self::TicketUsed,
        Self::ContextMismatch,
        Self::SecretRequired,
        Self::TestFailed,
        Self::TestRequired,
        Self::TestsOff,
        Self::UnknownLinkedService,
        Self::TooLarge,
        Self::RateLimited,
        Self::Unavailable,
        Self::InvalidCredential,
        Self::NotFound,
    ];

    /// The code with this word on the wire.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|code| code.as_str() == word)
    }

    /// The word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::EnvelopeRejected => "envelope_rejected",
            Self::KeyRotated => "key_rotated",
            Self::TicketInvalid => "ticket_invalid",
            Self::TicketUsed => "ticket_used",
            Self::ContextMismatch => "context_mismatch",
            Self::SecretRequired => "secret_required",
            Self::TestFailed => "test_failed",
            Self::TestRequired => "test_required",
            Self::TestsOff => "tests_off",
            Self::UnknownLinkedService => "unknown_linked_service",
            Self::TooLarge => "too_large",
            Self::RateLimited => "rate_limited",
            Self::Unavailable => "unavailable",
            Self::InvalidCredential => "invalid_credential",
            Self::NotFound => "not_found",
        }
    }
}

/// What the name of a request begins with.
pub const REQUEST_URN: &str = "urn:credential-gateway:request:";

/// A problem document (RFC 9457).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// A URI for the kind of problem: `urn:credential-gateway:problem:` and the code.
    #[serde(rename = "type")]
    pub type_: String,
    /// The same in a few words for people.
    pub title: String,
    /// The HTTP status, repeated.
    pub status: u16,
    /// The stable code.
    pub code: ProblemCode,
    /// What is particular about this occurrence, if the caller may know it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// The request, as the gateway's log names it: [`REQUEST_URN`] and sixteen hexadecimal digits. A rejected envelope has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instance: Option<String>,
    /// For [`ProblemCode::InvalidCredential`]: which fields break which rules.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldProblem>,
}

impl Problem {
    /// A problem document with nothing but what the code determines.
    pub fn new(code: ProblemCode, status: u16, title: &str) -> Self {
        Self {
            type_: format!("urn:credential-gateway:problem:{}", code.as_str()),
            title: title.to_owned(),
            status,
            code,
            detail: None,
            instance: None,
            errors: Vec::new(),
        }
    }
}

/// One field of a credential that breaks a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldProblem {
    /// The field's wire name.
    pub field: String,
    /// The rule's stable code.
    pub rule: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_is_written_as_rfc_9457_has_it() {
        let problem = Problem::new(ProblemCode::TicketUsed, 409, "The ticket was used");
        let json = serde_json::to_string(&problem).unwrap();
        assert_eq!(
            json,
            r#"{"type":"urn:credential-gateway:problem:ticket_used","title":"The ticket was used","status":409,"code":"ticket_used"}"#
        );
        assert_eq!(serde_json::from_str::<Problem>(&json).unwrap(), problem);
    }

    #[test]
    fn a_code_is_the_word_on_the_wire() {
        for code in ProblemCode::ALL {
            assert_eq!(
                serde_json::to_string(&code).unwrap(),
                format!("\"{}\"", code.as_str())
            );
            assert_eq!(ProblemCode::from_word(code.as_str()), Some(code));
        }
    }
}
