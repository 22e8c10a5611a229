//! RSA-OAEP-256 and A256GCM on the opening side (RFC 7518 sections 4.3 and 5.3), by aws-lc-rs, whose private-key
//! operation is constant-time and blinded.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::rand;
use aws_lc_rs::rsa::{OAEP_SHA256_MGF1SHA256, OaepPrivateDecryptingKey};
use zeroize::Zeroizing;

use crate::jwe::{CEK_BYTES, IV_BYTES, TAG_BYTES};

/// Longest modulus accepted, in bytes.
const MAX_MODULUS_BYTES: usize = 512;

/// A content encryption key on its way to being used once.
pub(crate) struct Cek(Zeroizing<[u8; CEK_BYTES]>);

impl Cek {
    /// Unwraps the JWE Encrypted Key.
    ///
    /// RFC 7516 section 11.5: "To mitigate the attacks described in RFC 3218, the recipient MUST NOT distinguish between
    /// format, padding, and length errors of encrypted keys. It is strongly recommended, in the event of receiving an
    /// improperly formatted key, that the recipient substitute a randomly generated CEK and proceed to the next step, to
    /// mitigate timing attacks." So the random key is drawn first, in every case, and a failure leaves it in place: the
    /// tag then fails. `None` only if there is no randomness.
    pub(crate) fn unwrap(recipient: &OaepPrivateDecryptingKey, encrypted: &[u8]) -> Option<Self> {
        let mut cek = Zeroizing::new([0; CEK_BYTES]);
        rand::fill(cek.as_mut_slice()).ok()?;
        let mut room = Zeroizing::new([0; MAX_MODULUS_BYTES]);
        if let Some(unwrapped) = oaep_decrypt(recipient, encrypted, &mut room)
            && unwrapped.len() == CEK_BYTES
        {
            cek.copy_from_slice(unwrapped);
        }
        Some(Self(cek))
    }

    /// Decrypts into wiping memory. `None` if the tag does not verify.
    pub(crate) fn decrypt(
        self,
        iv: [u8; IV_BYTES],
        aad: &[u8],
        ciphertext: &[u8],
        tag: &[u8; TAG_BYTES],
    ) -> Option<Zeroizing<Vec<u8>>> {
        let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, self.0.as_slice()).ok()?);
        let mut text = Zeroizing::new(vec![0; ciphertext.len()]);
        key.open_separate_gather(
            Nonce::assume_unique_for_key(iv),
            Aad::from(aad),
            ciphertext,
            tag,
            &mut text,
        )
        .ok()?;
        Some(text)
    }
}

/// RSAES-OAEP decryption (RFC 8017 section 7.1.2) with SHA-256, MGF1 with SHA-256 and the empty label, into `room`.
pub(crate) fn oaep_decrypt<'room>(
    recipient: &OaepPrivateDecryptingKey,
    encrypted: &[u8],
    room: &'room mut [u8; MAX_MODULUS_BYTES],
) -> Option<&'room [u8]> {
    let text = recipient.decrypt(&OAEP_SHA256_MGF1SHA256, encrypted, room, None);
    text.ok().map(|text| &*text)
}

#[cfg(test)]
mod tests;
