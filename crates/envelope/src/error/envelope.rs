//! An envelope was rejected, or not made.

use thiserror::Error;

/// An envelope was rejected. To whoever sent it this is all there is to know: every failure looks the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the envelope was rejected")]
pub struct EnvelopeRejected {
    reason: RejectReason,
}

impl EnvelopeRejected {
    /// Why, for the gateway's own log and audit. It must not reach the sender.
    pub fn reason(&self) -> RejectReason {
        self.reason
    }
}

impl From<RejectReason> for EnvelopeRejected {
    fn from(reason: RejectReason) -> Self {
        Self { reason }
    }
}

/// Why an envelope was rejected; for the log only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum RejectReason {
    /// More than the limit of bytes.
    #[error("{bytes} bytes, limit {limit}")]
    TooLarge {
        /// Length received.
        bytes: usize,
        /// Largest length allowed.
        limit: usize,
    },
    /// Not five segments separated by dots.
    #[error("not five segments")]
    Segments,
    /// A segment is not canonical base64url without padding.
    #[error("segment {segment} is not canonical base64url")]
    Base64Url {
        /// Which, from 1.
        segment: usize,
    },
    /// The protected header is not the one spelling of this profile.
    #[error("header: expected {expected} at byte {at}")]
    Header {
        /// What should have been there.
        expected: &'static str,
        /// Offset in the decoded header.
        at: usize,
    },
    /// The encrypted key's length belongs to no accepted modulus size, or not to this key's.
    #[error("encrypted key of {bytes} bytes")]
    EncryptedKeyLength {
        /// Length received.
        bytes: usize,
    },
    /// The initialisation vector does not have 12 bytes.
    #[error("initialisation vector of {bytes} bytes")]
    IvLength {
        /// Length received.
        bytes: usize,
    },
    /// The ciphertext's length is not that of a bucket.
    #[error("ciphertext of {bytes} bytes")]
    CiphertextLength {
        /// Length received.
        bytes: usize,
    },
    /// The authentication tag does not have 16 bytes.
    #[error("tag of {bytes} bytes")]
    TagLength {
        /// Length received.
        bytes: usize,
    },
    /// The envelope names another key.
    #[error("sealed for another key")]
    ForeignKey,
    /// A bound member differs from what the ticket permits.
    #[error("bound to another {member}")]
    BindingMismatch {
        /// Name of the member in the header.
        member: &'static str,
    },
    /// The tag does not verify; wrong key, altered header and altered ciphertext all end here.
    #[error("authentication failed")]
    Authentication,
    /// The plaintext is authentic but not the one spelling of a credential.
    #[error("plaintext: expected {expected} at byte {at}")]
    Plaintext {
        /// What should have been there.
        expected: &'static str,
        /// Offset in the plaintext.
        at: usize,
    },
}

/// A credential could not be sealed.
#[cfg(feature = "seal")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum SealError {
    /// It does not fit into the largest bucket.
    #[error("the credential has {bytes} bytes; the limit is {limit}")]
    TooLong {
        /// Length of the plaintext before padding.
        bytes: usize,
        /// Largest bucket.
        limit: usize,
    },
    /// The name of a property or secret is not 1 to 64 printable ASCII characters without `"` and `\`.
    #[error("the name of a property or secret is not allowed")]
    MemberName,
    /// The binding asks for an operation that takes no credential.
    #[error("nothing is sealed for this operation")]
    Operation,
    /// A time in the binding is 2^53 seconds or more.
    #[error("a time in the binding is out of range")]
    Time,
    /// The random number generator failed.
    #[error("no randomness is available")]
    Randomness,
    /// The RSA or AES operation failed, which no accepted key and no allowed length can cause.
    #[error("the cryptographic operation failed")]
    Cryptography,
}

/// The sealing code does not give the known answer on this machine; it must not be used.
#[cfg(feature = "seal")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the cryptography's self-test failed")]
pub struct SelfTestFailed;
