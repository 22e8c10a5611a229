//! TLS 1.2 and 1.3 by rustls over aws-lc-rs, HTTP/2 and HTTP/1.1 offered by ALPN (RFC 7301).

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use aws_lc_rs::digest;
use base64ct::{Base64, Encoding};
use envelope::UnixSeconds;
use rustls::ServerConfig;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::ParsedCertificate;
use rustls::sign::CertifiedKey;

use crate::certificate::facts::Facts;
use crate::data_folder;

/// Why the certificate cannot be served. Each sentence names the file and what to do.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read or has no PEM section of the right sort.
    #[error("the TLS {what} {} cannot be read ({reason}); correct the path or restore the file", path.display())]
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
    /// A file of the data folder is gone.
    #[error("the certificate {} is missing; put it back from a copy of the folder, or {advice}", path.display())]
    Lost {
        /// The file.
        path: PathBuf,
        /// What else helps.
        advice: &'static str,
    },
    /// A file of the data folder is not as it was put there.
    #[error("the certificate {} is damaged: {reason}; put it back from a copy of the folder, or {advice}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
        /// What else helps.
        advice: &'static str,
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

/// A certificate with its chain and key, ready to serve.
#[derive(Clone)]
pub struct ServerCertificate {
    config: Arc<ServerConfig>,
    chain: Vec<CertificateDer<'static>>,
    facts: Vec<Facts>,
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
    /// Reads chain and key from PEM files and checks that they are a pair.
    ///
    /// # Errors
    /// See [`TlsError`].
    pub fn load(certificate: &Path, key: &Path) -> Result<Self, TlsError> {
        let content = |what, path: &Path| {
            data_folder::read(path).map_err(|error| TlsError::Unreadable {
                what,
                path: path.to_owned(),
                reason: error.to_string(),
            })
        };
        Self::read(
            &content("certificate", certificate)?,
            &content("private key", key)?,
            certificate,
            key,
        )
    }

    /// As [`ServerCertificate::load`], from texts that were read already; the paths are named in errors only.
    ///
    /// # Errors
    /// See [`TlsError`].
    pub fn read(
        chain: &[u8],
        key: &[u8],
        certificate_path: &Path,
        key_path: &Path,
    ) -> Result<Self, TlsError> {
        let unreadable = |what, path: &Path, reason: String| TlsError::Unreadable {
            what,
            path: path.to_owned(),
            reason,
        };
        let chain: Vec<_> = CertificateDer::pem_slice_iter(chain)
            .collect::<Result<_, _>>()
            .map_err(|error| unreadable("certificate", certificate_path, error.to_string()))?;
        let Some(leaf) = chain.first() else {
            return Err(TlsError::Empty {
                path: certificate_path.to_owned(),
            });
        };
        let facts: Vec<_> = chain
            .iter()
            .map(Facts::of)
            .collect::<Result<_, _>>()
            .map_err(|error| unreadable("certificate", certificate_path, error.to_string()))?;
        let key = PrivateKeyDer::from_pem_slice(key)
            .map_err(|error| unreadable("private key", key_path, no_key(&error, key)))?;
        let unusable = |error: rustls::Error| TlsError::Unusable {
            certificate: certificate_path.to_owned(),
            key: key_path.to_owned(),
            reason: no_pair(&error),
        };
        let fingerprint = CertificateFingerprint::of(leaf).map_err(unusable)?;
        let pair = CertifiedKey::from_der(chain.clone(), key, &provider()).map_err(unusable)?;
        let config = server_config(pair).map_err(unusable)?;
        Ok(Self {
            config: Arc::new(config),
            chain,
            facts,
            fingerprint,
        })
    }

    /// The leaf, then what came with it. Never empty.
    #[must_use]
    pub fn chain(&self) -> &[CertificateDer<'static>] {
        &self.chain
    }

    /// What is written in each certificate of the chain.
    #[must_use]
    pub fn facts(&self) -> &[Facts] {
        &self.facts
    }

    /// When the first certificate of the chain ends.
    #[must_use]
    pub fn expires_at(&self) -> UnixSeconds {
        let ends = self.facts.iter().map(|facts| facts.not_after);
        ends.min().unwrap_or(UnixSeconds(0))
    }

    /// The leaf's fingerprints.
    #[must_use]
    pub fn fingerprint(&self) -> &CertificateFingerprint {
        &self.fingerprint
    }
}

/// The certificate that new connections are shown: a handle, whose clones all mean the same. Connections that are open keep the
/// one that they began with.
#[derive(Clone)]
pub struct Served(Arc<RwLock<Arc<ServerCertificate>>>);

impl Served {
    /// Shows this one.
    #[must_use]
    pub fn new(certificate: ServerCertificate) -> Self {
        Self(Arc::new(RwLock::new(Arc::new(certificate))))
    }

    /// The one that is shown now.
    #[must_use]
    pub fn now(&self) -> Arc<ServerCertificate> {
        let certificate = self.0.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&certificate)
    }

    /// Shows this one to every connection that begins from now on.
    pub fn replace(&self, certificate: ServerCertificate) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(certificate);
    }

    /// The rustls configuration for a connection that begins now. Each certificate has its own, and with it its own memory of
    /// sessions: none is resumed that began under another certificate.
    #[must_use]
    pub fn config(&self) -> Arc<ServerConfig> {
        Arc::clone(&self.now().config)
    }
}

impl CertificateFingerprint {
    fn of(leaf: &CertificateDer<'_>) -> Result<Self, rustls::Error> {
        let spki = ParsedCertificate::try_from(leaf)?.subject_public_key_info();
        let public_key = digest::digest(&digest::SHA256, &spki);
        Ok(Self {
            certificate_sha256: sha256(leaf),
            spki_sha256: Base64::encode_string(public_key.as_ref()),
        })
    }
}

/// SHA-256, 64 lower-case hexadecimal digits; of a certificate's DER it is its fingerprint.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    let digest = digest::digest(&digest::SHA256, bytes);
    digest
        .as_ref()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// The one provider for TLS: the library that also opens the envelopes.
#[must_use]
pub fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::aws_lc_rs::default_provider())
}

/// Why there is no key in the text. None of the text is told.
fn no_key(error: &rustls::pki_types::pem::Error, text: &[u8]) -> String {
    let is_protected = text
        .windows(b"ENCRYPTED".len())
        .any(|part| part == b"ENCRYPTED");
    if is_protected {
        return "it has a passphrase; take that off with `openssl pkey -in FILE -out NEWFILE`"
            .to_owned();
    }
    error.to_string()
}

fn no_pair(error: &rustls::Error) -> String {
    match error {
        rustls::Error::InconsistentKeys(_) => "the key is of another certificate".to_owned(),
        rustls::Error::General(reason) => format!(
            "{reason}: it must be RSA with 2048 to 8192 bits or ECDSA on P-256, P-384 or P-521"
        ),
        other => other.to_string(),
    }
}

fn server_config(pair: CertifiedKey) -> Result<ServerConfig, rustls::Error> {
    let mut config = ServerConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(rustls::sign::SingleCertAndKey::from(pair)));
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}
