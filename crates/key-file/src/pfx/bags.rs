//! The bags in a PKCS#12 file: keys, certificates, and bags of them.

use der::Tag;
use der::asn1::AnyRef;

use super::members;
use crate::asn1::{explicit, octets, oid, sequence, within};
use crate::certificate::Certificate;
use crate::pbe::Scheme;
use crate::private_key::{self, PublicFacts};
use crate::work::Work;
use crate::{Encryption, PassphraseError, oid};

/// How deep bags may lie in bags.
const MAX_DEPTH: usize = 4;

/// What was found. The order is the file's.
#[derive(Default)]
pub(super) struct Bags {
    keys: Vec<(PublicFacts, Vec<u8>)>,
    certificates: Vec<(Certificate, Vec<u8>)>,
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
                if let Some(certificate) = bag.certificate() {
                    self.certificates.push((certificate, bag.id()));
                }
                continue;
            }
            if let Some(facts) = bag.key(passphrase, work)? {
                self.keys.push((facts, bag.id()));
            }
        }
        Ok(())
    }

    pub(super) fn key(&self) -> Option<PublicFacts> {
        self.keys.first().map(|(facts, _)| *facts)
    }

    /// The key's certificate; the first where none belongs to it.
    pub(super) fn certificate(&self) -> Option<Certificate> {
        let id = self.keys.first().map_or(&[][..], |(_, id)| id);
        let own = self.certificates.iter().find(|(_, found)| *found == id);
        let chosen = own.or(self.certificates.first());
        chosen.map(|(certificate, _)| certificate.clone())
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
    ) -> Result<Option<PublicFacts>, PassphraseError> {
        use der::Encode as _;
        let facts = match self.kind {
            oid::KEY_BAG => {
                let der = self.value.to_der().map(zeroize::Zeroizing::new);
                der.ok().and_then(|der| private_key::pkcs8(&der))
            }
            oid::SHROUDED_KEY_BAG => {
                let (scheme, ciphertext) = shrouded(self.value).ok_or(PassphraseError::Damaged)?;
                let scheme = scheme.ok_or(PassphraseError::Unsupported("this encryption"))?;
                let der = scheme.decrypt(passphrase, ciphertext, work)?;
                sequence(&der).ok_or(PassphraseError::Wrong)?;
                private_key::pkcs8(&der)
            }
            // Lists of revoked certificates, and secrets of other kinds.
            _ => return Ok(None),
        };
        facts.map(Some).ok_or(PassphraseError::Damaged)
    }

    fn certificate(&self) -> Option<Certificate> {
        match within(self.value, Tag::Sequence)?.as_slice() {
            [kind, value] if oid(*kind)? == oid::X509_CERTIFICATE => {
                Certificate::read(octets(explicit(*value, 0)?)?)
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
