//! Whose server it is: its key, and what is known of it.

use std::sync::{Arc, Mutex, PoisonError};

use base64ct::{Base64Unpadded, Encoding as _};
use md5::{Digest as _, Md5};
use russh::client::Handler;
use russh::keys::{Algorithm, EcdsaCurve, HashAlg, PublicKey, PublicKeyOrCertificate};

use crate::report::{Cause, Certificate, Halt, Scrubber};
use crate::request::Request;

/// Those that can be verified without RSA's crate, which is kept out for its timing.
pub(super) fn algorithms() -> Vec<Algorithm> {
    let curves = [
        EcdsaCurve::NistP256,
        EcdsaCurve::NistP384,
        EcdsaCurve::NistP521,
    ];
    let ecdsa = curves.map(|curve| Algorithm::Ecdsa { curve });
    std::iter::once(Algorithm::Ed25519).chain(ecdsa).collect()
}

/// What the request says of the key.
#[derive(Clone)]
pub(super) enum Expected {
    /// SHA-256 of it.
    Sha256([u8; 32]),
    /// MD5 of it, as servers showed it for long.
    Md5([u8; 16]),
    /// Nothing.
    Unknown,
    /// It is not to be checked.
    Whatever,
}

impl Expected {
    /// Fingerprints in the spellings of the catalogue.
    pub(super) fn of(request: &Request) -> Result<Self, Cause> {
        if request.property("skipHostKeyValidation") == Some("true") {
            return Ok(Self::Whatever);
        }
        let Some(text) = request.property("hostKeyFingerprint") else {
            return Ok(Self::Unknown);
        };
        // Kind and bits may stand before it.
        let fingerprint = text.rsplit(' ').next().unwrap_or(text);
        read(fingerprint).ok_or(Cause::BadRequest)
    }

    fn is(&self, key: &PublicKey) -> bool {
        match self {
            Self::Sha256(expected) => key.fingerprint(HashAlg::Sha256).as_bytes() == expected,
            Self::Md5(expected) => key
                .to_bytes()
                .is_ok_and(|bytes| Md5::digest(bytes).as_slice() == expected),
            Self::Unknown | Self::Whatever => false,
        }
    }
}

fn read(fingerprint: &str) -> Option<Expected> {
    let md5 = fingerprint.strip_prefix("MD5:").unwrap_or(fingerprint);
    if md5.contains(':') && md5.len() == 16 * 3 - 1 {
        let mut bytes = [0; 16];
        for (byte, pair) in bytes.iter_mut().zip(md5.split(':')) {
            *byte = u8::from_str_radix(pair, 16).ok()?;
        }
        return Some(Expected::Md5(bytes));
    }
    let sha256 = fingerprint.strip_prefix("SHA256:").unwrap_or(fingerprint);
    let base64 = sha256
        .trim_end_matches('=')
        .replace('-', "+")
        .replace('_', "/");
    let mut bytes = [0; 32];
    let decoded = Base64Unpadded::decode(&base64, &mut bytes).ok()?;
    (decoded.len() == 32).then_some(Expected::Sha256(bytes))
}

/// What became of it, with the key as people see it.
pub(super) enum Judgement {
    Trusted(Certificate),
    NotChecked(Certificate),
    Refused(Box<Halt>),
}

/// The cause, and the key as people see it.
pub(super) fn halt(cause: Cause, key: Certificate) -> Halt {
    Halt {
        certificate: Some(key),
        ..Halt::from(cause)
    }
}

#[derive(Default)]
struct Shown {
    judgement: Option<Judgement>,
    algorithm: Option<Algorithm>,
}

/// What was seen, after the handshake.
#[derive(Clone, Default)]
pub(super) struct Seen(Arc<Mutex<Shown>>);

impl Seen {
    pub(super) fn take(&self) -> Option<Judgement> {
        let mut shown = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        shown.judgement.take()
    }

    pub(super) fn algorithm(&self) -> Option<Algorithm> {
        let shown = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        shown.algorithm.clone()
    }
}

/// Asked during the handshake, once the server has proven that the key is its own.
pub(super) struct Judge {
    expected: Expected,
    host: String,
    seen: Seen,
}

impl Judge {
    pub(super) fn new(expected: &Expected, host: &str, scrubber: &Scrubber) -> (Self, Seen) {
        let seen = Seen::default();
        let host = scrubber.scrub(host).as_str().to_owned();
        let judge = Self {
            expected: expected.clone(),
            host,
            seen: seen.clone(),
        };
        (judge, seen)
    }

    /// In the form of a certificate, which it has no more of than a subject.
    fn show(&self, key: &PublicKey) -> Certificate {
        let fingerprint = key.fingerprint(HashAlg::Sha256).to_string();
        Certificate {
            subject: format!("{} {}", key.algorithm(), self.host).into(),
            issuer: String::new().into(),
            sha256: fingerprint.into(),
            not_before: 0,
            not_after: 0,
        }
    }
}

impl Handler for Judge {
    type Error = russh::Error;

    async fn check_server_key(
        &mut self,
        shown: &PublicKeyOrCertificate,
    ) -> Result<bool, russh::Error> {
        let PublicKeyOrCertificate::PublicKey { key, .. } = shown else {
            return Ok(false);
        };
        let certificate = self.show(key);
        let judgement = match &self.expected {
            Expected::Whatever => Judgement::NotChecked(certificate),
            Expected::Unknown => {
                Judgement::Refused(Box::new(halt(Cause::HostKeyUnknown, certificate)))
            }
            expected if expected.is(key) => Judgement::Trusted(certificate),
            _ => Judgement::Refused(Box::new(halt(Cause::HostKeyChanged, certificate))),
        };
        let is_accepted = !matches!(judgement, Judgement::Refused(_));
        let mut seen = self.seen.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Keys may be exchanged again later: the first judgement is the one that counts.
        if seen.algorithm.is_none() {
            seen.algorithm = Some(key.algorithm());
            seen.judgement = Some(judgement);
        }
        Ok(is_accepted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_a_fingerprint() {
        let md5 = "c5:26:12:79:7c:00:00:00:00:00:00:00:00:00:00:ff";
        for text in [md5.to_owned(), format!("MD5:{md5}")] {
            assert!(matches!(read(&text), Some(Expected::Md5([0xc5, .., 0xff]))));
        }
        let sha256 = "-_8".repeat(14);
        for text in [
            format!("{sha256}8"),
            format!("SHA256:{sha256}8="),
            format!("SHA256:{}8", sha256.replace('-', "+").replace('_', "/")),
        ] {
            assert!(
                matches!(read(&text), Some(Expected::Sha256([0xfb, 0xff, ..]))),
                "{text}"
            );
        }
        for wrong in ["", "SHA256:", "MD5:", "zz:26", &sha256] {
            assert!(read(wrong).is_none(), "{wrong}");
        }
    }
}
