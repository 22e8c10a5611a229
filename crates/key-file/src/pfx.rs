//! PKCS#12 (RFC 7292): what Windows exports with a certificate, and `openssl pkcs12 -export` writes.

mod bags;
mod mac;

use der::Tag;
use der::asn1::AnyRef;

use crate::asn1::{algorithm, elements, explicit, number, octets, oid, sequence, within};
use crate::pbe::Scheme;
use crate::work::Work;
use crate::{
    Container, Description, Encryption, Flaw, Identity, Key, PassphraseError, Protection, oid,
};
use bags::Bags;
use mac::Mac;

/// The parts of a file.
struct Pfx<'a> {
    /// What the MAC covers.
    authenticated: &'a [u8],
    contents: Vec<Content<'a>>,
    mac: Option<Mac<'a>>,
}

/// One ContentInfo.
enum Content<'a> {
    Clear(&'a [u8]),
    Encrypted {
        /// None if it is of no known kind.
        scheme: Option<Scheme<'a>>,
        ciphertext: &'a [u8],
    },
    /// Under a public key instead of a passphrase: Windows protects files for an account so.
    Enveloped,
}

impl<'a> Pfx<'a> {
    fn read(der: &'a [u8]) -> Option<Self> {
        let parts = sequence(der)?;
        let (version, safe, mac) = match parts.as_slice() {
            [version, safe] => (version, safe, None),
            [version, safe, mac] => (version, safe, Some(Mac::read(*mac)?)),
            _ => return None,
        };
        if number(*version)? != 3 {
            return None;
        }
        let (kind, content) = content_info(*safe)?;
        if kind != oid::PKCS7_DATA {
            return None;
        }
        let authenticated = octets(content)?;
        let contents = sequence(authenticated)?;
        let contents: Option<Vec<_>> = contents.into_iter().map(Content::read).collect();
        Some(Self {
            authenticated,
            contents: contents?,
            mac,
        })
    }
}

impl<'a> Content<'a> {
    fn read(info: AnyRef<'a>) -> Option<Self> {
        let (kind, content) = content_info(info)?;
        match kind {
            oid::PKCS7_DATA => octets(content).map(Self::Clear),
            oid::PKCS7_ENVELOPED => Some(Self::Enveloped),
            oid::PKCS7_ENCRYPTED => {
                let parts = within(content, Tag::Sequence)?;
                let info = within(*parts.get(1)?, Tag::Sequence)?;
                let [_, identifier, ciphertext] = info.as_slice() else {
                    return None;
                };
                algorithm(*identifier)?;
                let primitive = Tag::ContextSpecific {
                    constructed: false,
                    number: der::TagNumber(0),
                };
                let is_primitive = der::Tagged::tag(ciphertext) == primitive;
                is_primitive.then(|| Self::Encrypted {
                    scheme: Scheme::read(*identifier),
                    ciphertext: ciphertext.value(),
                })
            }
            _ => None,
        }
    }
}

/// Kind and content of a ContentInfo.
fn content_info(any: AnyRef<'_>) -> Option<(der::asn1::ObjectIdentifier, AnyRef<'_>)> {
    match within(any, Tag::Sequence)?.as_slice() {
        [kind, content] => Some((oid(*kind)?, explicit(*content, 0)?)),
        _ => None,
    }
}

/// Describes a file without its passphrase.
pub(crate) fn describe(der: &[u8]) -> Result<Description, Flaw> {
    let pfx = Pfx::read(der).ok_or(Flaw::Structure)?;
    let encryption = pfx.encryption();
    if encryption.is_none() && pfx.mac.is_none() {
        let open = pfx.open(&[], &mut Work::unnoticed());
        return open.map_err(|_| Flaw::Structure);
    }
    // With an empty passphrase it is no more protected than without one.
    if let Ok(description) = pfx.open(&[], &mut Work::unnoticed()) {
        return Ok(Description {
            protection: Protection::Open,
            ..description
        });
    }
    Ok(description(pfx.protection(), Key::Sealed))
}

/// Tries a passphrase, and describes what it opens.
pub(crate) fn check(der: &[u8], passphrase: &[u8]) -> Result<Description, PassphraseError> {
    let pfx = Pfx::read(der).ok_or(PassphraseError::Damaged)?;
    pfx.open(passphrase, &mut Work::of_one_file())
}

/// The private key and the certificates, if there are both.
pub(crate) fn identity(der: &[u8], passphrase: &[u8]) -> Result<Identity, PassphraseError> {
    let pfx = Pfx::read(der).ok_or(PassphraseError::Damaged)?;
    let bags = pfx.bags(passphrase, &mut Work::of_one_file())?;
    let what = "a file without a private key and its certificate";
    bags.into_identity()
        .ok_or(PassphraseError::Unsupported(what))
}

impl Pfx<'_> {
    fn open(&self, passphrase: &[u8], work: &mut Work) -> Result<Description, PassphraseError> {
        let bags = self.bags(passphrase, work)?;
        Ok(Description {
            certificate: bags.certificate(),
            fingerprint: bags.key().and_then(|facts| facts.fingerprint),
            ..description(
                self.protection(),
                bags.key()
                    .map_or(Key::Absent, |facts| Key::Present(facts.algorithm)),
            )
        })
    }

    fn bags(&self, passphrase: &[u8], work: &mut Work) -> Result<Bags, PassphraseError> {
        if let Some(mac) = &self.mac {
            mac.verify(self.authenticated, passphrase, work)?;
        }
        let mut bags = Bags::default();
        for content in &self.contents {
            match content {
                Content::Clear(safe) => bags.add(safe, passphrase, work)?,
                Content::Encrypted { scheme, ciphertext } => {
                    let scheme = scheme
                        .as_ref()
                        .ok_or(PassphraseError::Unsupported("this encryption"))?;
                    let safe = scheme.decrypt(passphrase, ciphertext, work)?;
                    // Without a MAC, wrong padding may be right by chance.
                    sequence(&safe).ok_or(PassphraseError::Wrong)?;
                    bags.add(&safe, passphrase, work)?;
                }
                Content::Enveloped => {
                    let what = "a file that is protected for an account of Windows";
                    return Err(PassphraseError::Unsupported(what));
                }
            }
        }
        Ok(bags)
    }

    fn protection(&self) -> Protection {
        match (self.encryption(), &self.mac) {
            (Some(encryption), _) => Protection::Encrypted(encryption),
            (None, Some(mac)) => Protection::Encrypted(mac.describe()),
            (None, None) => Protection::Open,
        }
    }

    /// Of the private key where that can be seen, else of the first part that is encrypted.
    fn encryption(&self) -> Option<Encryption> {
        let key = self.contents.iter().find_map(|content| match content {
            Content::Clear(safe) => bags::encryption_of_key(safe),
            _ => None,
        });
        key.or_else(|| {
            self.contents.iter().find_map(|content| match content {
                Content::Encrypted { scheme, .. } => Some(
                    scheme
                        .as_ref()
                        .map_or(Encryption::UNKNOWN, Scheme::describe),
                ),
                Content::Enveloped => Some(Encryption::UNKNOWN),
                Content::Clear(_) => None,
            })
        })
    }
}

fn description(protection: Protection, key: Key) -> Description {
    Description {
        container: Container::Pfx,
        protection,
        key,
        fingerprint: None,
        certificate: None,
    }
}

/// The elements of a SET or SEQUENCE, whichever it is.
fn members(any: AnyRef<'_>) -> Option<Vec<AnyRef<'_>>> {
    elements(any.value())
}
