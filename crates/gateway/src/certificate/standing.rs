//! How long the certificate is good for, and what to do about it: for `certificate show`, `doctor`, the log and the metrics.

use std::path::PathBuf;

use envelope::UnixSeconds;

use super::source::Source;
use crate::config::Config;
use crate::data_folder::DataFolder;
use crate::tls::{CertificateFingerprint, ServerCertificate, TlsError};

/// Days before the end from which on people are warned, and from which on the gateway renews what it made itself.
pub const WARNING_DAYS: i64 = 30;

const SECONDS_PER_DAY: i64 = 24 * 60 * 60;

/// The certificate in its files, at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Where it comes from.
    pub source: Source,
    /// Its leaf's subject.
    pub subject: String,
    /// Who signed the leaf.
    pub issuer: String,
    /// Names and addresses that it is for.
    pub hosts: Vec<String>,
    /// The leaf's fingerprints.
    pub fingerprint: CertificateFingerprint,
    /// When the first certificate of the chain ends.
    pub expires_at: UnixSeconds,
    /// Whole days until then; negative afterwards.
    pub days_left: i64,
    /// Why it would be refused, if it were put in place now.
    pub fault: Option<String>,
    /// What is worth saying of it.
    pub reservations: Vec<String>,
    /// What to do, if it expires within [`WARNING_DAYS`] or has expired.
    pub advice: Option<String>,
}

impl Standing {
    /// The certificate that a gateway started now would show.
    ///
    /// # Errors
    /// [`TlsError`]: there is no pair in the files.
    pub fn of(folder: &DataFolder, config: &Config, now: UnixSeconds) -> Result<Self, TlsError> {
        let source = Source::of(folder, config);
        let certificate = source.load()?;
        let (fault, reservations) = match source.check(&certificate, &config.names, now) {
            Ok(reservations) => (None, reservations),
            Err(refused) => (Some(refused.fault.to_string()), Vec::new()),
        };
        let leaf = &certificate.facts()[0];
        Ok(Self {
            subject: leaf.subject.clone(),
            issuer: leaf.issuer.clone(),
            hosts: leaf.hosts.clone(),
            fingerprint: certificate.fingerprint().clone(),
            expires_at: certificate.expires_at(),
            days_left: days_left(&certificate, now),
            fault,
            reservations: reservations.iter().map(ToString::to_string).collect(),
            advice: advice(&source, &certificate, now),
            source,
        })
    }

    /// The chain's file and the key's, which may be one.
    #[must_use]
    pub fn files(&self) -> (PathBuf, PathBuf) {
        let (certificate, key) = (self.source.certificate(), self.source.key());
        (certificate.to_owned(), key.to_owned())
    }
}

/// Whole days until the chain's first end; negative afterwards.
#[must_use]
pub fn days_left(certificate: &ServerCertificate, now: UnixSeconds) -> i64 {
    let seconds = |at: UnixSeconds| i64::try_from(at.0).unwrap_or(i64::MAX);
    seconds(certificate.expires_at())
        .saturating_sub(seconds(now))
        .div_euclid(SECONDS_PER_DAY)
}

/// What to do about a certificate that expires within [`WARNING_DAYS`], or has.
#[must_use]
pub fn advice(
    source: &Source,
    certificate: &ServerCertificate,
    now: UnixSeconds,
) -> Option<String> {
    if days_left(certificate, now) >= WARNING_DAYS {
        return None;
    }
    Some(match source {
        Source::Named(files) => format!(
            "get a new one from whoever issued it and put it into {} and {}; a running gateway takes it by itself",
            files.certificate.display(),
            files.key.display()
        ),
        Source::Own(_) => "get a new one from whoever issued it, then run `credential-gateway certificate replace --certificate CHAIN.pem --key KEY.pem`".to_owned(),
        Source::Made(_) if certificate.expires_at() < certificate.facts()[0].not_after => {
            "the authority itself ends: run `credential-gateway certificate renew --new-authority`, and have the new one trusted (`credential-gateway certificate trust`)".to_owned()
        }
        Source::Made(_) => "a running gateway renews it by itself; if none runs, `credential-gateway certificate renew` does".to_owned(),
    })
}
