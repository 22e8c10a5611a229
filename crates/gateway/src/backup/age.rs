//! The age format, version 1 (<https://c2sp.org/age>), for as much of it as a backup needs: recovery keys are X25519
//! recipients as the tool `age` has them, and a passphrase has a stanza of our own, because age's goes through scrypt.
//!
//! ```text
//! file       = header, 16 random bytes, chunks
//! header     = "age-encryption.org/v1", a stanza for each key that opens the file, HMAC-SHA256 over all of it
//! stanza     = the file key (16 random bytes) encrypted under a key that only whoever may open the file can work out
//! mac key    = HKDF-SHA256(file key, info = "header")
//! chunk key  = HKDF-SHA256(file key, salt = the 16 random bytes, info = "payload")
//! chunk      = ChaCha20-Poly1305(chunk key, nonce = number of the chunk, 1 if it is the last, up to 64 KiB)
//! ```
//! Nothing here is particular to backups. It is written on top of the gateway's one library for cryptography: the crate of
//! that name would bring 130 others along.

pub mod passphrase;
pub mod recovery_key;

mod header;
mod stanza;
mod stream;

use std::io::{self, BufRead, Write};

use aws_lc_rs::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType, Salt};
use zeroize::Zeroizing;

use header::Header;
use passphrase::{Cost, Passphrase};
use recovery_key::{RecoveryIdentity, RecoveryKey};
use stanza::Stanza;
pub use stream::{Decrypting, Encrypting};

const FILE_KEY_BYTES: usize = 16;
const KEY_BYTES: usize = 32;
const TAG_BYTES: usize = 16;

/// A file key encrypted in a stanza, in bytes.
const WRAPPED_BYTES: usize = FILE_KEY_BYTES + TAG_BYTES;

/// What will open the file that is being written.
pub enum Lock<'a> {
    /// A passphrase, and what trying one is to cost.
    Passphrase(&'a Passphrase, Cost),
    /// The identity of any one of these.
    RecoveryKeys(&'a [RecoveryKey]),
}

/// What a file is opened with.
pub enum Opener {
    /// The passphrase, and what trying it may cost.
    Passphrase(Passphrase, Cost),
    /// The identities of recovery keys, one of which the file is for.
    Identities(Vec<RecoveryIdentity>),
}

/// Why a file does not open.
#[derive(Debug, thiserror::Error)]
pub enum AgeError {
    /// Not a file of this format, or its header was changed.
    #[error("that is no backup, or its header was changed: {0}")]
    Header(&'static str),
    /// The passphrase is not the one.
    #[error("the passphrase is not the one that the backup was made with")]
    WrongPassphrase,
    /// No identity is one of those.
    #[error("none of the given identities is that of a recovery key that the backup was made for")]
    NoIdentityFits,
    /// A passphrase was given, and the file is for recovery keys.
    #[error("the backup was made for recovery keys: name the file of an identity with --identity")]
    IsForRecoveryKeys,
    /// An identity was given, and the file is for a passphrase.
    #[error("the backup was made with a passphrase, not for a recovery key")]
    IsForPassphrase,
    /// Trying the passphrase would cost more than was allowed.
    #[error(
        "the backup demands {memory_mebibytes} MiB of memory and {passes} passes over it for its passphrase: more than is allowed, unless --memory says so"
    )]
    TooCostly {
        /// What it demands, in MiB.
        memory_mebibytes: u32,
        /// How often all of it is gone through.
        passes: u32,
    },
    /// There is not so much memory.
    #[error(
        "the passphrase takes {memory_mebibytes} MiB of memory, which this machine does not have free"
    )]
    NoMemory {
        /// What it takes, in MiB.
        memory_mebibytes: u32,
    },
    /// The cryptographic library failed.
    #[error("the cryptographic library failed")]
    Library,
    /// The file could not be read or written.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// Begins a file. Nothing is whole before [`Encrypting::finish`].
///
/// # Errors
/// [`AgeError::Io`], [`AgeError::Library`], [`AgeError::NoMemory`].
pub fn encrypt<W: Write>(mut sink: W, lock: &Lock<'_>) -> Result<Encrypting<W>, AgeError> {
    let mut file_key = FileKey(Zeroizing::new([0; FILE_KEY_BYTES]));
    random(file_key.0.as_mut_slice())?;
    let stanzas = match lock {
        Lock::Passphrase(passphrase, cost) => vec![passphrase.wrap(&file_key, *cost)?],
        Lock::RecoveryKeys(keys) => {
            let wrapped = keys.iter().map(|key| key.wrap(&file_key));
            wrapped.collect::<Result<_, _>>()?
        }
    };
    header::write(&mut sink, &stanzas, &file_key)?;
    let mut nonce = [0; stream::NONCE_BYTES];
    random(&mut nonce)?;
    sink.write_all(&nonce)?;
    Encrypting::new(sink, &*file_key.derive(&nonce, b"payload")?)
}

/// Opens a file: what is read from the result is what was written, or an error of the kind `InvalidData`.
///
/// # Errors
/// See [`AgeError`].
pub fn decrypt<R: BufRead>(mut source: R, opener: &Opener) -> Result<Decrypting<R>, AgeError> {
    let header = Header::read(&mut source)?;
    let file_key = unwrap(header.stanzas(), opener)?;
    header.verify(&file_key)?;
    let mut nonce = [0; stream::NONCE_BYTES];
    source
        .read_exact(&mut nonce)
        .map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => AgeError::Header("it is cut off"),
            _ => error.into(),
        })?;
    Decrypting::new(source, &*file_key.derive(&nonce, b"payload")?)
}

fn unwrap(stanzas: &[Stanza], opener: &Opener) -> Result<FileKey, AgeError> {
    let for_passphrase = stanzas.iter().any(|stanza| stanza.is(passphrase::STANZA));
    match opener {
        // A passphrase is alone: whoever knows it shall know that nobody else reads the file.
        _ if for_passphrase && stanzas.len() != 1 => {
            Err(AgeError::Header("a passphrase must be alone"))
        }
        Opener::Passphrase(passphrase, allowed) if for_passphrase => {
            passphrase.unwrap(&stanzas[0], *allowed)
        }
        Opener::Passphrase(..) => Err(AgeError::IsForRecoveryKeys),
        Opener::Identities(_) if for_passphrase => Err(AgeError::IsForPassphrase),
        Opener::Identities(identities) => {
            let mut found = None;
            // Every stanza is looked at: a file with a malformed one was made by nobody's program.
            for stanza in stanzas
                .iter()
                .filter(|stanza| stanza.is(recovery_key::STANZA))
            {
                for identity in identities {
                    if let Some(file_key) = identity.unwrap(stanza)? {
                        found = found.or(Some(file_key));
                    }
                }
            }
            found.ok_or(AgeError::NoIdentityFits)
        }
    }
}

/// The key of one file. Wiped on drop.
struct FileKey(Zeroizing<[u8; FILE_KEY_BYTES]>);

impl FileKey {
    fn derive(&self, salt: &[u8], info: &[u8]) -> Result<Zeroizing<[u8; KEY_BYTES]>, AgeError> {
        derive(self.0.as_slice(), salt, info)
    }

    /// Encrypts the key itself under a key that is used for nothing else, so that the nonce may be zero.
    fn wrap(&self, under: &[u8; KEY_BYTES]) -> Result<Vec<u8>, AgeError> {
        let mut buffer = Zeroizing::new(Vec::with_capacity(WRAPPED_BYTES));
        buffer.extend_from_slice(self.0.as_slice());
        aead(under)?
            .seal_in_place_append_tag(zero_nonce(), Aad::empty(), &mut *buffer)
            .map_err(|_| AgeError::Library)?;
        Ok(std::mem::take(&mut *buffer))
    }

    /// The other way round; none if this is not the key.
    fn unwrap(
        wrapped: &[u8; WRAPPED_BYTES],
        under: &[u8; KEY_BYTES],
    ) -> Result<Option<Self>, AgeError> {
        let mut buffer = Zeroizing::new(*wrapped);
        let opened = aead(under)?.open_in_place(zero_nonce(), Aad::empty(), buffer.as_mut_slice());
        Ok(opened.ok().map(|opened| {
            let mut key = Zeroizing::new([0; FILE_KEY_BYTES]);
            key.copy_from_slice(opened);
            Self(key)
        }))
    }
}

fn aead(key: &[u8; KEY_BYTES]) -> Result<LessSafeKey, AgeError> {
    let key = UnboundKey::new(&CHACHA20_POLY1305, key).map_err(|_| AgeError::Library)?;
    Ok(LessSafeKey::new(key))
}

fn zero_nonce() -> Nonce {
    Nonce::assume_unique_for_key([0; NONCE_LEN])
}

fn random(bytes: &mut [u8]) -> Result<(), AgeError> {
    aws_lc_rs::rand::fill(bytes).map_err(|_| AgeError::Library)
}

/// HKDF-SHA256 (RFC 5869).
fn derive(secret: &[u8], salt: &[u8], info: &[u8]) -> Result<Zeroizing<[u8; KEY_BYTES]>, AgeError> {
    let mut key = Zeroizing::new([0; KEY_BYTES]);
    Salt::new(HKDF_SHA256, salt)
        .extract(secret)
        .expand(&[info], OneKey)
        .and_then(|okm| okm.fill(key.as_mut_slice()))
        .map_err(|_| AgeError::Library)?;
    Ok(key)
}

struct OneKey;

impl KeyType for OneKey {
    fn len(&self) -> usize {
        KEY_BYTES
    }
}

#[cfg(test)]
mod tests;
