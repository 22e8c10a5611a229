//! RSA-OAEP-256 and A256GCM on the sealing side (RFC 7518 sections 4.3 and 5.3), in pure Rust. Public-key work only.

use aes_gcm::aead::AeadInOut;
use aes_gcm::{Aes256Gcm, KeyInit};
use rand_core::TryCryptoRng;
use rsa::BoxedUint;
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::error::SealError;
use crate::jwe::{CEK_BYTES, IV_BYTES, TAG_BYTES};

/// The `rsa` crate's form of a public key; `None` if it refuses the numbers.
pub(crate) fn public_key(n: &[u8], e: &[u8]) -> Option<rsa::PublicKey> {
    let n = BoxedUint::from_be_slice_vartime(n);
    let e = BoxedUint::from_be_slice_vartime(e);
    rsa::PublicKey::new(n, e).ok()
}

/// A content encryption key. It is drawn at random, may be wrapped for a recipient, and is used up by encrypting once:
/// GCM with one key and one IV for two texts gives both away.
pub(crate) struct Cek(Zeroizing<[u8; CEK_BYTES]>);

impl Cek {
    /// Draws a new one.
    pub(crate) fn generate(rng: &mut (impl TryCryptoRng + ?Sized)) -> Result<Self, SealError> {
        let mut cek = Self(Zeroizing::new([0; CEK_BYTES]));
        rng.try_fill_bytes(cek.0.as_mut_slice())
            .map_err(|_| SealError::Randomness)?;
        Ok(cek)
    }

    /// Encrypts it for a recipient: the JWE Encrypted Key, as long as the modulus.
    pub(crate) fn wrap(
        &self,
        recipient: &rsa::PublicKey,
        rng: &mut (impl TryCryptoRng + ?Sized),
    ) -> Result<Vec<u8>, SealError> {
        recipient
            .oaep_encrypt_with_rng::<Sha256, _>(rng, self.0.as_slice())
            .map_err(|error| match error {
                rsa::Error::Rng => SealError::Randomness,
                _ => SealError::Cryptography,
            })
    }

    /// Encrypts `text` in place. Key and IV are gone afterwards; what the third and fifth segment need comes back.
    #[allow(
        clippy::needless_pass_by_value,
        reason = "taken so that it cannot be used again"
    )]
    pub(crate) fn encrypt(self, iv: Iv, aad: &[u8], text: &mut [u8]) -> Result<Sealed, SealError> {
        let Iv(iv) = iv;
        Aes256Gcm::new((&*self.0).into())
            .encrypt_inout_detached((&iv).into(), aad, text.into())
            .map(|tag| Sealed {
                iv,
                tag: tag.into(),
            })
            .map_err(|_| SealError::Cryptography)
    }
}

/// An initialisation vector, drawn at random for each envelope.
pub(crate) struct Iv([u8; IV_BYTES]);

impl Iv {
    /// Draws a new one.
    pub(crate) fn generate(rng: &mut (impl TryCryptoRng + ?Sized)) -> Result<Self, SealError> {
        let mut iv = Self([0; IV_BYTES]);
        rng.try_fill_bytes(&mut iv.0)
            .map_err(|_| SealError::Randomness)?;
        Ok(iv)
    }
}

/// What encrypting leaves beside the ciphertext.
pub(crate) struct Sealed {
    /// The initialisation vector that was used.
    pub(crate) iv: [u8; IV_BYTES],
    /// The authentication tag.
    pub(crate) tag: [u8; TAG_BYTES],
}

#[cfg(test)]
mod tests;
