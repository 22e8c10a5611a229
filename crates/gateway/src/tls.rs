//! TLS 1.2 and 1.3 by rustls over aws-lc-rs, HTTP/2 and HTTP/1.1 offered by ALPN (RFC 7301).

use std::path::{Path, PathBuf};
use std::sync::Arc;

use aws_lc_rs::digest;
use base64ct::{Base64, Encoding};
use rustls::ServerConfig;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::ParsedCertificate;
use rustls::sign::CertifiedKey;

use crate::config::Config;
use crate::data_folder::DataFolder;

/// Why the certificate cannot be served. Each sentence names the file and what to do.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read or has no PEM section of the right sort.
    #[error("the TLS {what} {} cannot be read ({reason}); correct the path under [tls] in gateway.toml or restore the file", path.display())]
    Unreadable {
        /// "certificate" or "private key".
        what: &'static str,
        /// The file.
        path: PathBuf,
        /// What the PEM reader said.
        reason: String,
    },
    /// The certificate has no certificate in it.
    #[error("the TLS certificate {} contains no certificate; it must be PEM, the leaf first", path.display())]
    Empty {
        /// The file.
        path: PathBuf,
    },
    /// Key and certificate do not belong together, or rustls cannot use one of them.
    #[error(
        "the TLS certificate {} and the private key {} cannot be used together ({reason}); they must be a pair, and the first certificate in the file must be the leaf",
        certificate.display(), key.display()
    )]
    Unusable {
        /// The certificate's file.
        certificate: PathBuf,
        /// The key's file.
        key: PathBuf,
        /// What rustls said.
        reason: String,
    },
}

/// Where the PEM files are.
pub struct Files {
    /// The private CA's certificate, to be trusted by browsers.
    pub ca_certificate: PathBuf,
    /// The private CA's key.
    pub ca_key: PathBuf,
    /// The chain that is shown, leaf first.
    pub certificate: PathBuf,
    /// The leaf's key.
    pub key: PathBuf,
}

impl Files {
    /// The files that `init` makes.
    #[must_use]
    pub fn in_folder(folder: &DataFolder) -> Self {
        let at = |name| folder.tls().join(name);
        Self {
            ca_certificate: at("ca.pem"),
            ca_key: at("ca.key"),
            certificate: at("leaf.pem"),
            key: at("leaf.key"),
        }
    }
}

/// The certificate that the gateway shows, with its key, ready to serve.
#[derive(Clone)]
pub struct ServerCertificate {
    config: Arc<ServerConfig>,
    fingerprint: CertificateFingerprint,
}

/// What people and test browsers compare.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateFingerprint {
    /// SHA-256 of the leaf's DER, 64 lower-case hexadecimal digits.
    pub certificate_sha256: String,
    /// SHA-256 of the leaf's SubjectPublicKeyInfo, base64 with padding (as in RFC 7469 and Chromium's switches).
    pub spki_sha256: String,
}

impl ServerCertificate {
    /// The administrator's certificate if the configuration names one, else the one that `init` made.
    ///
    /// # Errors
    /// See [`TlsError`].
    pub fn of(folder: &DataFolder, config: &Config) -> Result<Self, TlsError> {
        match &config.tls {
            Some(files) => Self::load(&files.certificate, &files.key),
            None => {
                let files = Files::in_folder(folder);
                Self::load(&files.certificate, &files.key)
            }
        }
    }

    /// Reads chain and key from PEM files and checks that they are a pair.
    ///
    /// # Errors
    /// See [`TlsError`].
    pub fn load(certificate: &Path, key: &Path) -> Result<Self, TlsError> {
        let unreadable =
            |what, path: &Path, error: rustls::pki_types::pem::Error| TlsError::Unreadable {
                what,
                path: path.to_owned(),
                reason: error.to_string(),
            };
        let chain = CertificateDer::pem_file_iter(certificate)
            .and_then(Iterator::collect::<Result<Vec<_>, _>>)
            .map_err(|error| unreadable("certificate", certificate, error))?;
        let Some(leaf) = chain.first() else {
            return Err(TlsError::Empty {
                path: certificate.to_owned(),
            });
        };
        let private_key = PrivateKeyDer::from_pem_file(key)
            .map_err(|error| unreadable("private key", key, error))?;
        let unusable = |error: rustls::Error| TlsError::Unusable {
            certificate: certificate.to_owned(),
            key: key.to_owned(),
            reason: error.to_string(),
        };
        let fingerprint = CertificateFingerprint::of(leaf).map_err(unusable)?;
        let pair = CertifiedKey::from_der(chain, private_key, &provider()).map_err(unusable)?;
        let config = server_config(pair).map_err(unusable)?;
        Ok(Self {
            config: Arc::new(config),
            fingerprint,
        })
    }

    /// The rustls configuration that shows this certificate.
    #[must_use]
    pub fn config(&self) -> Arc<ServerConfig> {
        Arc::clone(&self.config)
    }

    /// The leaf's fingerprints.
    #[must_use]
    pub fn fingerprint(&self) -> &CertificateFingerprint {
        &self.fingerprint
    }
}

impl CertificateFingerprint {
    fn of(leaf: &CertificateDer<'_>) -> Result<Self, rustls::Error> {
        let spki = ParsedCertificate::try_from(leaf)?.subject_public_key_info();
        let certificate = digest::digest(&digest::SHA256, leaf);
        let public_key = digest::digest(&digest::SHA256, &spki);
        Ok(Self {
            certificate_sha256: hexadecimal(certificate.as_ref()),
            spki_sha256: Base64::encode_string(public_key.as_ref()),
        })
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The one provider for TLS: the library that also opens the envelopes.
#[must_use]
pub fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::aws_lc_rs::default_provider())
}

fn server_config(pair: CertifiedKey) -> Result<ServerConfig, rustls::Error> {
    let mut config = ServerConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(rustls::sign::SingleCertAndKey::from(pair)));
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}
