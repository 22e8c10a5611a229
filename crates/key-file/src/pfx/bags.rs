//! The bags in a PKCS#12 file: keys, certificates, and bags of them.

use der::Tag;
use der::asn1::AnyRef;
use zeroize::Zeroizing;

use super::members;
use crate::asn1::{explicit, octets, oid, sequence, within};
use crate::certificate::Certificate;
use crate::pbe::Scheme;
use crate::private_key::{self, PublicFacts};
use crate::work::Work;
use crate::{Encryption, Identity, PassphraseError, oid};

/// How deep bags may lie in bags.
const MAX_DEPTH: usize = 4;

/// What was found. The order is the file's.
#[derive(Default)]
pub(super) struct Bags {
    keys: Vec<(PrivateKey, Vec<u8>)>,
    certificates: Vec<(Certificate, Vec<u8>, Vec<u8>)>,
}

/// A private key, as PKCS#8.
struct PrivateKey {
    facts: PublicFacts,
    der: Zeroizing<Vec<u8>>,
}

/// One bag.
struct Bag<'a> {
    kind: der::asn1::ObjectIdentifier,
    value: AnyRef<'a>,
    /// What ties a key to its certificate; empty when there is none.
    local_key_id: &'a [u8],
}

impl Bags {
    /// Takes what is in a SafeContents.
    pub(super) fn add(
        &mut self,
        safe: &[u8],
        passphrase: &[u8],
        work: &mut Work,
    ) -> Result<(), PassphraseError> {
        let bags = sequence(safe).ok_or(PassphraseError::Damaged)?;
        self.add_all(bags, passphrase, work, 0)
    }

    fn add_all(
        &mut self,
        bags: Vec<AnyRef<'_>>,
        passphrase: &[u8],
        work: &mut Work,
        depth: usize,
    ) -> Result<(), PassphraseError> {
        for bag in bags {
            let bag = Bag::read(bag).ok_or(PassphraseError::Damaged)?;
            if bag.kind == oid::NESTED_BAG {
                let inner = within(bag.value, Tag::Sequence);
                let inner = inner.filter(|_| depth < MAX_DEPTH);
                let inner = inner.ok_or(PassphraseError::Damaged)?;
                self.add_all(inner, passphrase, work, depth + 1)?;
                continue;
            }
            if bag.kind == oid::CERTIFICATE_BAG {
                if let Some((certificate, der)) = bag.certificate() {
                    self.certificates
                        .push((certificate, bag.id(), der.to_vec()));
                }
                continue;
            }
            if let Some(key) = bag.key(passphrase, work)? {
                self.keys.push((key, bag.id()));
            }
        }
        Ok(())
    }

    pub(super) fn key(&self) -> Option<PublicFacts> {
        self.keys.first().map(|(key, _)| key.facts)
    }

    /// The key's certificate; the first where none belongs to it.
    pub(super) fn certificate(&self) -> Option<Certificate> {
        let (certificate, _, _) = self.certificates.get(self.own_certificate())?;
        Some(certificate.clone())
    }

    /// The key and its certificate, which comes before the others.
    pub(super) fn into_identity(mut self) -> Option<Identity> {
        let own = self.own_certificate();
        self.certificates.get_mut(..=own)?.rotate_right(1);
        let (key, _) = self.keys.into_iter().next()?;
        let certificates = self.certificates.into_iter();
        Some(Identity {
            private_key: key.der,
            certificates: certificates.map(|(_, _, der)| der).collect(),
        })
    }

    fn own_certificate(&self) -> usize {
        let id = self.keys.first().map_or(&[][..], |(_, id)| id);
        let mut ids = self.certificates.iter().map(|(_, found, _)| found);
        ids.position(|found| found == id).unwrap_or(0)
    }
}

impl<'a> Bag<'a> {
    fn read(any: AnyRef<'a>) -> Option<Self> {
        let parts = within(any, Tag::Sequence)?;
        let [kind, value, attributes @ ..] = parts.as_slice() else {
            return None;
        };
        let local_key_id = attributes.first().and_then(|all| local_key_id(*all));
        Some(Self {
            kind: oid(*kind)?,
            value: explicit(*value, 0)?,
            local_key_id: local_key_id.unwrap_or_default(),
        })
    }

    fn id(&self) -> Vec<u8> {
        self.local_key_id.to_vec()
    }

    fn key(
        &self,
        passphrase: &[u8],
        work: &mut Work,
    ) -> Result<Option<PrivateKey>, PassphraseError> {
        use der::Encode as _;
        let der = match self.kind {
            oid::KEY_BAG => {
                let der = self.value.to_der().map(Zeroizing::new);
                der.map_err(|_| PassphraseError::Damaged)?
            }
            oid::SHROUDED_KEY_BAG => {
                let (scheme, ciphertext) = shrouded(self.value).ok_or(PassphraseError::Damaged)?;
                let scheme = scheme.ok_or(PassphraseError::Unsupported("this encryption"))?;
                let der = scheme.decrypt(passphrase, ciphertext, work)?;
                sequence(&der).ok_or(PassphraseError::Wrong)?;
                der
            }
            // Lists of revoked certificates, and secrets of other kinds.
            _ => return Ok(None),
        };
        let facts = private_key::pkcs8(&der).ok_or(PassphraseError::Damaged)?;
        Ok(Some(PrivateKey { facts, der }))
    }

    fn certificate(&self) -> Option<(Certificate, &'a [u8])> {
        match within(self.value, Tag::Sequence)?.as_slice() {
            [kind, value] if oid(*kind)? == oid::X509_CERTIFICATE => {
                let der = octets(explicit(*value, 0)?)?;
                Some((Certificate::read(der)?, der))
            }
            _ => None,
        }
    }
}

/// How the private key is encrypted, where its bag can be seen.
pub(super) fn encryption_of_key(safe: &[u8]) -> Option<Encryption> {
    sequence(safe)?.into_iter().find_map(|bag| {
        let bag = Bag::read(bag).filter(|bag| bag.kind == oid::SHROUDED_KEY_BAG)?;
        let (scheme, _) = shrouded(bag.value)?;
        Some(scheme.map_or(Encryption::UNKNOWN, |scheme| scheme.describe()))
    })
}

/// EncryptedPrivateKeyInfo: the scheme, if it is known, and the ciphertext.
fn shrouded(any: AnyRef<'_>) -> Option<(Option<Scheme<'_>>, &[u8])> {
    match within(any, Tag::Sequence)?.as_slice() {
        [identifier, ciphertext] => Some((Scheme::read(*identifier), octets(*ciphertext)?)),
        _ => None,
    }
}

fn local_key_id(attributes: AnyRef<'_>) -> Option<&[u8]> {
    members(attributes)?.into_iter().find_map(|attribute| {
        match within(attribute, Tag::Sequence)?.as_slice() {
            [kind, values] if oid(*kind)? == oid::LOCAL_KEY_ID => {
                octets(*members(*values)?.first()?)
            }
            _ => None,
        }
    })
}
