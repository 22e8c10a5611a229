//! TLS in front of a server that has none.

use std::net::Ipv4Addr;
use std::sync::Arc;

use probe::report::{Cause, Stage};
use probe::request::{Encryption, Request};
use rustls::ServerConfig;
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use crate::certificates::{Authority, Leaf};
use crate::told::Told;

/// What is asked passes over TLS, if its authority is believed, and not otherwise.
pub(crate) async fn check(inner: u16, mut request: Request) {
    let authority = Authority::new("Authority of the test");
    request.destination.port = start(&authority, inner).await;
    request.encryption = Encryption::Required;
    let (stage, cause, _) = Told::failure_of(&request).await;
    assert_eq!((stage, cause), (Stage::Tls, Cause::CertificateUntrusted));
    request.authorities = vec![authority.pem()];
    let told = Told::of(&request).await;
    assert!(told.has_passed(), "{told:?}");
    assert!(told.stage(Stage::Tls).certificate.is_some());
}

/// Its port; it ends with the test.
pub(crate) async fn start(authority: &Authority, inner: u16) -> u16 {
    let (chain, key) = authority.issue(&Leaf::Sound);
    let chain = CertificateDer::pem_slice_iter(chain.as_bytes());
    let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).unwrap();
    let provider = rustls::crypto::aws_lc_rs::default_provider();
    let config = ServerConfig::builder_with_provider(Arc::new(provider))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain.map(Result::unwrap).collect(), key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((outer, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let mut inner = TcpStream::connect((Ipv4Addr::LOCALHOST, inner)).await?;
                let mut outer = acceptor.accept(outer).await?;
                tokio::io::copy_bidirectional(&mut outer, &mut inner).await
            });
        }
    });
    port
}
