//! Why a ticket is refused: what the log may know, and what its holder may know.

use envelope::TicketRefusal;

/// Why a ticket does not permit the access.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TicketProblem {
    /// The ticket is good for nothing here; the reason is for audit and log, the caller's code is always the same.
    #[error("the ticket was refused: {}", .0.as_str())]
    Refused(RefusalReason),
    /// The ticket is good, but for something else.
    #[error("the ticket is for another operation or linked service")]
    ContextMismatch,
    /// The store does not answer.
    #[error("the store does not answer")]
    Unavailable,
}

/// Why a ticket was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefusalReason {
    /// Not a ticket at all.
    Malformed,
    /// Nobody of this name is registered.
    UnknownIssuer,
    /// Not signed by its issuer's key.
    Signature,
    /// Its times or its audience.
    Claims(TicketRefusal),
    /// Its issuer is not registered for this data factory and linked service.
    NotAllowed,
    /// Its thumbprint is neither the identity key's nor that of an envelope key, of now or before.
    ForeignKey,
    /// It names another portal's origin than its issuer is registered with.
    ForeignOrigin,
    /// Five envelopes were rejected under it.
    Ended,
}

impl RefusalReason {
    /// The stable code for audit and log.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::UnknownIssuer => "unknown_issuer",
            Self::Signature => "signature",
            Self::Claims(refusal) => refusal.as_str(),
            Self::NotAllowed => "not_allowed",
            Self::ForeignKey => "foreign_key",
            Self::ForeignOrigin => "foreign_origin",
            Self::Ended => "ended",
        }
    }

    /// What the caller may be told. Until the signature is known to be good that is one and the same sentence.
    #[must_use]
    pub const fn for_the_caller(self) -> &'static str {
        match self {
            Self::Malformed | Self::UnknownIssuer | Self::Signature => {
                "This gateway does not accept the ticket."
            }
            Self::Claims(TicketRefusal::WrongGateway) => "The ticket is for another gateway.",
            Self::Claims(TicketRefusal::NotYetValid) => {
                "The ticket is not valid yet: the issuer's or the gateway's clock is wrong."
            }
            Self::Claims(TicketRefusal::Expired) => "The ticket has expired: get a new one.",
            Self::Claims(_) => "The ticket's times are not acceptable.",
            Self::NotAllowed => "The ticket's issuer may not touch this linked service.",
            Self::ForeignKey => "The ticket names a key that is not this gateway's.",
            Self::ForeignOrigin => {
                "The ticket names another origin than its issuer is registered with."
            }
            Self::Ended => "Too many envelopes were rejected under this ticket: get a new one.",
        }
    }
}
