//! A key file that was recognised.

use base64ct::{Base64, Encoding as _};
use zeroize::Zeroizing;

use crate::asn1::{octets, sequence};
use crate::legacy_pem::LegacyPem;
use crate::pbe::Scheme;
use crate::ppk::Ppk;
use crate::private_key::{self, PublicFacts};
use crate::work::Work;
use crate::{
    Container, Description, Encryption, Flaw, Identity, Key, PassphraseError, Protection, openssh,
    pem, pfx,
};

/// A key file. It is a secret: it cannot be printed, copied or compared, and it is wiped when it is dropped.
///
/// ```compile_fail,E0277
/// # fn show(file: key_file::KeyFile) -> String {
/// format!("{file:?}")
/// # }
/// ```
///
/// ```compile_fail,E0277
/// # fn show(file: key_file::KeyFile) -> String {
/// format!("{file}")
/// # }
/// ```
///
/// ```compile_fail,E0599
/// # fn copy(file: &key_file::KeyFile) -> key_file::KeyFile {
/// file.clone()
/// # }
/// ```
pub struct KeyFile {
    source: Source,
    description: Description,
}

/// What the normal form is made of.
pub(crate) enum Source {
    /// A key of this format, not encrypted.
    Plain(Container, Zeroizing<Vec<u8>>),
    /// Encrypted PKCS#8.
    EncryptedPkcs8(Zeroizing<Vec<u8>>),
    /// Encrypted PEM around this format.
    LegacyPem(Container, LegacyPem),
    /// The bytes inside OpenSSH's PEM.
    OpenSsh(Zeroizing<Vec<u8>>),
    /// PuTTY's format.
    Ppk(Ppk),
    /// PKCS#12.
    Pfx(Zeroizing<Vec<u8>>),
}

impl KeyFile {
    pub(crate) fn new(source: Source) -> Result<Self, Flaw> {
        let description = source.describe()?;
        Ok(Self {
            source,
            description,
        })
    }

    /// What is known without the passphrase.
    pub fn description(&self) -> &Description {
        &self.description
    }

    /// Whether nobody can read it without a passphrase.
    pub fn needs_passphrase(&self) -> bool {
        matches!(self.description.protection, Protection::Encrypted(_))
    }

    /// Decrypts as far as it takes to know that the passphrase is right, and describes what is inside. A file that needs
    /// none takes any.
    ///
    /// This may take seconds: as long as the file's work factors say, within limits.
    ///
    /// # Errors
    /// [`PassphraseError::Wrong`] if it does not open the file; the others if that cannot be found out.
    pub fn check_passphrase(&self, passphrase: &[u8]) -> Result<Description, PassphraseError> {
        if !self.needs_passphrase() {
            return Ok(self.description.clone());
        }
        match &self.source {
            Source::Plain(..) => Ok(self.description.clone()),
            Source::EncryptedPkcs8(der) => {
                self.opened(Container::Pkcs8, &decrypt(der, passphrase)?)
            }
            Source::LegacyPem(container, pem) => {
                self.opened(*container, &decrypt_legacy(pem, passphrase)?)
            }
            Source::OpenSsh(bytes) => openssh::check(bytes, passphrase),
            Source::Ppk(ppk) => ppk.check(passphrase),
            Source::Pfx(der) => pfx::check(der, passphrase),
        }
    }

    /// [`Self::content`] without its encryption, for PEM around PKCS#1, PKCS#8 and SEC 1. Other formats keep theirs, and the passphrase
    /// has been found to open them.
    ///
    /// # Errors
    /// [`PassphraseError::Wrong`] if it does not open the file; the others if that cannot be found out.
    pub fn unlocked(&self, passphrase: &[u8]) -> Result<Zeroizing<String>, PassphraseError> {
        let (container, der) = match &self.source {
            Source::EncryptedPkcs8(der) => (Container::Pkcs8, decrypt(der, passphrase)?),
            Source::LegacyPem(container, pem) => (*container, decrypt_legacy(pem, passphrase)?),
            _ => {
                self.check_passphrase(passphrase)?;
                return Ok(self.content());
            }
        };
        self.opened(container, &der)?;
        Ok(pem::encode(label(container), "", &der, 64))
    }

    /// What a program signs in with, out of PKCS#12.
    ///
    /// # Errors
    /// [`PassphraseError::Wrong`] if the passphrase does not open the file; [`PassphraseError::Unsupported`] if it holds no private key
    /// with a certificate; the others if it cannot be read.
    pub fn identity(&self, passphrase: &[u8]) -> Result<Identity, PassphraseError> {
        match &self.source {
            Source::Pfx(der) => pfx::identity(der, passphrase),
            _ => Err(PassphraseError::Unsupported("a file without a certificate")),
        }
    }

    /// The file in the form that other programs read: PEM or PuTTY's text, with line feeds; PKCS#12 as one line of base64.
    pub fn content(&self) -> Zeroizing<String> {
        match &self.source {
            Source::Plain(container, der) => pem::encode(label(*container), "", der, 64),
            Source::EncryptedPkcs8(der) => pem::encode("ENCRYPTED PRIVATE KEY", "", der, 64),
            Source::LegacyPem(container, pem) => {
                let (headers, ciphertext) = pem.parts();
                pem::encode(label(*container), &headers, ciphertext, 64)
            }
            Source::OpenSsh(bytes) => pem::encode("OPENSSH PRIVATE KEY", "", bytes, 70),
            Source::Ppk(ppk) => ppk.content(),
            Source::Pfx(der) => Zeroizing::new(Base64::encode_string(der)),
        }
    }

    /// The description of what a passphrase has opened. Padding may be right by chance under a wrong one; a whole key may not.
    fn opened(&self, container: Container, der: &[u8]) -> Result<Description, PassphraseError> {
        sequence(der).ok_or(PassphraseError::Wrong)?;
        let facts = facts(container, der).ok_or(PassphraseError::Damaged)?;
        Ok(Description {
            key: Key::Present(facts.algorithm),
            fingerprint: facts.fingerprint,
            ..self.description.clone()
        })
    }
}

impl Source {
    fn describe(&self) -> Result<Description, Flaw> {
        match self {
            Self::Plain(container, der) => {
                let facts = facts(*container, der).ok_or(Flaw::Structure)?;
                Ok(Description {
                    container: *container,
                    protection: Protection::Open,
                    key: Key::Present(facts.algorithm),
                    fingerprint: facts.fingerprint,
                    certificate: None,
                })
            }
            Self::EncryptedPkcs8(der) => {
                let (scheme, _) = encrypted(der).ok_or(Flaw::Structure)?;
                let encryption = scheme.map_or(Encryption::UNKNOWN, |scheme| scheme.describe());
                Ok(sealed(Container::Pkcs8, encryption))
            }
            Self::LegacyPem(container, pem) => Ok(sealed(*container, pem.encryption())),
            Self::OpenSsh(bytes) => openssh::describe(bytes),
            Self::Ppk(ppk) => ppk.describe(),
            Self::Pfx(der) => pfx::describe(der),
        }
    }
}

fn sealed(container: Container, encryption: Encryption) -> Description {
    Description {
        container,
        protection: Protection::Encrypted(encryption),
        key: Key::Sealed,
        fingerprint: None,
        certificate: None,
    }
}

fn facts(container: Container, der: &[u8]) -> Option<PublicFacts> {
    match container {
        Container::Pkcs1 => private_key::pkcs1(der),
        Container::Sec1 => private_key::sec1(der, None),
        Container::OpensslDsa => private_key::openssl_dsa(der),
        Container::Pkcs8 => private_key::pkcs8(der),
        _ => None,
    }
}

fn label(container: Container) -> &'static str {
    match container {
        Container::Pkcs1 => "RSA PRIVATE KEY",
        Container::Sec1 => "EC PRIVATE KEY",
        Container::OpensslDsa => "DSA PRIVATE KEY",
        _ => "PRIVATE KEY",
    }
}

fn decrypt(der: &[u8], passphrase: &[u8]) -> Result<Zeroizing<Vec<u8>>, PassphraseError> {
    let (scheme, ciphertext) = encrypted(der).ok_or(PassphraseError::Damaged)?;
    let scheme = scheme.ok_or(PassphraseError::Unsupported("this encryption"))?;
    scheme.decrypt(passphrase, ciphertext, &mut Work::of_one_file())
}

fn decrypt_legacy(
    pem: &LegacyPem,
    passphrase: &[u8],
) -> Result<Zeroizing<Vec<u8>>, PassphraseError> {
    let key = pem.decrypt(passphrase);
    let key = key.ok_or(PassphraseError::Unsupported("this cipher"))?;
    key.ok_or(PassphraseError::Wrong)
}

/// EncryptedPrivateKeyInfo: the scheme, if it is known, and the ciphertext.
fn encrypted(der: &[u8]) -> Option<(Option<Scheme<'_>>, &[u8])> {
    match sequence(der)?.as_slice() {
        [identifier, ciphertext] => Some((Scheme::read(*identifier), octets(*ciphertext)?)),
        _ => None,
    }
}
