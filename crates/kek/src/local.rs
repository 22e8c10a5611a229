//! A KEK of 256 bits that this process holds itself. Where they lie between two starts is the business of others.
//!
//! ```text
//! text    = "credential-gateway-kek-1 " id " " key "\n"                  id and key in base64url
//! id      = HKDF-SHA256(key, salt = "", info = "credential-gateway kek id 1"), 16 bytes
//! wrapped = nonce (12 random bytes), AES-256-GCM(HKDF-SHA256(key, salt = "", info = "… wrapping key 1"), key, aad = context)
//! ```

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType, Salt};
use base64ct::{Base64UrlUnpadded, Encoding};
use zeroize::Zeroizing;

use crate::{KEY_BYTES, Kek, KekError, KekId, Key, key_from};

/// Format mark of the text.
const MARK: &str = "credential-gateway-kek-1";
const ID_PURPOSE: &[u8] = b"credential-gateway kek id 1";
const WRAPPING_PURPOSE: &[u8] = b"credential-gateway kek wrapping key 1";
const ID_BYTES: usize = 16;

/// 256 bits, wiped on drop.
pub struct LocalKek {
    key: Key,
    id: KekId,
}

impl LocalKek {
    /// A new one from the system's random number generator.
    ///
    /// # Errors
    /// [`KekError::Library`].
    pub fn generate() -> Result<Self, KekError> {
        let mut key = Key::default();
        aws_lc_rs::rand::fill(key.as_mut_slice()).map_err(|_| KekError::Library)?;
        Self::from_key(key)
    }

    /// Reads the text. The id is compared with the key, so that a damaged text is told apart from the wrong one.
    ///
    /// # Errors
    /// [`KekError::Damaged`].
    pub fn parse(text: &[u8]) -> Result<Self, KekError> {
        let line = str::from_utf8(text)
            .map_err(|_| KekError::Damaged)?
            .trim_end();
        let mut parts = line.split(' ');
        let mut next = || parts.next().ok_or(KekError::Damaged);
        let (mark, id, encoded) = (next()?, next()?, next()?);
        let mut key = Key::default();
        let length = Base64UrlUnpadded::decode(encoded, key.as_mut_slice())
            .map_err(|_| KekError::Damaged)?
            .len();
        let kek = Self::from_key(key)?;
        let is_whole = mark == MARK && length == KEY_BYTES && kek.id.as_str() == id;
        if is_whole && parts.next().is_none() {
            Ok(kek)
        } else {
            Err(KekError::Damaged)
        }
    }

    /// The text, to be kept where nobody else reads it.
    #[must_use]
    pub fn to_text(&self) -> Zeroizing<String> {
        let key = Zeroizing::new(Base64UrlUnpadded::encode_string(self.key.as_slice()));
        let parts = [MARK, " ", self.id.as_str(), " ", &key, "\n"];
        // One allocation: a growing String would leave unwiped copies behind.
        let length = parts.iter().map(|part| part.len()).sum();
        let mut text = Zeroizing::new(String::with_capacity(length));
        parts.into_iter().for_each(|part| text.push_str(part));
        text
    }

    /// The KEK's name, derived from it one way.
    #[must_use]
    pub fn id(&self) -> &KekId {
        &self.id
    }

    pub(crate) fn wrap_key(&self, key: &Key, context: &[u8]) -> Result<Vec<u8>, KekError> {
        let mut buffer = Zeroizing::new(Vec::with_capacity(KEY_BYTES + AES_256_GCM.tag_len()));
        buffer.extend_from_slice(key.as_slice());
        let nonce = self
            .wrapping_key()?
            .seal_in_place_append_tag(Aad::from(context), &mut *buffer)
            .map_err(|_| KekError::Library)?;
        Ok([nonce.as_ref(), buffer.as_slice()].concat())
    }

    pub(crate) fn unwrap_key(&self, wrapped: &[u8], context: &[u8]) -> Result<Key, KekError> {
        let (nonce, ciphertext) = wrapped
            .split_first_chunk::<NONCE_LEN>()
            .ok_or(KekError::DoesNotOpen)?;
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let mut buffer = Zeroizing::new(ciphertext.to_vec());
        let opened = self
            .wrapping_key()?
            .open_in_place(nonce, Aad::from(context), &mut buffer)
            .map_err(|_| KekError::DoesNotOpen)?;
        key_from(opened)
    }

    fn wrapping_key(&self) -> Result<RandomizedNonceKey, KekError> {
        let mut key = Key::default();
        expand(&self.key, WRAPPING_PURPOSE, key.as_mut_slice())?;
        RandomizedNonceKey::new(&AES_256_GCM, key.as_slice()).map_err(|_| KekError::Library)
    }

    fn from_key(key: Key) -> Result<Self, KekError> {
        let mut id = [0; ID_BYTES];
        expand(&key, ID_PURPOSE, &mut id)?;
        Ok(Self {
            key,
            id: KekId::from_bytes(&id),
        })
    }
}

impl From<LocalKek> for Kek {
    fn from(kek: LocalKek) -> Self {
        Self::Local(kek)
    }
}

/// Output length for HKDF-Expand, in bytes.
struct Bytes(usize);

impl KeyType for Bytes {
    fn len(&self) -> usize {
        self.0
    }
}

fn expand(key: &Key, purpose: &[u8], out: &mut [u8]) -> Result<(), KekError> {
    Salt::new(HKDF_SHA256, b"")
        .extract(key.as_slice())
        .expand(&[purpose], Bytes(out.len()))
        .and_then(|okm| okm.fill(out))
        .map_err(|_| KekError::Library)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_read_back_and_every_changed_byte_is_noticed() {
        let made = LocalKek::generate().unwrap();
        let text = made.to_text();
        let read = LocalKek::parse(text.as_bytes()).unwrap();
        assert!(read.id == made.id && read.key == made.key);
        for position in 0..text.len() - 1 {
            let mut changed = text.as_bytes().to_vec();
            let byte = &mut changed[position];
            *byte = if *byte == b'A' { b'B' } else { b'A' };
            let parsed = LocalKek::parse(&changed).err();
            assert_eq!(parsed, Some(KekError::Damaged), "byte {position}");
        }
        assert!(LocalKek::parse(b"").is_err());
        assert!(LocalKek::parse(&[text.as_bytes(), b" x"].concat()).is_err());
    }

    #[test]
    fn a_key_opens_under_its_kek_in_its_context_and_unchanged() {
        let kek = LocalKek::generate().unwrap();
        let key = Key::new([7; KEY_BYTES]);
        let wrapped = kek.wrap_key(&key, b"term 1").unwrap();
        assert!(kek.unwrap_key(&wrapped, b"term 1").unwrap() == key);
        assert!(kek.wrap_key(&key, b"term 1").unwrap() != wrapped);
        let refused = |kek: &LocalKek, wrapped: &[u8], context: &[u8]| {
            kek.unwrap_key(wrapped, context).err() == Some(KekError::DoesNotOpen)
        };
        assert!(refused(&kek, &wrapped, b"term 2"));
        assert!(refused(&LocalKek::generate().unwrap(), &wrapped, b"term 1"));
        for position in 0..wrapped.len() {
            let mut changed = wrapped.clone();
            changed[position] ^= 1;
            assert!(refused(&kek, &changed, b"term 1"), "byte {position}");
            assert!(refused(&kek, &wrapped[..position], b"term 1"));
        }
    }
}
