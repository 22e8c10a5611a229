//! A key was refused.

use thiserror::Error;

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
        "the key document is not a JWK Set with exactly the members it should have (at fault: {member})"
    )]
    Malformed {
        /// The member that is missing or wrong, or `an unknown member`, or `its syntax`.
        member: &'static str,
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
    /// The modulus is a prime number, so that everybody knows its factors.
    #[error("the modulus is a prime number")]
    PrimeModulus,
    /// 16 neighbouring bytes are in the modulus twice, as a broken random number generator makes.
    #[error("the modulus repeats a pattern of 16 bytes")]
    RepeatedPattern,
    /// The modulus has the fingerprint of the library whose keys can be factored (CVE-2017-15361).
    #[error("the modulus has the ROCA fingerprint")]
    RocaFingerprint,
    /// The modulus is the product of two numbers so close together that Fermat's method finds them.
    #[error("the modulus is factored by Fermat's method")]
    CloseFactors,
}

impl KeyRefusal {
    /// A stable code for programs, and for a person to pass on: the same in every language.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::DocumentTooLarge { .. } => "document_too_large",
            Self::Malformed { .. } => "malformed",
            Self::TooManyKeys { .. } => "too_many_keys",
            Self::DuplicateKid => "duplicate_kid",
            Self::NotInSet => "not_in_set",
            Self::KeyType => "key_type",
            Self::PrivateMember => "private_member",
            Self::Algorithm => "algorithm",
            Self::Use => "use",
            Self::NumberEncoding => "number_encoding",
            Self::KidMismatch => "kid_mismatch",
            Self::ModulusSize { .. } => "modulus_size",
            Self::Exponent => "exponent",
            Self::EvenModulus => "even_modulus",
            Self::SmallFactor { .. } => "small_factor",
            Self::PrimeModulus => "prime_modulus",
            Self::RepeatedPattern => "repeated_pattern",
            Self::RocaFingerprint => "roca_fingerprint",
            Self::CloseFactors => "close_factors",
        }
    }
}

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
