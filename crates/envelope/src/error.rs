//! One error type per operation and audience. They carry evidence (which rule, which length, which position) and never
//! data (a name, a value, a piece of the input).

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

/// A key document, or a key in it, was refused. Each variant is one rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum KeyRefusal {
    /// More than the limit of bytes.
    #[error("the key document has {bytes} bytes; the limit is {limit}")]
    DocumentTooLarge {
        /// Length received.
        bytes: usize,
        /// Largest length allowed.
        limit: usize,
    },
    /// Not JSON, or a member is missing, unknown, given twice or of the wrong type.
    #[error(
        "the key document is not a JWK Set with exactly the members it should have (line {line}, column {column})"
    )]
    Malformed {
        /// Line of the first fault, from 1.
        line: usize,
        /// Column of the first fault, from 1.
        column: usize,
    },
    /// More keys than the limit.
    #[error("the key document has {keys} keys; the limit is {limit}")]
    TooManyKeys {
        /// Keys received.
        keys: usize,
        /// Most keys allowed.
        limit: usize,
    },
    /// Two keys have the same `kid`.
    #[error("two keys have the same key id")]
    DuplicateKid,
    /// The document has no key with the thumbprint that the ticket names.
    #[error("none of the gateway's keys is the one that the ticket names")]
    NotInSet,
    /// `kty` is not RSA.
    #[error("the key is not an RSA key")]
    KeyType,
    /// A member of a private or symmetric key is there.
    #[error("the key document contains private key members")]
    PrivateMember,
    /// `alg` is not RSA-OAEP-256.
    #[error("the key is not for RSA-OAEP-256")]
    Algorithm,
    /// Neither `use` nor `key_ops`, or one of them allows more than encryption.
    #[error("the key is not for encryption only")]
    Use,
    /// `n` or `e` is not canonical base64url, or begins with a zero octet.
    #[error("a number in the key is not in its shortest base64url spelling")]
    NumberEncoding,
    /// `kid` is not the RFC 7638 thumbprint of the key.
    #[error("the key id is not the key's thumbprint")]
    KidMismatch,
    /// The modulus is not 2048, 3072 or 4096 bits long.
    #[error("the modulus has {bits} bits; 2048, 3072 and 4096 are accepted")]
    ModulusSize {
        /// Length of the modulus in bits.
        bits: usize,
    },
    /// `e` is not 65537.
    #[error("the public exponent is not 65537")]
    Exponent,
    /// The modulus is an even number.
    #[error("the modulus is even")]
    EvenModulus,
    /// The modulus has a prime factor up to 65,537.
    #[error("the modulus has the factor {factor}")]
    SmallFactor {
        /// The smallest factor found by trial division.
        factor: u32,
    },
    /// The modulus repeats one 16-byte pattern, as a broken random number generator makes.
    #[error("the modulus repeats a pattern of 16 bytes")]
    RepeatedPattern,
}

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
    #[error("the ticket's claims are not those of a credential ticket (column {column})")]
    Claims {
        /// Column of the first fault in the claims, from 1; 0 if there is none.
        column: usize,
    },
    /// The signature does not have 64 bytes.
    #[error("the ticket's signature has {bytes} bytes instead of 64")]
    SignatureLength {
        /// Length received.
        bytes: usize,
    },
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

/// A private key could not be made, read or written.
#[cfg(feature = "open")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum PrivateKeyError {
    /// Key generation failed.
    #[error("the key could not be generated")]
    Generation,
    /// The bytes are not a PKCS#8 RSA private key.
    #[error("the bytes are not an RSA private key in PKCS#8")]
    Encoding,
    /// The key breaks a rule that the page would refuse it for.
    #[error("the key may not be used: {0}")]
    Refused(#[from] KeyRefusal),
}
