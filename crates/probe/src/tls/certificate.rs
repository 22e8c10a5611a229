//! What a person needs to see of a certificate.

use x509_cert::certificate::{CertificateInner, Raw};
use x509_cert::der::Decode;
use x509_cert::der::oid::db::rfc5912::{ECDSA_WITH_SHA_256, SHA_256_WITH_RSA_ENCRYPTION};

use crate::report::{Certificate, Scrubber};
use crate::request::Fingerprint;

/// Its facts, if it can be read. It need not be valid in any sense: somebody may want to know why.
pub(super) fn read(der: &[u8], scrubber: &Scrubber) -> Option<Certificate> {
    let certificate = CertificateInner::<Raw>::from_der(der).ok()?;
    let facts = certificate.tbs_certificate();
    let (not_before, not_after) = validity(&certificate);
    Some(Certificate {
        subject: scrubber.scrub(&facts.subject().to_string()),
        issuer: scrubber.scrub(&facts.issuer().to_string()),
        sha256: String::from(Fingerprint::of(der)).into(),
        not_before,
        not_after,
    })
}

/// From when and until when it is valid, in seconds since 1970.
pub(super) fn validity_of(der: &[u8]) -> Option<(u64, u64)> {
    let certificate = CertificateInner::<Raw>::from_der(der).ok()?;
    Some(validity(&certificate))
}

/// RFC 5929, section 4.1: the hash of the certificate by the hash of its signature. Of certificates that are signed with another than
/// SHA-256, none: logins are not bound then.
pub(super) fn end_point(der: &[u8]) -> Option<Vec<u8>> {
    let certificate = CertificateInner::<Raw>::from_der(der).ok()?;
    let algorithm = certificate.signature_algorithm().oid;
    if !matches!(algorithm, ECDSA_WITH_SHA_256 | SHA_256_WITH_RSA_ENCRYPTION) {
        return None;
    }
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, der);
    Some(digest.as_ref().to_vec())
}

fn validity(certificate: &CertificateInner<Raw>) -> (u64, u64) {
    let validity = certificate.tbs_certificate().validity();
    let seconds = |time: x509_cert::time::Time| time.to_unix_duration().as_secs();
    (seconds(validity.not_before), seconds(validity.not_after))
}
