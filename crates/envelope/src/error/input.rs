//! What was given is not what it should be.

use thiserror::Error;

/// Bytes given as a secret are not UTF-8.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the bytes are not UTF-8 text")]
pub struct NotUtf8;

/// A name was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the {field} name {rule}")]
pub struct NameError {
    /// Which name: "gateway", "data factory", "linked service" or "ticket".
    pub field: &'static str,
    /// Which rule it breaks.
    pub rule: NameRule,
}

/// A rule for names. The text completes "the linked service name …".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum NameRule {
    /// Nothing was given.
    #[error("is empty")]
    Empty,
    /// More characters than `limit`.
    #[error("is longer than {limit} characters")]
    TooLong {
        /// Longest allowed, in characters.
        limit: usize,
    },
    /// U+0000 to U+001F or U+007F to U+009F.
    #[error("contains a control character")]
    ControlCharacter,
    /// A character that changes the direction of the text around it, or separates lines.
    #[error("contains a character that changes the direction of text")]
    TextDirection,
    /// `/` or `\`.
    #[error("contains a path separator")]
    PathSeparator,
    /// `.` or `..`, which mean something else in a path.
    #[error("is \".\" or \"..\"")]
    DotSegment,
    /// White space at the start or the end.
    #[error("begins or ends with white space")]
    SurroundingSpace,
}
