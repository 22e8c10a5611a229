//! The private authority that `init` makes, and the leaves under it.
//!
//! It exists so that people trust one certificate once, and the leaf can be renewed under it. It is trusted by whole companies, and
//! its key lies on one machine: so it says of itself (RFC 5280 §4.2.1.10, name constraints) that it vouches for this gateway's
//! names and addresses and what is below them, and no browser believes it about anything else. Another name later takes a new
//! authority: rarely done, and better than one that could vouch for everybody's bank.

use std::net::IpAddr;

use der::pem::LineEnding;
use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DnType, ExtendedKeyUsagePurpose,
    GeneralSubtree, IsCa, Issuer, KeyPair, KeyUsagePurpose, NameConstraints,
    PKCS_ECDSA_P256_SHA256, PublicKeyData, SanType,
};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use time::{Duration, OffsetDateTime};
use zeroize::Zeroizing;

use envelope::UnixSeconds;

use super::facts::Facts;
use crate::config::served_name::Host;

/// Days that a leaf is valid: browsers accept 398 at most, clocks differ by some hours.
pub const LEAF_DAYS: i64 = 397;
/// Days that the authority is valid: ten years.
const AUTHORITY_DAYS: i64 = 3650;
/// What follows the gateway's name in the authority's.
const SUFFIX: &str = " (credential gateway CA)";

/// A private authority.
pub struct Authority {
    common_name: String,
    certificate: CertificateDer<'static>,
    not_after: UnixSeconds,
    key: KeyPair,
}

/// Making a certificate failed; says what the library said.
#[derive(Debug, thiserror::Error)]
#[error("the certificate could not be made: {0}")]
pub struct CertificateNotMade(#[from] rcgen::Error);

/// The authority's files are not what was written.
#[derive(Debug, thiserror::Error)]
#[error("it cannot be read: {0}")]
pub struct AuthorityUnusable(String);

impl Authority {
    /// A new one, named after the gateway, that vouches for these hosts.
    ///
    /// # Errors
    /// [`CertificateNotMade`] if the system gives no randomness or a name cannot stand in a certificate.
    pub fn make(
        gateway_name: &str,
        hosts: &[Host],
        now: OffsetDateTime,
    ) -> Result<Self, CertificateNotMade> {
        let common_name = format!("{gateway_name}{SUFFIX}");
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
        let mut params = params(&common_name);
        params.name_constraints = Some(NameConstraints {
            permitted_subtrees: hosts.iter().map(subtree).collect(),
            excluded_subtrees: Vec::new(),
        });
        valid_from(&mut params, now, AUTHORITY_DAYS);
        let not_after = seconds(params.not_after);
        let certificate = params.self_signed(&key)?.der().clone();
        Ok(Self {
            common_name,
            certificate,
            not_after,
            key,
        })
    }

    /// The one in these PEM texts, which [`Authority::certificate_pem`] and [`Authority::key_pem`] gave.
    ///
    /// # Errors
    /// [`AuthorityUnusable`]; also when they are not a pair.
    pub fn read(certificate: &[u8], key: &[u8]) -> Result<Self, AuthorityUnusable> {
        let unusable = |reason: &dyn ToString| AuthorityUnusable(reason.to_string());
        let certificate =
            CertificateDer::from_pem_slice(certificate).map_err(|error| unusable(&error))?;
        let facts = Facts::of(&certificate).map_err(|error| unusable(&error))?;
        let common_name = facts.common_name.ok_or_else(|| unusable(&"no name"))?;
        let key = std::str::from_utf8(key).map_err(|error| unusable(&error))?;
        let key = KeyPair::from_pem(key).map_err(|error| unusable(&error))?;
        let spki = rustls::server::ParsedCertificate::try_from(&certificate)
            .map_err(|error| unusable(&error))?
            .subject_public_key_info();
        if *spki != *key.subject_public_key_info() {
            return Err(unusable(&"key and certificate are no pair"));
        }
        Ok(Self {
            common_name,
            not_after: facts.not_after,
            certificate,
            key,
        })
    }

    /// Until when it is valid.
    #[must_use]
    pub fn not_after(&self) -> UnixSeconds {
        self.not_after
    }

    /// A new leaf for these hosts with a new key: one PEM text with leaf, authority and the leaf's key.
    ///
    /// # Errors
    /// As [`Authority::make`].
    pub fn issue(
        &self,
        hosts: &[Host],
        now: OffsetDateTime,
    ) -> Result<Zeroizing<String>, CertificateNotMade> {
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
        let mut params = leaf_params(hosts)?;
        valid_from(&mut params, now, LEAF_DAYS);
        // What outlives its authority is of no use to anybody.
        if let Ok(end) = i64::try_from(self.not_after.0) {
            let end = OffsetDateTime::from_unix_timestamp(end).unwrap_or(params.not_after);
            params.not_after = params.not_after.min(end);
        }
        let own = self::params(&self.common_name);
        let leaf = params.signed_by(&key, &Issuer::from_params(&own, &self.key))?;
        let key = Zeroizing::new(key.serialize_pem());
        Ok(Zeroizing::new(
            [&leaf.pem(), &self.certificate_pem(), key.as_str()].concat(),
        ))
    }

    /// Its certificate: what a browser or an operating system may be told to trust.
    #[must_use]
    pub fn certificate_pem(&self) -> String {
        certificate_pem(&self.certificate)
    }

    /// Its private key.
    #[must_use]
    pub fn key_pem(&self) -> Zeroizing<String> {
        Zeroizing::new(self.key.serialize_pem())
    }
}

/// A certificate as PEM (RFC 7468).
#[must_use]
pub fn certificate_pem(certificate: &CertificateDer<'_>) -> String {
    // Any bytes have such a text.
    der::pem::encode_string("CERTIFICATE", LineEnding::LF, certificate).unwrap_or_default()
}

/// What an authority of this name signs with, whenever it was made.
fn params(common_name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params
        .distinguished_name
        .push(DnType::CommonName, common_name);
    // Path length 0: leaves only, no further authorities.
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    // Nobody's mail or program is vouched for.
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params
}

fn subtree(host: &Host) -> GeneralSubtree {
    match host {
        Host::Dns(name) => GeneralSubtree::DnsName(name.clone()),
        Host::Address(address @ IpAddr::V4(_)) => {
            GeneralSubtree::IpAddress(CidrSubnet::from_addr_prefix(*address, 32))
        }
        Host::Address(address @ IpAddr::V6(_)) => {
            GeneralSubtree::IpAddress(CidrSubnet::from_addr_prefix(*address, 128))
        }
    }
}

fn leaf_params(hosts: &[Host]) -> Result<CertificateParams, rcgen::Error> {
    let mut params = CertificateParams::default();
    if let Some(first) = hosts.first() {
        params
            .distinguished_name
            .push(DnType::CommonName, first.to_string());
    }
    for host in hosts {
        params.subject_alt_names.push(match host {
            Host::Dns(name) => SanType::DnsName(name.clone().try_into()?),
            Host::Address(address) => SanType::IpAddress(*address),
        });
    }
    params.is_ca = IsCa::ExplicitNoCa;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    Ok(params)
}

/// Valid from an hour ago, so that a browser whose clock is late accepts a new certificate.
fn valid_from(params: &mut CertificateParams, now: OffsetDateTime, days: i64) {
    params.not_before = now - Duration::hours(1);
    params.not_after = params.not_before + Duration::days(days);
}

fn seconds(at: OffsetDateTime) -> UnixSeconds {
    UnixSeconds(u64::try_from(at.unix_timestamp()).unwrap_or_default())
}
