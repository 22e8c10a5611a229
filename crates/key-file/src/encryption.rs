//! How a file is encrypted.

use std::fmt;

/// The cipher, and what makes its key of a passphrase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Encryption {
    /// As OpenSSL or OpenSSH calls it.
    pub cipher: &'static str,
    /// What makes the key.
    pub kdf: Kdf,
}

impl Encryption {
    /// One that this crate has no name for.
    pub(crate) const UNKNOWN: Self = Self {
        cipher: "unknown cipher",
        kdf: Kdf::Unknown,
    };
}

/// What makes a key of a passphrase, with its work factors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kdf {
    /// RFC 8018.
    Pbkdf2 {
        /// `SHA-256`, for example.
        hash: &'static str,
        /// Iterations.
        rounds: u64,
    },
    /// RFC 8018, as it was before.
    Pbkdf1 {
        /// `MD5` or `SHA-1`.
        hash: &'static str,
        /// Iterations.
        rounds: u64,
    },
    /// RFC 7914.
    Scrypt {
        /// N.
        cost: u64,
        /// r.
        block: u64,
        /// p.
        parallelism: u64,
    },
    /// OpenSSH's.
    Bcrypt {
        /// Iterations.
        rounds: u32,
    },
    /// PuTTY's, version 3.
    Argon2 {
        /// `Argon2id`, for example.
        variant: &'static str,
        /// In KiB.
        memory: u32,
        /// Iterations.
        passes: u32,
    },
    /// RFC 7292, appendix B, with SHA-1.
    Pkcs12 {
        /// Iterations.
        rounds: u64,
    },
    /// PEM as OpenSSL wrote it once: MD5, one round.
    OneMd5,
    /// PuTTY's, version 2: SHA-1, one round.
    OneSha1,
    /// None that this crate knows.
    Unknown,
}

/// `AES-256-CBC, PBKDF2 with SHA-256 and 2048 rounds`.
impl fmt::Display for Encryption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {}", self.cipher, self.kdf)
    }
}

impl fmt::Display for Kdf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pbkdf2 { hash, rounds } => write!(f, "PBKDF2 with {hash} and {rounds} rounds"),
            Self::Pbkdf1 { hash, rounds } => write!(f, "PBKDF1 with {hash} and {rounds} rounds"),
            Self::Scrypt {
                cost,
                block,
                parallelism,
            } => write!(f, "scrypt with N {cost}, r {block}, p {parallelism}"),
            Self::Bcrypt { rounds } => write!(f, "bcrypt with {rounds} rounds"),
            Self::Argon2 {
                variant,
                memory,
                passes,
            } => write!(f, "{variant} with {memory} KiB and {passes} passes"),
            Self::Pkcs12 { rounds } => write!(f, "PKCS#12 with {rounds} rounds"),
            Self::OneMd5 => f.write_str("one round of MD5"),
            Self::OneSha1 => f.write_str("one round of SHA-1"),
            Self::Unknown => f.write_str("unknown derivation"),
        }
    }
}
