//! The MAC over a PKCS#12 file: what tells a wrong passphrase.

use der::Tag;
use der::asn1::AnyRef;
use hmac::{EagerHash, Hmac, KeyInit as _, Mac as _};
use pkcs12::kdf::Pkcs12KeyType;
use sha1::Sha1;
use sha2::{Sha256, Sha384, Sha512};

use crate::asn1::{algorithm, number, octets, within};
use crate::pbe::{Hash, Pbes2Kdf, bmp, pkcs12_key};
use crate::work::Work;
use crate::{Encryption, Kdf, PassphraseError, oid};

/// MacData.
pub(super) struct Mac<'a> {
    /// None if it is of no known kind.
    method: Option<Method<'a>>,
    expected: &'a [u8],
}

enum Method<'a> {
    /// RFC 7292, appendix A.
    Pkcs12 {
        hash: Hash,
        salt: &'a [u8],
        rounds: u64,
    },
    /// RFC 9579.
    Pbmac1 {
        kdf: Pbes2Kdf<'a>,
        key_length: usize,
        hash: Hash,
    },
}

impl<'a> Mac<'a> {
    pub(super) fn read(any: AnyRef<'a>) -> Option<Self> {
        let parts = within(any, Tag::Sequence)?;
        let (info, salt, rounds) = match parts.as_slice() {
            [info, salt] => (info, salt, 1),
            [info, salt, rounds] => (info, salt, number(*rounds)?),
            _ => return None,
        };
        let info = within(*info, Tag::Sequence)?;
        let [identifier, expected] = info.as_slice() else {
            return None;
        };
        let (name, parameters) = algorithm(*identifier)?;
        let method = if name == oid::PBMAC1 {
            parameters.and_then(pbmac1)
        } else {
            let salt = octets(*salt)?;
            Hash::of(name).map(|hash| Method::Pkcs12 { hash, salt, rounds })
        };
        Some(Self {
            method,
            expected: octets(*expected)?,
        })
    }

    pub(super) fn describe(&self) -> Encryption {
        let kdf = match &self.method {
            Some(Method::Pkcs12 { rounds, .. }) => Kdf::Pkcs12 { rounds: *rounds },
            Some(Method::Pbmac1 { kdf, .. }) => kdf.describe(),
            None => Kdf::Unknown,
        };
        Encryption {
            cipher: "MAC only",
            kdf,
        }
    }

    pub(super) fn verify(
        &self,
        message: &[u8],
        passphrase: &[u8],
        work: &mut Work,
    ) -> Result<(), PassphraseError> {
        let method = self.method.as_ref();
        let (hash, key) = match method.ok_or(PassphraseError::Unsupported("this MAC"))? {
            Method::Pbmac1 {
                kdf,
                key_length,
                hash,
            } => (*hash, kdf.derive(passphrase, *key_length, work)?),
            Method::Pkcs12 { hash, salt, rounds } => {
                let length = hash.length();
                let kind = || Pkcs12KeyType::Mac;
                let passphrase = bmp(passphrase)?;
                let key = pkcs12_key(*hash, &passphrase, salt, kind(), *rounds, length, work)?;
                // Some programs write an empty passphrase without the zero behind it.
                if passphrase.len() == 2 && !self.matches(*hash, &key, message) {
                    (
                        *hash,
                        pkcs12_key(*hash, &[], salt, kind(), *rounds, length, work)?,
                    )
                } else {
                    (*hash, key)
                }
            }
        };
        if self.matches(hash, &key, message) {
            Ok(())
        } else {
            Err(PassphraseError::Wrong)
        }
    }

    fn matches(&self, hash: Hash, key: &[u8], message: &[u8]) -> bool {
        match hash {
            Hash::Md5 => false,
            Hash::Sha1 => matches::<Sha1>(key, message, self.expected),
            Hash::Sha256 => matches::<Sha256>(key, message, self.expected),
            Hash::Sha384 => matches::<Sha384>(key, message, self.expected),
            Hash::Sha512 => matches::<Sha512>(key, message, self.expected),
        }
    }
}

fn matches<D: EagerHash>(key: &[u8], message: &[u8], expected: &[u8]) -> bool {
    let Ok(mut mac) = Hmac::<D>::new_from_slice(key) else {
        return false;
    };
    mac.update(message);
    mac.verify_slice(expected).is_ok()
}

fn pbmac1(parameters: AnyRef<'_>) -> Option<Method<'_>> {
    let parameters = within(parameters, Tag::Sequence)?;
    let [kdf, mac] = parameters.as_slice() else {
        return None;
    };
    let hash = Hash::of_hmac(algorithm(*mac)?.0)?;
    // The key's length has to be there: RFC 9579, section 5.
    let inner = within(algorithm(*kdf)?.1?, Tag::Sequence)?;
    let key_length = usize::try_from(number(*inner.get(2)?)?).ok()?;
    (1..=64).contains(&key_length).then_some(())?;
    Some(Method::Pbmac1 {
        kdf: Pbes2Kdf::read(*kdf)?,
        key_length,
        hash,
    })
}
