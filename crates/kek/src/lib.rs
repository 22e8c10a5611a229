//! The key-encryption key (KEK): what a gateway's keyring is wrapped under, and who keeps it.
//!
//! | provider | who keeps the KEK | what is stored |
//! |---|---|---|
//! | [`local`] | a file, or systemd-creds ([`systemd_creds`]) | 256 bits, in memory while the gateway runs |
//! | [`pkcs11`] | a token: the AES key never leaves it | nothing: the token wraps |
//! | `dpapi` | Windows, for one account (Windows only) | nothing: Windows wraps |
//!
//! Here nothing is known of keyrings, folders or settings: bytes in, bytes out. A key is wrapped for a *context*, and opens
//! for no other.

mod id;

#[cfg(unix)]
pub mod local;
#[cfg(unix)]
pub mod pkcs11;
#[cfg(unix)]
pub mod systemd_creds;

#[cfg(windows)]
pub mod dpapi;

use zeroize::Zeroizing;

pub use id::KekId;

/// Length of a KEK, and of every key that is wrapped, in bytes.
pub const KEY_BYTES: usize = 32;

/// A key outside of its wrapping. Wiped on drop.
pub type Key = Zeroizing<[u8; KEY_BYTES]>;

/// A key-encryption key, ready for use.
pub enum Kek {
    /// 256 bits in this process's memory.
    #[cfg(unix)]
    Local(local::LocalKek),
    /// A key in a PKCS#11 token.
    #[cfg(unix)]
    Token(pkcs11::TokenKek),
    /// Windows.
    #[cfg(windows)]
    Dpapi(dpapi::DpapiKek),
}

/// Why there is no KEK, or why it does not do what was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KekError {
    /// Not a KEK's text, or bytes of it have changed.
    #[error("this is damaged or not a key-encryption key")]
    Damaged,
    /// A wrapped key was changed, or wrapped for another context or under another KEK. Which of them cannot be told.
    #[error(
        "the wrapped key does not open: it was changed, or belongs to another key-encryption key"
    )]
    DoesNotOpen,
    /// The token, the key in it, or the program is not there.
    #[error("{0}")]
    Missing(String),
    /// What keeps the KEK refused; the text is what it said, never a secret.
    #[error("{0}")]
    Refused(String),
    /// The random number generator, key derivation or encryption failed.
    #[error("the cryptographic library failed")]
    Library,
}

impl Kek {
    /// The KEK's name.
    #[must_use]
    pub fn id(&self) -> &KekId {
        match self {
            #[cfg(unix)]
            Self::Local(kek) => kek.id(),
            #[cfg(unix)]
            Self::Token(kek) => kek.id(),
            #[cfg(windows)]
            Self::Dpapi(kek) => kek.id(),
        }
    }

    /// Wraps a key for one context.
    ///
    /// # Errors
    /// [`KekError::Library`], [`KekError::Refused`].
    pub fn wrap_key(&self, key: &Key, context: &[u8]) -> Result<Vec<u8>, KekError> {
        match self {
            #[cfg(unix)]
            Self::Local(kek) => kek.wrap_key(key, context),
            #[cfg(unix)]
            Self::Token(kek) => kek.wrap_key(key, context),
            #[cfg(windows)]
            Self::Dpapi(kek) => kek.wrap_key(key, context),
        }
    }

    /// Takes a key out of its wrapping.
    ///
    /// # Errors
    /// [`KekError::DoesNotOpen`], [`KekError::Refused`].
    pub fn unwrap_key(&self, wrapped: &[u8], context: &[u8]) -> Result<Key, KekError> {
        match self {
            #[cfg(unix)]
            Self::Local(kek) => kek.unwrap_key(wrapped, context),
            #[cfg(unix)]
            Self::Token(kek) => kek.unwrap_key(wrapped, context),
            #[cfg(windows)]
            Self::Dpapi(kek) => kek.unwrap_key(wrapped, context),
        }
    }
}

/// The 32 bytes of a key, out of a buffer that its owner wipes.
fn key_from(bytes: &[u8]) -> Result<Key, KekError> {
    let mut key = Key::default();
    if bytes.len() != KEY_BYTES {
        return Err(KekError::DoesNotOpen);
    }
    key.copy_from_slice(bytes);
    Ok(key)
}
