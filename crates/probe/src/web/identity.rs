//! The client's own certificate.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use key_file::PassphraseError;
use rustls::SignatureScheme;
use rustls::client::ResolvesClientCert;
use rustls::sign::CertifiedKey;
use rustls_pki_types::{CertificateDer, PrivatePkcs8KeyDer};

use crate::report::Cause;
use crate::request::Request;

/// Key and certificates, and whether a server asked for them.
pub(super) struct Identity(Arc<Resolver>);

#[derive(Debug)]
struct Resolver {
    key: Arc<CertifiedKey>,
    was_asked: AtomicBool,
}

impl Identity {
    pub(super) fn resolver(&self) -> Arc<dyn ResolvesClientCert> {
        Arc::clone(&self.0) as _
    }

    /// Whether a server wanted to see it.
    pub(super) fn was_asked_for(&self) -> bool {
        self.0.was_asked.load(Ordering::Relaxed)
    }
}

impl ResolvesClientCert for Resolver {
    fn resolve(&self, _: &[&[u8]], _: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        self.was_asked.store(true, Ordering::Relaxed);
        Some(Arc::clone(&self.key))
    }

    fn has_certs(&self) -> bool {
        true
    }
}

/// The request's, if its way to sign in is one.
pub(super) fn of(request: &Request) -> Result<Option<Identity>, Cause> {
    if request.auth != "ClientCertificate" {
        return Ok(None);
    }
    let empty = envelope::Secret::new(String::new());
    let password = request.secrets.get("password").unwrap_or(&empty);
    // In a store of the system, which this process has no way into.
    let file = request.secrets.get("embeddedCertData");
    let file = file.ok_or(Cause::CertificateElsewhere)?;
    // EXPOSE: the file is taken apart.
    let file = key_file::recognise(file.expose().as_bytes()).map_err(|_| Cause::KeyUnusable)?;
    // EXPOSE: the file is opened with it.
    let identity = file.identity(password.expose().as_bytes());
    let identity = identity.map_err(|error| match error {
        PassphraseError::Wrong => Cause::WrongPassphrase,
        _ => Cause::KeyUnusable,
    })?;
    let provider = rustls::crypto::aws_lc_rs::default_provider();
    let der = PrivatePkcs8KeyDer::from(identity.private_key.as_slice());
    let key = provider
        .key_provider
        .load_private_key(der.clone_key().into());
    let key = key.map_err(|_| Cause::KeyUnusable)?;
    let chain = identity.certificates.into_iter().map(CertificateDer::from);
    Ok(Some(Identity(Arc::new(Resolver {
        key: Arc::new(CertifiedKey::new(chain.collect(), key)),
        was_asked: AtomicBool::new(false),
    }))))
}
