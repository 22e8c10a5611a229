//! Whose certificates are believed: the system's authorities and those of `--ca-file`; and, when one is not, why and what helps.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use envelope::UnixSeconds;
use rustls::{CertificateError, ClientConfig, RootCertStore};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject as _;

use crate::failure::{Cause, Failure};
use crate::gateway_address::GatewayAddress;

/// A client's settings for TLS 1.2 and 1.3.
///
/// # Errors
/// When `ca_file` has no certificates.
pub(crate) fn client(ca_file: Option<&Path>) -> Result<Arc<ClientConfig>, Failure> {
    let mut roots = RootCertStore::empty();
    // A system without authorities is none that cannot be worked with: the file may have the only one that is needed.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if let Some(path) = ca_file {
        let text = fs::read(path).map_err(|error| Failure::file(path, "read", &error))?;
        let mut count = 0;
        for certificate in CertificateDer::pem_slice_iter(&text) {
            let added = certificate.map_err(|_| ()).and_then(|der| {
                count += 1;
                roots.add(der).map_err(|_| ())
            });
            added.map_err(|()| {
                Failure::usage(format!(
                    "{} has a certificate that cannot be read",
                    path.display()
                ))
            })?;
        }
        if count == 0 {
            return Err(Failure::usage(format!(
                "{} has no certificate in PEM",
                path.display()
            )));
        }
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| Failure::new(Cause::Local, "tls", error.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(config))
}

/// Why there is no TLS, in words, and what helps.
pub(crate) fn refusal(error: &rustls::Error, gateway: &GatewayAddress) -> Failure {
    match error {
        rustls::Error::InvalidCertificate(reason) => {
            let (why, help) = in_words(reason, gateway);
            Failure::new(
                Cause::Trust,
                "certificate",
                format!("The certificate at {gateway} is not trusted: {why}"),
            )
            .advise(help)
        }
        rustls::Error::InvalidMessage(_) => Failure::new(
            Cause::Network,
            "no_tls",
            format!("What listens at {gateway} does not speak TLS"),
        )
        .advise("Check host and port: a gateway listens on 8050 if it is told nothing else."),
        other => Failure::new(
            Cause::Network,
            "tls",
            format!("No TLS connection with {gateway}: {other}"),
        )
        .advise("The gateway speaks TLS 1.2 and 1.3; something between may not."),
    }
}

fn in_words(reason: &CertificateError, gateway: &GatewayAddress) -> (String, String) {
    const RENEW: &str = "The gateway renews its own certificate by itself while it runs; one of the administrator's own has to be replaced.";
    let ours = "The gateway's own authority is in tls/ca.pem of its data folder (`credential-gateway fingerprint` names it): copy it here and give it with --ca-file.";
    let days = |from: u64, to: u64| from.abs_diff(to) / 86_400;
    match reason {
        CertificateError::UnknownIssuer => (
            "nobody whom this computer trusts has issued it".to_owned(),
            ours.to_owned(),
        ),
        CertificateError::Expired => ("it has expired".to_owned(), RENEW.to_owned()),
        CertificateError::ExpiredContext { time, not_after } => (
            format!(
                "it expired {} days ago by this computer's clock",
                days(time.as_secs(), not_after.as_secs())
            ),
            format!("{RENEW} Look at this computer's clock, too."),
        ),
        CertificateError::NotValidYet => (
            "it is not valid yet".to_owned(),
            "Look at this computer's clock and the gateway's.".to_owned(),
        ),
        CertificateError::NotValidYetContext { time, not_before } => (
            format!(
                "it will be valid in {} days by this computer's clock",
                days(time.as_secs(), not_before.as_secs())
            ),
            "Look at this computer's clock and the gateway's.".to_owned(),
        ),
        CertificateError::NotValidForName => (
            format!("it is not for the name {}", gateway.host()),
            NAME.to_owned(),
        ),
        CertificateError::NotValidForNameContext { presented, .. } => (
            format!(
                "it is not for the name {}, but for {}",
                gateway.host(),
                presented.join(", ")
            ),
            NAME.to_owned(),
        ),
        CertificateError::Revoked => (
            "it has been revoked".to_owned(),
            "Tell the gateway's administrator.".to_owned(),
        ),
        CertificateError::BadSignature => (
            "its signature is not its issuer's".to_owned(),
            format!("The authority's file may be an older gateway's. {ours}"),
        ),
        other => (other.to_string(), ours.to_owned()),
    }
}

const NAME: &str =
    "Use a name that is in it, or add this one to `names` in gateway.toml at the gateway.";

/// Seconds since 1970 by this computer's clock.
pub(crate) fn now() -> UnixSeconds {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    UnixSeconds(since.map_or(0, |time| time.as_secs()))
}
