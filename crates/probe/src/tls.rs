//! TLS with a data store: whose certificate is believed, and what is said of one that is not.

mod certificate;
#[cfg(any(feature = "cassandra", feature = "mongodb"))]
mod from_the_first_byte;
mod verifier;

use std::io;
use std::sync::Arc;

use rustls::client::ResolvesClientCert;
use rustls::{AlertDescription, CertificateError, ClientConfig, Error};
use rustls_pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::report::{Cause, Certificate, Halt, Scrubber};
use crate::request::Request;
#[cfg(any(feature = "cassandra", feature = "mongodb"))]
pub(crate) use from_the_first_byte::stage;
use verifier::Verifier;

/// The handshake, as client; and the certificate.
///
/// # Errors
/// A cause; with the certificate, if one was shown.
pub(crate) async fn handshake<S: AsyncRead + AsyncWrite + Unpin>(
    request: &Request,
    stream: S,
    scrubber: &Scrubber,
) -> Result<(TlsStream<S>, Shown), Halt> {
    handshake_as(request, &request.destination.host, stream, scrubber, None).await
}

/// The same with the server of this name, and with a certificate of ours if it asks.
///
/// # Errors
/// A cause; with the certificate, if one was shown.
pub(crate) async fn handshake_as<S: AsyncRead + AsyncWrite + Unpin>(
    request: &Request,
    host: &str,
    stream: S,
    scrubber: &Scrubber,
    identity: Option<Arc<dyn ResolvesClientCert>>,
) -> Result<(TlsStream<S>, Shown), Halt> {
    let name = ServerName::try_from(host.trim_end_matches('.').to_owned())
        .map_err(|_| Halt::from(Cause::BadHost))?;
    let verifier = Arc::new(Verifier::new(request)?);
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|_| Halt::from(Cause::TlsFailed))?
        .dangerous()
        .with_custom_certificate_verifier(Arc::clone(&verifier) as _);
    let config = match identity {
        None => config.with_no_client_auth(),
        Some(identity) => config.with_client_cert_resolver(identity),
    };
    let outcome = TlsConnector::from(Arc::new(config))
        .connect(name, stream)
        .await;
    let der = verifier.seen();
    let certificate = der
        .as_ref()
        .and_then(|der| certificate::read(der, scrubber));
    match outcome {
        Ok(stream) => {
            let end_point = der.as_ref().and_then(|der| certificate::end_point(der));
            let shown = Shown {
                certificate,
                end_point,
            };
            Ok((stream, shown))
        }
        Err(error) => Err(Halt {
            certificate,
            ..Halt::from(failure(&error))
        }),
    }
}

/// What the server showed.
pub(crate) struct Shown {
    /// The certificate, as people see it.
    pub(crate) certificate: Option<Certificate>,
    /// What binds a login to this connection (RFC 5929, `tls-server-end-point`).
    pub(crate) end_point: Option<Vec<u8>>,
}

/// What an error on the connection means, during the handshake or after it.
pub(crate) fn failure(error: &io::Error) -> Cause {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref());
    match inner {
        Some(Error::InvalidCertificate(reason)) => of_certificate(reason),
        Some(Error::InvalidMessage(_)) => Cause::WrongProtocol,
        Some(Error::PeerIncompatible(_)) => Cause::TlsIncompatible,
        Some(Error::AlertReceived(
            AlertDescription::ProtocolVersion | AlertDescription::HandshakeFailure,
        )) => Cause::TlsIncompatible,
        // Ours, whose absence is told in the same way.
        Some(Error::AlertReceived(
            AlertDescription::CertificateRequired
            | AlertDescription::BadCertificate
            | AlertDescription::UnsupportedCertificate
            | AlertDescription::CertificateRevoked
            | AlertDescription::CertificateExpired
            | AlertDescription::CertificateUnknown
            | AlertDescription::UnknownCA
            | AlertDescription::AccessDenied,
        )) => Cause::ClientCertificateRefused,
        Some(_) => Cause::TlsFailed,
        None if error.kind() == io::ErrorKind::UnexpectedEof => Cause::Closed,
        None if error.kind() == io::ErrorKind::ConnectionReset => Cause::Closed,
        None => Cause::TlsFailed,
    }
}

fn of_certificate(reason: &CertificateError) -> Cause {
    match reason {
        CertificateError::UnknownIssuer => Cause::CertificateUntrusted,
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            Cause::CertificateExpired
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            Cause::CertificateNotYetValid
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            Cause::CertificateWrongName
        }
        _ => Cause::CertificateInvalid,
    }
}
