//! What can be said of a key file. Nothing here is a secret.

use std::fmt;

use crate::{Certificate, Encryption, Fingerprint};

/// What is known of a key file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Description {
    /// The format that holds the key.
    pub container: Container,
    /// What a reader needs besides the file.
    pub protection: Protection,
    /// The private key in it.
    pub key: Key,
    /// Of the public key, as `ssh-keygen -l` prints it, where it can be known.
    pub fingerprint: Option<Fingerprint>,
    /// PKCS#12: the certificate that belongs to the key, else the first.
    pub certificate: Option<Certificate>,
}

/// A format of key files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Container {
    /// RFC 8017: `RSA PRIVATE KEY`.
    Pkcs1,
    /// RFC 5915: `EC PRIVATE KEY`.
    Sec1,
    /// OpenSSL's: `DSA PRIVATE KEY`.
    OpensslDsa,
    /// RFC 5958: `PRIVATE KEY` and `ENCRYPTED PRIVATE KEY`.
    Pkcs8,
    /// OpenSSH's `PROTOCOL.key`.
    OpenSsh,
    /// PuTTY's, version 2.
    Ppk2,
    /// PuTTY's, version 3.
    Ppk3,
    /// PKCS#12, RFC 7292.
    Pfx,
}

/// What a reader needs besides the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protection {
    /// Nothing: whoever has the file has the key.
    Open,
    /// The passphrase.
    Encrypted(Encryption),
}

/// The private key in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// Not known without the passphrase.
    Sealed,
    /// There is none: certificates only.
    Absent,
    /// There is one.
    Present(Algorithm),
}

/// An algorithm and its size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// RSA.
    Rsa {
        /// Of the modulus.
        bits: usize,
    },
    /// DSA.
    Dsa {
        /// Of the prime.
        bits: usize,
    },
    /// ECDSA over a curve.
    Ecdsa(Curve),
    /// Ed25519.
    Ed25519,
    /// A key that stays in a FIDO device; the file is a handle only.
    SecurityKey,
    /// None that SSH uses; its name.
    Other(&'static str),
}

/// A curve of ECDSA.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Curve {
    /// 256 bits.
    P256,
    /// 384 bits.
    P384,
    /// 521 bits.
    P521,
}

/// `RSA 3072, encrypted PKCS#8, SHA256:…`.
impl fmt::Display for Description {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.key {
            Key::Sealed => {}
            Key::Absent => f.write_str("no private key, ")?,
            Key::Present(algorithm) => write!(f, "{algorithm}, ")?,
        }
        if matches!(self.protection, Protection::Encrypted(_)) {
            f.write_str("encrypted ")?;
        }
        write!(f, "{}", self.container)?;
        match self.fingerprint {
            Some(fingerprint) => write!(f, ", {fingerprint}"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Container {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pkcs1 => "PKCS#1",
            Self::Sec1 => "SEC 1",
            Self::OpensslDsa => "OpenSSL DSA",
            Self::Pkcs8 => "PKCS#8",
            Self::OpenSsh => "OpenSSH",
            Self::Ppk2 => "PuTTY version 2",
            Self::Ppk3 => "PuTTY version 3",
            Self::Pfx => "PKCS#12",
        })
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rsa { bits } => write!(f, "RSA {bits}"),
            Self::Dsa { bits } => write!(f, "DSA {bits}"),
            Self::Ecdsa(Curve::P256) => f.write_str("ECDSA P-256"),
            Self::Ecdsa(Curve::P384) => f.write_str("ECDSA P-384"),
            Self::Ecdsa(Curve::P521) => f.write_str("ECDSA P-521"),
            Self::Ed25519 => f.write_str("Ed25519"),
            Self::SecurityKey => f.write_str("a security key's handle"),
            Self::Other(name) => f.write_str(name),
        }
    }
}
