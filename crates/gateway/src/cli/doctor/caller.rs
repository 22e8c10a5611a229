//! Calls the gateway as a client would, over real connections. Whose certificate it is decides the caller afterwards: what is shown is
//! wanted even when nobody would trust it.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use http::{Request, StatusCode, header};
use http_body_util::{BodyExt, Limited};
use hyper_util::rt::TokioIo;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, SignatureScheme};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::tls::{provider, sha256};

/// A whole call may take so long.
const PATIENCE: Duration = Duration::from_secs(5);
/// What a gateway says of itself is much shorter. In bytes.
const MOST: usize = 64 * 1024;

/// What was answered.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) body: Bytes,
}

/// What was answered over TLS, and the SHA-256 of the certificate that was shown.
pub(super) struct Secured {
    pub(super) certificate_sha256: String,
    pub(super) answer: Answer,
}

/// `GET` over TLS, as somebody who calls the gateway `host`.
pub(super) async fn https(
    address: SocketAddr,
    host: &str,
    authority: &str,
    path: &str,
) -> io::Result<Secured> {
    in_time(async {
        let config = ClientConfig::builder_with_provider(provider())
            .with_safe_default_protocol_versions()
            .map_err(io::Error::other)?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(Whoever(provider())))
            .with_no_client_auth();
        let name = host.trim_matches(['[', ']']).to_owned();
        let name = ServerName::try_from(name).map_err(io::Error::other)?;
        let stream = TcpStream::connect(address).await?;
        let stream = TlsConnector::from(Arc::new(config))
            .connect(name, stream)
            .await?;
        let shown = stream.get_ref().1.peer_certificates();
        let leaf = shown.and_then(<[_]>::first);
        let leaf = leaf.ok_or_else(|| io::Error::other("no certificate was shown"))?;
        Ok(Secured {
            certificate_sha256: sha256(leaf),
            answer: get(stream, authority, path).await?,
        })
    })
    .await
}

/// `GET` without TLS.
pub(super) async fn plain(address: SocketAddr, path: &str) -> io::Result<Answer> {
    in_time(async {
        let stream = TcpStream::connect(address).await?;
        get(stream, &address.to_string(), path).await
    })
    .await
}

async fn in_time<T>(call: impl Future<Output = io::Result<T>>) -> io::Result<T> {
    let late = |_| Err(io::ErrorKind::TimedOut.into());
    tokio::time::timeout(PATIENCE, call)
        .await
        .unwrap_or_else(late)
}

async fn get(
    stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
    authority: &str,
    path: &str,
) -> io::Result<Answer> {
    let handshake = hyper::client::conn::http1::handshake(TokioIo::new(stream));
    let (mut sender, connection) = handshake.await.map_err(io::Error::other)?;
    tokio::spawn(connection);
    let request = Request::get(path).header(header::HOST, authority);
    let request = request.body(Body::empty()).map_err(io::Error::other)?;
    let response = sender.send_request(request).await;
    let response = response.map_err(io::Error::other)?;
    let status = response.status();
    let body = Limited::new(response.into_body(), MOST).collect().await;
    let body = body.map_err(io::Error::other)?.to_bytes();
    Ok(Answer { status, body })
}

/// Whoever has the key of the certificate that is shown.
#[derive(Debug)]
struct Whoever(Arc<CryptoProvider>);

impl ServerCertVerifier for Whoever {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signed, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signed, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
