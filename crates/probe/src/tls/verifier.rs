//! Whose certificates are believed: those of the system's authorities and of the request's, and single ones by their SHA-256.

use std::sync::{Arc, Mutex, PoisonError};

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::{CertificateError, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, ServerName, UnixTime};

use super::certificate;
use crate::report::Cause;
use crate::request::{Fingerprint, Request};

/// Verifies as usual, and remembers what it was shown. A certificate that is trusted by its fingerprint may have any issuer and any
/// name; its time may not be over, and the server proves that it has the key.
#[derive(Debug)]
pub(super) struct Verifier {
    /// Nothing, where neither the system nor the request has an authority.
    usual: Option<Arc<WebPkiServerVerifier>>,
    provider: Arc<CryptoProvider>,
    trusted: Vec<Fingerprint>,
    seen: Mutex<Option<CertificateDer<'static>>>,
}

impl Verifier {
    pub(super) fn new(request: &Request) -> Result<Self, Cause> {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        for pem in &request.authorities {
            for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
                let added = certificate
                    .map_err(|_| ())
                    .and_then(|der| roots.add(der).map_err(|_| ()));
                added.map_err(|()| Cause::BadRequest)?;
            }
        }
        let builder =
            WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider));
        Ok(Self {
            usual: builder.build().ok(),
            provider,
            trusted: request.trusted.clone(),
            seen: Mutex::new(None),
        })
    }

    /// The certificate that was shown.
    pub(super) fn seen(&self) -> Option<CertificateDer<'static>> {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.clone()
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) =
            Some(end_entity.clone().into_owned());
        // Time first: one that is over is over, whoever signed it, and trusting its fingerprint would not help.
        let (not_before, not_after) = certificate::validity_of(end_entity)
            .ok_or(Error::InvalidCertificate(CertificateError::BadEncoding))?;
        if now.as_secs() > not_after {
            return Err(CertificateError::Expired.into());
        }
        if now.as_secs() < not_before {
            return Err(CertificateError::NotValidYet.into());
        }
        if self.trusted.contains(&Fingerprint::of(end_entity)) {
            return Ok(ServerCertVerified::assertion());
        }
        match &self.usual {
            None => Err(CertificateError::UnknownIssuer.into()),
            Some(usual) => {
                usual.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
            }
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signed, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signed, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}
