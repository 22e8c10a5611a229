//! What a person compares: the SHA-256 of a certificate.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// SHA-256 of a whole certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Fingerprint([u8; 32]);

/// Not 64 hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a fingerprint is 64 hexadecimal digits, colons between them or not")]
pub struct BadFingerprint;

impl Fingerprint {
    /// Of a certificate in DER.
    #[must_use]
    pub fn of(certificate: &[u8]) -> Self {
        let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, certificate);
        let mut bytes = [0; 32];
        bytes.copy_from_slice(digest.as_ref());
        Self(bytes)
    }
}

impl TryFrom<String> for Fingerprint {
    type Error = BadFingerprint;

    fn try_from(text: String) -> Result<Self, BadFingerprint> {
        let mut digits = text.chars().filter(|&character| character != ':');
        let mut bytes = [0; 32];
        for byte in &mut bytes {
            let mut digit = || digits.next()?.to_digit(16);
            let (high, low) = (digit(), digit());
            let value = high.zip(low).map(|(high, low)| high * 16 + low);
            *byte = value
                .and_then(|value| u8::try_from(value).ok())
                .ok_or(BadFingerprint)?;
        }
        match digits.next() {
            None => Ok(Self(bytes)),
            Some(_) => Err(BadFingerprint),
        }
    }
}

impl FromStr for Fingerprint {
    type Err = BadFingerprint;

    fn from_str(text: &str) -> Result<Self, BadFingerprint> {
        Self::try_from(text.to_owned())
    }
}

impl From<Fingerprint> for String {
    fn from(fingerprint: Fingerprint) -> Self {
        fingerprint
            .0
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }
}
