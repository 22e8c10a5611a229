//! The fingerprint of a public key.

use std::fmt;

use base64ct::{Base64Unpadded, Encoding as _};
use ssh_key::HashAlg;
use ssh_key::public::KeyData;

/// SHA-256 of the public key as SSH encodes it. Printed as `ssh-keygen -l` does: `SHA256:` and base64 without padding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fingerprint([u8; 32]);

impl Fingerprint {
    pub(crate) fn of(key: &KeyData) -> Option<Self> {
        key.fingerprint(HashAlg::Sha256).sha256().map(Self)
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut buffer = [0; 43];
        let text = Base64Unpadded::encode(&self.0, &mut buffer).map_err(|_| fmt::Error)?;
        write!(f, "SHA256:{text}")
    }
}
