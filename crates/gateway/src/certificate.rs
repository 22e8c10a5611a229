//! The certificate that `init` makes: a small private CA and a leaf for the names that the gateway is called by.
//!
//! The CA exists so that an administrator can trust one certificate and renew the leaf under it. It signs nothing else.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa,
    KeyPair, KeyUsagePurpose, PKCS_ECDSA_P256_SHA256, SanType,
};
use time::{Duration, OffsetDateTime};
use zeroize::Zeroizing;

use crate::config::ServedName;
use crate::config::served_name::Host;

/// Days that a leaf is valid: browsers accept 398 at most, clocks differ by some hours.
pub const LEAF_DAYS: i64 = 397;
/// Days that the CA is valid: ten years.
const CA_DAYS: i64 = 3650;

/// A CA and a leaf under it, as PEM texts.
pub struct MadeCertificates {
    /// The CA's certificate: what a browser or an operating system may be told to trust.
    pub ca_certificate: String,
    /// The CA's private key.
    pub ca_key: Zeroizing<String>,
    /// The leaf's certificate followed by the CA's.
    pub leaf_chain: String,
    /// The leaf's private key.
    pub leaf_key: Zeroizing<String>,
}

/// Making the certificate failed; says what the library said.
#[derive(Debug, thiserror::Error)]
#[error("the certificate could not be made: {0}")]
pub struct CertificateNotMade(#[from] rcgen::Error);

/// Makes a CA named after the gateway and a leaf for `names`, this machine's own name and the loopback addresses.
///
/// # Errors
/// [`CertificateNotMade`] if the system gives no randomness or a name cannot stand in a certificate.
pub fn make(
    gateway_name: &str,
    names: &[ServedName],
    host_name: Option<&str>,
    now: OffsetDateTime,
) -> Result<MadeCertificates, CertificateNotMade> {
    let ca = CertifiedIssuer::self_signed(
        ca_params(gateway_name, now),
        KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?,
    )?;
    let leaf_key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
    let leaf = leaf_params(names, host_name, now)?.signed_by(&leaf_key, &ca)?;
    Ok(MadeCertificates {
        ca_certificate: ca.pem(),
        ca_key: Zeroizing::new(ca.key().serialize_pem()),
        leaf_chain: leaf.pem() + &ca.pem(),
        leaf_key: Zeroizing::new(leaf_key.serialize_pem()),
    })
}

fn ca_params(gateway_name: &str, now: OffsetDateTime) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(
        DnType::CommonName,
        format!("{gateway_name} (credential gateway CA)"),
    );
    // Path length 0: this CA can issue leaves only, no further CAs.
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    valid_from(&mut params, now, CA_DAYS);
    params
}

fn leaf_params(
    names: &[ServedName],
    host_name: Option<&str>,
    now: OffsetDateTime,
) -> Result<CertificateParams, rcgen::Error> {
    let mut hosts: Vec<Host> = names.iter().map(|name| name.host().clone()).collect();
    hosts.push(ServedName::localhost().host().clone());
    hosts.push(Host::Address(IpAddr::V4(Ipv4Addr::LOCALHOST)));
    hosts.push(Host::Address(IpAddr::V6(Ipv6Addr::LOCALHOST)));
    hosts.extend(
        host_name
            .and_then(|name| ServedName::parse(name).ok())
            .map(|name| name.host().clone()),
    );

    let mut params = CertificateParams::default();
    if let Some(first) = hosts.first() {
        params
            .distinguished_name
            .push(DnType::CommonName, first.to_string());
    }
    for host in hosts {
        let name = match host {
            Host::Dns(name) => SanType::DnsName(name.try_into()?),
            Host::Address(address) => SanType::IpAddress(address),
        };
        if !params.subject_alt_names.contains(&name) {
            params.subject_alt_names.push(name);
        }
    }
    params.is_ca = IsCa::ExplicitNoCa;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    valid_from(&mut params, now, LEAF_DAYS);
    Ok(params)
}

/// Valid from an hour ago, so that a browser whose clock is late accepts a new certificate.
fn valid_from(params: &mut CertificateParams, now: OffsetDateTime, days: i64) {
    params.not_before = now - Duration::hours(1);
    params.not_after = params.not_before + Duration::days(days);
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustls::pki_types::pem::PemObject;
    use rustls::pki_types::{CertificateDer, ServerName, UnixTime};

    #[test]
    fn a_client_that_trusts_the_ca_accepts_every_name_and_no_other() {
        let names = [
            ServedName::parse("gateway.corp:443").unwrap(),
            ServedName::parse("10.1.2.3").unwrap(),
        ];
        let now = OffsetDateTime::now_utc();
        let made = make("One", &names, Some("buildhost"), now).unwrap();
        let chain: Vec<_> = CertificateDer::pem_slice_iter(made.leaf_chain.as_bytes())
            .collect::<Result<_, _>>()
            .unwrap();
        let ca = CertificateDer::from_pem_slice(made.ca_certificate.as_bytes()).unwrap();
        let mut roots = rustls::RootCertStore::empty();
        roots.add(ca).unwrap();
        let verifier = rustls::client::WebPkiServerVerifier::builder_with_provider(
            roots.into(),
            crate::tls::provider(),
        )
        .build()
        .unwrap();
        let verifies = |name: &str, days: i64| {
            let at = UnixTime::since_unix_epoch(std::time::Duration::from_secs(
                (now + Duration::days(days)).unix_timestamp() as u64,
            ));
            let name = ServerName::try_from(name.to_owned()).unwrap();
            rustls::client::danger::ServerCertVerifier::verify_server_cert(
                &*verifier,
                &chain[0],
                &chain[1..],
                &name,
                &[],
                at,
            )
            .is_ok()
        };
        for name in [
            "gateway.corp",
            "10.1.2.3",
            "localhost",
            "127.0.0.1",
            "::1",
            "buildhost",
        ] {
            assert!(verifies(name, 0), "{name}");
        }
        assert!(!verifies("other.corp", 0));
        assert!(verifies("localhost", LEAF_DAYS - 1));
        assert!(!verifies("localhost", LEAF_DAYS + 1));
    }
}
