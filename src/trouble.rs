//! What can go wrong between a person and a stored credential: one variant for each thing that has its own advice.

use envelope::Kid;
use envelope::protocol::ProblemCode;
use envelope::statement::StatementRefusal;

use crate::documents::Problem;

/// Why the page cannot go on. Holds evidence, never what was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The page was opened without a ticket.
    NoTicket,
    /// The ticket in the link is not one; with the code of the rule that it breaks.
    MalformedTicket(&'static str),
    /// The ticket is for another operation than setting a credential.
    WrongOperation,
    /// The ticket names a kind of data store that this page does not know.
    UnknownKind(String),
    /// The ticket was made for another gateway.
    WrongGateway,
    /// The ticket is not valid yet.
    TicketNotYetValid,
    /// The ticket has run out.
    TicketExpired,
    /// The ticket was used for another envelope.
    TicketUsed,
    /// The gateway does not accept the ticket.
    TicketInvalid,
    /// A pasted link is for another linked service than the form.
    OtherLinkedService(String),
    /// None of the gateway's keys is the ticket's.
    KeyNotPinned,
    /// The gateway had another identity key before; nothing is sealed until a person has compared the two.
    IdentityChanged(Box<IdentityChange>),
    /// The gateway's key document breaks a rule; with the rule's code.
    KeyRefused(&'static str),
    /// The gateway has replaced its key since the ticket was made.
    KeyRotated,
    /// The browser failed the known-answer test.
    SelfTest,
    /// The browser cannot verify the gateway's statement: it has no Ed25519.
    BrowserTooOld,
    /// No answer from the gateway.
    GatewayDown,
    /// No answer, and the browser says that the computer is offline.
    Offline,
    /// No answer in time.
    TimedOut,
    /// The person did not want to wait for the answer.
    Interrupted,
    /// The gateway could not open the envelope.
    EnvelopeRejected,
    /// The envelope is bound to something else than the ticket.
    ContextMismatch,
    /// More than an envelope can hold; the limit in bytes when it is known.
    TooLarge(Option<usize>),
    /// The gateway refused fields that the form does not show.
    InvalidCredential(String),
    /// A stored secret cannot be kept because the destination changed.
    SecretRequired,
    /// The connection test failed; with the gateway's words for the cause.
    TestFailed(String),
    /// The gateway does not know the linked service.
    UnknownLinkedService,
    /// The address is not one of the gateway's.
    NotFound,
    /// Too many attempts; seconds to wait when the gateway says so.
    RateLimited(Option<u32>),
    /// The gateway is busy or stopping; seconds to wait when it says so.
    Unavailable(Option<u32>),
    /// An answer that is none of the protocol's, with its HTTP status.
    UnexpectedAnswer(u16),
    /// A receipt for something else than what was sent.
    WrongReceipt,
    /// The envelope could not be made.
    NotSealed,
}

/// Thumbprints of a gateway's identity keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentityChange {
    /// What this browser has seen before.
    pub before: Kid,
    /// What the gateway has now.
    pub now: Kid,
}

impl From<StatementRefusal> for Trouble {
    fn from(refusal: StatementRefusal) -> Self {
        match refusal {
            StatementRefusal::NotPinned => Self::KeyNotPinned,
            StatementRefusal::IdentityChanged { before, now } => {
                Self::IdentityChanged(Box::new(IdentityChange { before, now }))
            }
            rule => Self::KeyRefused(rule.as_str()),
        }
    }
}

impl Trouble {
    /// What a problem document means. `retry_after` is the header of that name, in seconds.
    pub fn from_problem(problem: Problem, retry_after: Option<u32>) -> Self {
        let detail = problem.detail.unwrap_or_default();
        match problem.code {
            ProblemCode::EnvelopeRejected => Self::EnvelopeRejected,
            ProblemCode::KeyRotated => Self::KeyRotated,
            ProblemCode::TicketInvalid => Self::TicketInvalid,
            ProblemCode::TicketUsed => Self::TicketUsed,
            ProblemCode::ContextMismatch => Self::ContextMismatch,
            ProblemCode::SecretRequired => Self::SecretRequired,
            ProblemCode::TestFailed | ProblemCode::TestRequired | ProblemCode::TestsOff => {
                Self::TestFailed(detail)
            }
            ProblemCode::UnknownLinkedService => Self::UnknownLinkedService,
            ProblemCode::TooLarge => Self::TooLarge(None),
            ProblemCode::RateLimited => Self::RateLimited(retry_after),
            ProblemCode::Unavailable => Self::Unavailable(retry_after),
            ProblemCode::InvalidCredential => Self::InvalidCredential(detail),
            ProblemCode::NotFound => Self::NotFound,
        }
    }

    /// A stable name: the opener receives it, and the page carries it as `data-code`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoTicket => "no_ticket",
            Self::MalformedTicket(_) => "ticket_malformed",
            Self::WrongOperation => "ticket_wrong_operation",
            Self::UnknownKind(_) => "unknown_kind",
            Self::WrongGateway => "wrong_gateway",
            Self::TicketNotYetValid => "ticket_not_yet_valid",
            Self::TicketExpired => "ticket_expired",
            Self::TicketUsed => "ticket_used",
            Self::TicketInvalid => "ticket_invalid",
            Self::OtherLinkedService(_) => "other_linked_service",
            Self::KeyNotPinned => "key_not_pinned",
            Self::IdentityChanged(_) => "identity_changed",
            Self::KeyRefused(_) => "key_refused",
            Self::KeyRotated => "key_rotated",
            Self::SelfTest => "self_test_failed",
            Self::BrowserTooOld => "browser_too_old",
            Self::GatewayDown => "gateway_down",
            Self::Offline => "offline",
            Self::TimedOut => "timed_out",
            Self::Interrupted => "interrupted",
            Self::EnvelopeRejected => "envelope_rejected",
            Self::ContextMismatch => "context_mismatch",
            Self::TooLarge(_) => "too_large",
            Self::InvalidCredential(_) => "invalid_credential",
            Self::SecretRequired => "secret_required",
            Self::TestFailed(_) => "test_failed",
            Self::UnknownLinkedService => "unknown_linked_service",
            Self::NotFound => "not_found",
            Self::RateLimited(_) => "rate_limited",
            Self::Unavailable(_) => "unavailable",
            Self::UnexpectedAnswer(_) => "unexpected_answer",
            Self::WrongReceipt => "wrong_receipt",
            Self::NotSealed => "not_sealed",
        }
    }

    /// Whether a new ticket helps: then the page offers to take one without losing what was typed.
    pub fn wants_new_ticket(&self) -> bool {
        matches!(
            self,
            Self::NoTicket
                | Self::MalformedTicket(_)
                | Self::WrongOperation
                | Self::WrongGateway
                | Self::TicketExpired
                | Self::TicketUsed
                | Self::TicketInvalid
                | Self::OtherLinkedService(_)
                | Self::KeyNotPinned
                | Self::KeyRotated
        )
    }

    /// Whether no answer came: the same envelope may have arrived, and may be posted again.
    pub fn is_silence(&self) -> bool {
        matches!(
            self,
            Self::GatewayDown | Self::Offline | Self::TimedOut | Self::Interrupted
        )
    }
}
