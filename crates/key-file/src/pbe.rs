//! Encryption under a passphrase as an AlgorithmIdentifier names it: PBES1 and PBES2 of PKCS#5 (RFC 8018), scrypt (RFC 7914),
//! and the schemes of PKCS#12 (RFC 7292, appendix C).

use der::Tag;
use der::asn1::{AnyRef, ObjectIdentifier};
use md5::Md5;
use pbkdf2::pbkdf2_hmac;
use pkcs12::kdf::{Pkcs12KeyType, derive_key};
use sha1::{Digest, Sha1};
use sha2::{Sha256, Sha384, Sha512};
use zeroize::{Zeroize as _, Zeroizing};

use crate::asn1::{algorithm, number, octets, within};
use crate::block_cipher::BlockCipher;
use crate::work::Work;
use crate::{Encryption, Kdf, PassphraseError, oid};

type Bytes = Zeroizing<Vec<u8>>;

/// A scheme and its parameters.
pub(crate) struct Scheme<'a> {
    cipher: BlockCipher,
    derivation: Derivation<'a>,
}

enum Derivation<'a> {
    /// The vector stands in the file.
    Pbes2 {
        kdf: Pbes2Kdf<'a>,
        iv: &'a [u8],
    },
    /// Key and vector come of the passphrase.
    Pbkdf1 {
        hash: Hash,
        salt: &'a [u8],
        rounds: u64,
    },
    Pkcs12 {
        salt: &'a [u8],
        rounds: u64,
    },
}

/// What makes a key in PBES2 and PBMAC1.
pub(crate) enum Pbes2Kdf<'a> {
    Pbkdf2 {
        hash: Hash,
        salt: &'a [u8],
        rounds: u64,
    },
    Scrypt {
        salt: &'a [u8],
        cost: u64,
        block: u64,
        parallelism: u64,
    },
}

/// A hash.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hash {
    Md5,
    Sha1,
    Sha256,
    Sha384,
    Sha512,
}

impl<'a> Scheme<'a> {
    /// None if it is malformed or of no known kind.
    pub(crate) fn read(identifier: AnyRef<'a>) -> Option<Self> {
        let (name, parameters) = algorithm(identifier)?;
        let parameters = within(parameters?, Tag::Sequence)?;
        let [first, second] = parameters.as_slice() else {
            return None;
        };
        let old = |cipher, hash: Option<Hash>| {
            let (salt, rounds) = (octets(*first)?, number(*second)?);
            let derivation = match hash {
                Some(hash) => Derivation::Pbkdf1 { hash, salt, rounds },
                None => Derivation::Pkcs12 { salt, rounds },
            };
            Some(Self { cipher, derivation })
        };
        match name {
            oid::PBES2 => Self::pbes2(*first, *second),
            oid::MD5_DES => old(BlockCipher::Des, Some(Hash::Md5)),
            oid::SHA1_DES => old(BlockCipher::Des, Some(Hash::Sha1)),
            oid::PKCS12_DES3 => old(BlockCipher::Des3, None),
            oid::PKCS12_DES2 => old(BlockCipher::Des2, None),
            oid::PKCS12_RC2_128 => old(BlockCipher::Rc2With128Bits, None),
            oid::PKCS12_RC2_40 => old(BlockCipher::Rc2With40Bits, None),
            _ => None,
        }
    }

    fn pbes2(kdf: AnyRef<'a>, encryption: AnyRef<'a>) -> Option<Self> {
        let (name, parameters) = algorithm(encryption)?;
        let cipher = match name {
            oid::AES_128_CBC => BlockCipher::Aes128,
            oid::AES_192_CBC => BlockCipher::Aes192,
            oid::AES_256_CBC => BlockCipher::Aes256,
            oid::DES_EDE3_CBC => BlockCipher::Des3,
            _ => return None,
        };
        let iv = octets(parameters?)?;
        if iv.len() != cipher.block_length() {
            return None;
        }
        let kdf = Pbes2Kdf::read(kdf)?;
        let derivation = Derivation::Pbes2 { kdf, iv };
        Some(Self { cipher, derivation })
    }

    pub(crate) fn describe(&self) -> Encryption {
        let kdf = match &self.derivation {
            Derivation::Pbes2 { kdf, .. } => kdf.describe(),
            Derivation::Pbkdf1 { hash, rounds, .. } => Kdf::Pbkdf1 {
                hash: hash.name(),
                rounds: *rounds,
            },
            Derivation::Pkcs12 { rounds, .. } => Kdf::Pkcs12 { rounds: *rounds },
        };
        Encryption {
            cipher: self.cipher.name(),
            kdf,
        }
    }

    /// Decrypts. [`PassphraseError::Wrong`] if the padding is wrong; if it is right by chance, what comes out is no DER.
    pub(crate) fn decrypt(
        &self,
        passphrase: &[u8],
        ciphertext: &[u8],
        work: &mut Work,
    ) -> Result<Bytes, PassphraseError> {
        let (key, iv) = self.key_and_iv(passphrase, work)?;
        self.cipher
            .decrypt(&key, &iv, ciphertext)
            .ok_or(PassphraseError::Wrong)
    }

    fn key_and_iv(
        &self,
        passphrase: &[u8],
        work: &mut Work,
    ) -> Result<(Bytes, Bytes), PassphraseError> {
        let (key, iv) = (self.cipher.key_length(), self.cipher.block_length());
        match &self.derivation {
            Derivation::Pbes2 { kdf, iv } => {
                Ok((kdf.derive(passphrase, key, work)?, Bytes::new(iv.to_vec())))
            }
            Derivation::Pbkdf1 { hash, salt, rounds } => {
                let rounds = work.hashes(*rounds, 1)?;
                let made = match hash {
                    Hash::Md5 => pbkdf1::<Md5>(passphrase, salt, rounds),
                    _ => pbkdf1::<Sha1>(passphrase, salt, rounds),
                };
                Ok((made[..8].to_vec().into(), made[8..16].to_vec().into()))
            }
            Derivation::Pkcs12 { salt, rounds } => {
                let passphrase = bmp(passphrase)?;
                let mut derive = |kind, length| {
                    pkcs12_key(Hash::Sha1, &passphrase, salt, kind, *rounds, length, work)
                };
                Ok((
                    derive(Pkcs12KeyType::EncryptionKey, key)?,
                    derive(Pkcs12KeyType::Iv, iv)?,
                ))
            }
        }
    }
}

impl<'a> Pbes2Kdf<'a> {
    pub(crate) fn read(identifier: AnyRef<'a>) -> Option<Self> {
        let (name, parameters) = algorithm(identifier)?;
        let parameters = within(parameters?, Tag::Sequence)?;
        match (name, parameters.as_slice()) {
            (oid::PBKDF2, [salt, rounds, rest @ ..]) => {
                let prf = rest
                    .iter()
                    .find(|any| der::Tagged::tag(*any) == Tag::Sequence);
                let hash = match prf {
                    Some(prf) => Hash::of_hmac(algorithm(*prf)?.0)?,
                    None => Hash::Sha1,
                };
                let (salt, rounds) = (octets(*salt)?, number(*rounds)?);
                Some(Self::Pbkdf2 { hash, salt, rounds })
            }
            (oid::SCRYPT, [salt, cost, block, parallelism, ..]) => Some(Self::Scrypt {
                salt: octets(*salt)?,
                cost: number(*cost)?,
                block: number(*block)?,
                parallelism: number(*parallelism)?,
            }),
            _ => None,
        }
    }

    pub(crate) fn describe(&self) -> Kdf {
        match self {
            Self::Pbkdf2 { hash, rounds, .. } => Kdf::Pbkdf2 {
                hash: hash.name(),
                rounds: *rounds,
            },
            Self::Scrypt {
                cost,
                block,
                parallelism,
                ..
            } => Kdf::Scrypt {
                cost: *cost,
                block: *block,
                parallelism: *parallelism,
            },
        }
    }

    pub(crate) fn derive(
        &self,
        passphrase: &[u8],
        length: usize,
        work: &mut Work,
    ) -> Result<Bytes, PassphraseError> {
        let mut key = Zeroizing::new(vec![0; length]);
        match self {
            Self::Pbkdf2 { hash, salt, rounds } => {
                let blocks = length.div_ceil(hash.length());
                let rounds = work.hashes(*rounds, blocks as u64)?;
                match hash {
                    Hash::Md5 => return Err(PassphraseError::Unsupported("PBKDF2 with MD5")),
                    Hash::Sha1 => pbkdf2_hmac::<Sha1>(passphrase, salt, rounds, &mut key),
                    Hash::Sha256 => pbkdf2_hmac::<Sha256>(passphrase, salt, rounds, &mut key),
                    Hash::Sha384 => pbkdf2_hmac::<Sha384>(passphrase, salt, rounds, &mut key),
                    Hash::Sha512 => pbkdf2_hmac::<Sha512>(passphrase, salt, rounds, &mut key),
                }
            }
            Self::Scrypt {
                salt,
                cost,
                block,
                parallelism,
            } => {
                // A block has 128 bytes times r; the table has N of them, the state p.
                let kib = |count: u64| count.saturating_mul(*block) / 8 + 1;
                work.memory(kib(*cost), *parallelism)?;
                work.memory(kib(*parallelism), 1)?;
                let parameters = scrypt_parameters(*cost, *block, *parallelism);
                let parameters = parameters.ok_or(PassphraseError::Unsupported("this scrypt"))?;
                scrypt::scrypt(passphrase, salt, &parameters, &mut key)
                    .map_err(|_| PassphraseError::Unsupported("this scrypt"))?;
            }
        }
        Ok(key)
    }
}

fn scrypt_parameters(cost: u64, block: u64, parallelism: u64) -> Option<scrypt::Params> {
    if !cost.is_power_of_two() {
        return None;
    }
    let log = u8::try_from(cost.trailing_zeros()).ok()?;
    let (block, parallelism) = (block.try_into().ok()?, parallelism.try_into().ok()?);
    scrypt::Params::new(log, block, parallelism).ok()
}

impl Hash {
    /// The hash that this object identifier names.
    pub(crate) fn of(oid: ObjectIdentifier) -> Option<Self> {
        Some(match oid {
            oid::SHA1 => Self::Sha1,
            oid::SHA256 => Self::Sha256,
            oid::SHA384 => Self::Sha384,
            oid::SHA512 => Self::Sha512,
            _ => return None,
        })
    }

    /// The hash in the HMAC that this object identifier names.
    pub(crate) fn of_hmac(oid: ObjectIdentifier) -> Option<Self> {
        Some(match oid {
            oid::HMAC_SHA1 => Self::Sha1,
            oid::HMAC_SHA256 => Self::Sha256,
            oid::HMAC_SHA384 => Self::Sha384,
            oid::HMAC_SHA512 => Self::Sha512,
            _ => return None,
        })
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Md5 => "MD5",
            Self::Sha1 => "SHA-1",
            Self::Sha256 => "SHA-256",
            Self::Sha384 => "SHA-384",
            Self::Sha512 => "SHA-512",
        }
    }

    /// In bytes.
    pub(crate) fn length(self) -> usize {
        match self {
            Self::Md5 => 16,
            Self::Sha1 => 20,
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }
}

/// RFC 8018, section 5.1.
fn pbkdf1<D: Digest>(passphrase: &[u8], salt: &[u8], rounds: u32) -> Bytes {
    let mut hash = D::new();
    hash.update(passphrase);
    hash.update(salt);
    let mut state = hash.finalize();
    for _ in 1..rounds {
        state = D::digest(&state);
    }
    let made = Zeroizing::new(state.to_vec());
    state.zeroize();
    made
}

/// RFC 7292, appendix B.
pub(crate) fn pkcs12_key(
    hash: Hash,
    passphrase: &[u8],
    salt: &[u8],
    kind: Pkcs12KeyType,
    rounds: u64,
    length: usize,
    work: &mut Work,
) -> Result<Bytes, PassphraseError> {
    let blocks = length.div_ceil(hash.length());
    let rounds = work.hashes(rounds, blocks as u64)?;
    let rounds = i32::try_from(rounds).map_err(|_| PassphraseError::TooMuchWork)?;
    let derived = match hash {
        Hash::Md5 => return Err(PassphraseError::Unsupported("PKCS#12 with MD5")),
        Hash::Sha1 => derive_key::<Sha1>(passphrase, salt, kind, rounds, length),
        Hash::Sha256 => derive_key::<Sha256>(passphrase, salt, kind, rounds, length),
        Hash::Sha384 => derive_key::<Sha384>(passphrase, salt, kind, rounds, length),
        Hash::Sha512 => derive_key::<Sha512>(passphrase, salt, kind, rounds, length),
    };
    Ok(Zeroizing::new(derived))
}

/// A passphrase as PKCS#12 wants it: UTF-16, big end first, with a zero behind.
pub(crate) fn bmp(passphrase: &[u8]) -> Result<Bytes, PassphraseError> {
    let text = std::str::from_utf8(passphrase).map_err(|_| PassphraseError::Wrong)?;
    let mut bytes = Zeroizing::new(Vec::with_capacity(2 * passphrase.len() + 2));
    for unit in text.encode_utf16() {
        bytes.extend_from_slice(&unit.to_be_bytes());
    }
    bytes.extend_from_slice(&[0, 0]);
    Ok(bytes)
}
