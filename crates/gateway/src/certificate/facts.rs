//! What is written in one certificate (RFC 5280 §4).

use std::net::IpAddr;

use rustls::pki_types::CertificateDer;
use x509_cert::certificate::{CertificateInner, Raw};
use x509_cert::der::Decode;
use x509_cert::der::oid::db::rfc5280::ID_KP_SERVER_AUTH;
use x509_cert::der::oid::db::rfc8410::ID_ED_25519;
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::ext::pkix::{BasicConstraints, ExtendedKeyUsage, SubjectAltName};
use x509_cert::time::Time;

use envelope::UnixSeconds;

use super::signature;
use crate::config::served_name::Host;

/// Longest subject or issuer that is told, in characters.
const MAX_NAME_CHARS: usize = 200;

/// What of a certificate is looked at and told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// Whose it is, as `CN=gateway.corp,O=Corp`.
    pub subject: String,
    /// The last part of that by itself, if it has one: what an authority is called.
    pub common_name: Option<String>,
    /// Who signed it.
    pub issuer: String,
    /// Whether these are the same: a root, or a certificate that nobody else vouches for.
    pub is_self_issued: bool,
    /// From when it is valid.
    pub not_before: UnixSeconds,
    /// Until when it is valid.
    pub not_after: UnixSeconds,
    /// Whether a server may use it: it says so, or says nothing of what it is for.
    pub is_for_servers: bool,
    /// Whether it is an authority's own, which signs others (basicConstraints).
    pub is_authority: bool,
    /// Whether its key has signed it; none if it says that another one has, or if the algorithm is not known.
    pub is_signed_by_itself: Option<bool>,
    /// Whether its key is an Ed25519 key, which programs take and browsers do not.
    pub is_ed25519: bool,
    /// Whom it is for: names, with a star perhaps, and addresses.
    pub hosts: Vec<String>,
}

/// The bytes are no certificate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("it is not a certificate: {0}")]
pub struct NotACertificate(String);

impl Facts {
    /// # Errors
    /// [`NotACertificate`].
    pub fn of(certificate: &CertificateDer<'_>) -> Result<Self, NotACertificate> {
        let unreadable = |error: x509_cert::der::Error| NotACertificate(error.to_string());
        // Rules that a certificate may break and still be served, such as the length of its serial number, are passed over.
        let parsed = CertificateInner::<Raw>::from_der(certificate).map_err(unreadable)?;
        let parsed = parsed.tbs_certificate();
        let purposes = parsed
            .get_extension::<ExtendedKeyUsage>()
            .map_err(unreadable)?;
        let names = parsed
            .get_extension::<SubjectAltName>()
            .map_err(unreadable)?;
        let constraints = parsed
            .get_extension::<BasicConstraints>()
            .map_err(unreadable)?;
        let is_self_issued = parsed.subject() == parsed.issuer();
        let common_name = parsed.subject().common_name().map_err(unreadable)?;
        Ok(Self {
            subject: told(parsed.subject()),
            common_name: common_name.map(|name| name.value().into_owned()),
            issuer: told(parsed.issuer()),
            is_self_issued,
            not_before: seconds(parsed.validity().not_before),
            not_after: seconds(parsed.validity().not_after),
            is_for_servers: purposes
                .is_none_or(|(_, purposes)| purposes.0.contains(&ID_KP_SERVER_AUTH)),
            is_authority: constraints.is_some_and(|(_, constraints)| constraints.ca),
            is_signed_by_itself: match is_self_issued {
                true => signature::is_by(certificate, parsed.subject_public_key_info())
                    .map_err(unreadable)?,
                false => None,
            },
            is_ed25519: parsed.subject_public_key_info().algorithm.oid == ID_ED_25519,
            hosts: names.map_or_else(Vec::new, |(_, names)| {
                names.0.iter().filter_map(host).collect()
            }),
        })
    }
}

/// Somebody else wrote it, and it goes to terminals and logs.
fn told(name: &impl ToString) -> String {
    let name = name.to_string();
    let printable = name
        .chars()
        .map(|c| if c.is_control() { '\u{fffd}' } else { c });
    printable.take(MAX_NAME_CHARS).collect()
}

fn seconds(time: Time) -> UnixSeconds {
    UnixSeconds(time.to_unix_duration().as_secs())
}

fn host(name: &GeneralName) -> Option<String> {
    match name {
        GeneralName::DnsName(name) => Some(told(&name.as_str())),
        GeneralName::IpAddress(address) => {
            let address = address.as_bytes();
            let v4 = <[u8; 4]>::try_from(address).map(IpAddr::from);
            let v6 = || <[u8; 16]>::try_from(address).map(IpAddr::from);
            Some(Host::Address(v4.or_else(|_| v6()).ok()?).to_string())
        }
        _ => None,
    }
}
