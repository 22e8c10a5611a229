//! The key-encryption key (KEK): 256 bits in a file of its own, under which everything else at rest is protected.
//! Without this file the rest of the data folder is useless, to a thief and to a backup that forgot it.

use std::fmt;
use std::path::{Path, PathBuf};

use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType, Salt};
use base64ct::{Base64UrlUnpadded, Encoding};
use zeroize::Zeroizing;

use crate::data_folder::{self, FolderError};

/// Length of the KEK in bytes.
pub const KEK_BYTES: usize = 32;

/// Format mark of the key file; a later protection (a TPM, a key service) gets another.
const FILE_MARK: &str = "credential-gateway-kek-1";

/// The key-encryption key. Wiped on drop.
pub struct Kek {
    bytes: Zeroizing<[u8; KEK_BYTES]>,
    id: KekId,
}

/// Names a KEK without telling anything about it: derived from it one way (HKDF-SHA256, 16 bytes, base64url).
#[derive(Clone, PartialEq, Eq)]
pub struct KekId(String);

impl KekId {
    /// The id as written in files and the store.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for KekId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for KekId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KekId({})", self.0)
    }
}

/// Why there is no KEK to work with.
#[derive(Debug, thiserror::Error)]
pub enum KekError {
    /// The file is not there. Never answered by making a new key: that would orphan everything protected.
    #[error(
        "{0} is missing; what is stored can be read only with this file, so put it back from the backup"
    )]
    Missing(PathBuf),
    /// Not a key file, or bytes of it have changed.
    #[error("{0} is damaged or not a key file; put it back from the backup")]
    Damaged(PathBuf),
    /// The file could not be read or written.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// The random number generator or key derivation failed.
    #[error("the cryptographic library failed")]
    Library,
}

impl Kek {
    /// A new key from the system's random number generator, written to a file that must not exist yet.
    ///
    /// # Errors
    /// [`KekError::Folder`] (also when the file is already there), [`KekError::Library`].
    pub fn create(path: &Path) -> Result<Self, KekError> {
        let mut bytes = Zeroizing::new([0; KEK_BYTES]);
        aws_lc_rs::rand::fill(bytes.as_mut_slice()).map_err(|_| KekError::Library)?;
        let kek = Self::from_bytes(bytes)?;
        data_folder::write_new(path, kek.file_text().as_bytes())?;
        Ok(kek)
    }

    /// Reads the key file: one line, `credential-gateway-kek-1 <id> <key>`, the key in base64url. The id is compared
    /// with the key, so that a damaged file is told apart from the wrong one.
    ///
    /// # Errors
    /// [`KekError::Missing`], [`KekError::Damaged`]; [`KekError::Folder`] when others than the owner may read the file.
    pub fn load(path: &Path) -> Result<Self, KekError> {
        let text = match data_folder::read_private(path) {
            Err(error) if error.is_not_found() => return Err(KekError::Missing(path.to_owned())),
            other => other?,
        };
        parse(&text).ok_or_else(|| KekError::Damaged(path.to_owned()))
    }

    /// The key's name.
    #[must_use]
    pub fn id(&self) -> &KekId {
        &self.id
    }

    /// Derives a key for one purpose and one salt: HKDF-SHA256 (RFC 5869).
    ///
    /// # Errors
    /// [`KekError::Library`].
    pub(crate) fn derive(
        &self,
        salt: &[u8],
        purpose: &[u8],
    ) -> Result<Zeroizing<[u8; KEK_BYTES]>, KekError> {
        let mut key = Zeroizing::new([0; KEK_BYTES]);
        expand(&self.bytes, salt, purpose, key.as_mut_slice())?;
        Ok(key)
    }

    fn from_bytes(bytes: Zeroizing<[u8; KEK_BYTES]>) -> Result<Self, KekError> {
        let mut id = [0; 16];
        expand(&bytes, b"", b"credential-gateway kek id 1", &mut id)?;
        Ok(Self {
            bytes,
            id: KekId(Base64UrlUnpadded::encode_string(&id)),
        })
    }

    fn file_text(&self) -> Zeroizing<String> {
        let key = Zeroizing::new(Base64UrlUnpadded::encode_string(self.bytes.as_slice()));
        let mut text = Zeroizing::new(String::with_capacity(
            FILE_MARK.len() + self.id.0.len() + key.len() + 3,
        ));
        for part in [FILE_MARK, " ", &self.id.0, " ", &key, "\n"] {
            text.push_str(part);
        }
        text
    }
}

fn parse(file: &[u8]) -> Option<Kek> {
    let line = std::str::from_utf8(file).ok()?.trim_end();
    let mut parts = line.split(' ');
    let (mark, id, key) = (parts.next()?, parts.next()?, parts.next()?);
    if mark != FILE_MARK || parts.next().is_some() {
        return None;
    }
    let mut bytes = Zeroizing::new([0; KEK_BYTES]);
    let length = Base64UrlUnpadded::decode(key, bytes.as_mut_slice())
        .ok()?
        .len();
    let kek = Kek::from_bytes(bytes).ok()?;
    (length == KEK_BYTES && kek.id.0 == id).then_some(kek)
}

/// Output length for HKDF-Expand, in bytes.
struct Bytes(usize);

impl KeyType for Bytes {
    fn len(&self) -> usize {
        self.0
    }
}

fn expand(
    secret: &[u8; KEK_BYTES],
    salt: &[u8],
    purpose: &[u8],
    out: &mut [u8],
) -> Result<(), KekError> {
    Salt::new(HKDF_SHA256, salt)
        .extract(secret)
        .expand(&[purpose], Bytes(out.len()))
        .and_then(|okm| okm.fill(out))
        .map_err(|_| KekError::Library)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_key_file_is_read_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("kek.key");
        let made = Kek::create(&path).unwrap();
        let loaded = Kek::load(&path).unwrap();
        assert_eq!(loaded.id(), made.id());
        assert!(loaded.bytes == made.bytes);
        assert!(matches!(
            Kek::create(&path),
            Err(KekError::Folder(FolderError::AlreadyThere(_)))
        ));
    }

    #[test]
    fn a_missing_file_is_not_answered_with_a_new_key() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("kek.key");
        assert!(matches!(Kek::load(&path), Err(KekError::Missing(_))));
        assert!(!path.exists());
    }

    #[test]
    fn every_changed_byte_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("kek.key");
        Kek::create(&path).unwrap();
        let whole = fs::read(&path).unwrap();
        for position in 0..whole.len() - 1 {
            let mut changed = whole.clone();
            changed[position] = if changed[position] == b'A' {
                b'B'
            } else {
                b'A'
            };
            data_folder::replace(&path, &changed).unwrap();
            assert!(
                matches!(Kek::load(&path), Err(KekError::Damaged(_))),
                "byte {position}"
            );
        }
        data_folder::replace(&path, b"").unwrap();
        assert!(matches!(Kek::load(&path), Err(KekError::Damaged(_))));
    }

    #[test]
    fn keys_differ_by_salt_and_purpose() {
        let folder = tempfile::tempdir().unwrap();
        let kek = Kek::create(&folder.path().join("kek.key")).unwrap();
        let key = |salt: &[u8], purpose: &[u8]| kek.derive(salt, purpose).unwrap();
        assert!(key(b"a", b"x") == key(b"a", b"x"));
        assert!(key(b"a", b"x") != key(b"b", b"x"));
        assert!(key(b"a", b"x") != key(b"a", b"y"));
    }
}
