//! Names of KEKs.

use std::fmt;

use base64ct::{Base64UrlUnpadded, Encoding};

/// Names a KEK without telling anything about it.
#[derive(Clone, PartialEq, Eq)]
pub struct KekId(String);

impl KekId {
    /// From the bytes of a name: base64url is what is written.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Self {
        Self(Base64UrlUnpadded::encode_string(bytes))
    }

    /// The id as written in files.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for KekId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for KekId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KekId({})", self.0)
    }
}
