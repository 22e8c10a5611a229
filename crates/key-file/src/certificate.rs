//! The certificate in a PKCS#12 file.

use std::fmt;

use der::Decode as _;
use sha1::{Digest as _, Sha1};
use x509_cert::certificate::{CertificateInner, Raw};

/// What a form shows of a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// Distinguished name, as RFC 4514 writes it. Control characters are replaced.
    pub subject: String,
    /// What Windows calls the certificate by.
    pub thumbprint: Thumbprint,
    /// The last moment at which it holds: `2046-11-21T03:44:33Z`.
    pub expires: String,
    /// The same, in seconds since 1970.
    pub expires_unix: u64,
}

/// SHA-1 of a certificate; printed as 40 upper-case hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Thumbprint([u8; 20]);

impl Certificate {
    pub(crate) fn read(der: &[u8]) -> Option<Self> {
        let certificate = CertificateInner::<Raw>::from_der(der).ok()?;
        let tbs = certificate.tbs_certificate();
        let expires = tbs.validity().not_after.to_date_time();
        Some(Self {
            subject: printable(&tbs.subject().to_string()),
            thumbprint: Thumbprint(Sha1::digest(der).into()),
            expires: expires.to_string(),
            expires_unix: expires.unix_duration().as_secs(),
        })
    }
}

fn printable(name: &str) -> String {
    let visible = |c: char| if c.is_control() { '\u{fffd}' } else { c };
    name.chars().map(visible).collect()
}

impl fmt::Display for Thumbprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02X}"))
    }
}
