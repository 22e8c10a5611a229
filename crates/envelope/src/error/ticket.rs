//! A ticket was refused.

use thiserror::Error;

/// A ticket could not be read. What it says has not been looked at yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum TicketError {
    /// More than the limit of bytes.
    #[error("the ticket has {bytes} bytes; the limit is {limit}")]
    TooLarge {
        /// Length received.
        bytes: usize,
        /// Largest length allowed.
        limit: usize,
    },
    /// Not three segments separated by dots (RFC 7515 section 3.1).
    #[error("the ticket does not have the three parts of a JWS")]
    Segments,
    /// A segment is not canonical base64url without padding.
    #[error("a part of the ticket is not base64url")]
    Base64Url,
    /// The header is not exactly `alg`, `typ` and perhaps `kid`, with the values they must have.
    #[error("the ticket's header is not that of a credential ticket")]
    Header,
    /// A claim is missing, unknown, given twice or not of its form.
    #[error("the ticket's claims are not those of a credential ticket (at fault: {claim})")]
    Claims {
        /// The claim that is missing or wrong, or `an unknown member`, or `its syntax`.
        claim: &'static str,
    },
    /// The signature does not have 64 bytes.
    #[error("the ticket's signature has {bytes} bytes instead of 64")]
    SignatureLength {
        /// Length received.
        bytes: usize,
    },
}

impl TicketError {
    /// A stable code for programs, and for a person to pass on: the same in every language.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "too_large",
            Self::Segments => "segments",
            Self::Base64Url => "base64_url",
            Self::Header => "header",
            Self::Claims { .. } => "claims",
            Self::SignatureLength { .. } => "signature_length",
        }
    }
}

/// A well-formed ticket does not permit this, here and now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum TicketRefusal {
    /// `aud` is another gateway.
    #[error("the ticket is for another gateway")]
    WrongGateway,
    /// `nbf` is more than the leeway in the future.
    #[error("the ticket is not valid yet")]
    NotYetValid,
    /// `exp` is reached.
    #[error("the ticket has expired")]
    Expired,
    /// `exp` is too long after `iat`.
    #[error("the ticket lives longer than {limit} seconds")]
    LivesTooLong {
        /// Longest life allowed, in seconds.
        limit: u64,
    },
    /// Not `iat` <= `nbf` < `exp`.
    #[error("the ticket's times are out of order")]
    TimesOutOfOrder,
}

impl TicketRefusal {
    /// A stable code for logs and programs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::WrongGateway => "wrong_gateway",
            Self::NotYetValid => "not_yet_valid",
            Self::Expired => "expired",
            Self::LivesTooLong { .. } => "lives_too_long",
            Self::TimesOutOfOrder => "times_out_of_order",
        }
    }
}
