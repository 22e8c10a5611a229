//! Block ciphers in CBC mode with PKCS#7 padding, as every old format has them.

use ::cbc::Decryptor;
use aes::cipher::block_padding::{NoPadding, Pkcs7};
use aes::cipher::{BlockCipherDecrypt, BlockModeDecrypt as _, InnerIvInit as _, KeyInit};
use aes::{Aes128, Aes192, Aes256};
use des::{Des, TdesEde2, TdesEde3};
use rc2::Rc2;
use zeroize::Zeroizing;

/// A cipher and the length of its key.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum BlockCipher {
    Aes128,
    Aes192,
    Aes256,
    Des,
    Des2,
    Des3,
    Rc2With40Bits,
    Rc2With128Bits,
}

impl BlockCipher {
    /// As OpenSSL calls it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Aes128 => "AES-128-CBC",
            Self::Aes192 => "AES-192-CBC",
            Self::Aes256 => "AES-256-CBC",
            Self::Des => "DES-CBC",
            Self::Des2 => "DES-EDE-CBC",
            Self::Des3 => "DES-EDE3-CBC",
            Self::Rc2With40Bits => "RC2-40-CBC",
            Self::Rc2With128Bits => "RC2-128-CBC",
        }
    }

    /// In bytes.
    pub(crate) fn key_length(self) -> usize {
        match self {
            Self::Rc2With40Bits => 5,
            Self::Des => 8,
            Self::Aes128 | Self::Des2 | Self::Rc2With128Bits => 16,
            Self::Aes192 | Self::Des3 => 24,
            Self::Aes256 => 32,
        }
    }

    /// In bytes; the length of its initialisation vector too.
    pub(crate) fn block_length(self) -> usize {
        match self {
            Self::Aes128 | Self::Aes192 | Self::Aes256 => 16,
            _ => 8,
        }
    }

    /// Decrypts, and takes the padding off. None if the padding is wrong, as it nearly always is under a wrong key.
    pub(crate) fn decrypt(
        self,
        key: &[u8],
        iv: &[u8],
        ciphertext: &[u8],
    ) -> Option<Zeroizing<Vec<u8>>> {
        match self {
            Self::Aes128 => padded(Aes128::new_from_slice(key).ok()?, iv, ciphertext),
            Self::Aes192 => padded(Aes192::new_from_slice(key).ok()?, iv, ciphertext),
            Self::Aes256 => padded(Aes256::new_from_slice(key).ok()?, iv, ciphertext),
            Self::Des => padded(Des::new_from_slice(key).ok()?, iv, ciphertext),
            Self::Des2 => padded(TdesEde2::new_from_slice(key).ok()?, iv, ciphertext),
            Self::Des3 => padded(TdesEde3::new_from_slice(key).ok()?, iv, ciphertext),
            Self::Rc2With40Bits | Self::Rc2With128Bits if key.len() != self.key_length() => None,
            Self::Rc2With40Bits | Self::Rc2With128Bits => {
                let cipher = Rc2::new_with_eff_key_len(key, key.len() * 8);
                padded(cipher, iv, ciphertext)
            }
        }
    }
}

fn padded<C: BlockCipherDecrypt + KeyInit>(
    cipher: C,
    iv: &[u8],
    ciphertext: &[u8],
) -> Option<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(ciphertext.to_vec());
    let decryptor = Decryptor::<C>::inner_iv_slice_init(cipher, iv).ok()?;
    let length = decryptor.decrypt_padded::<Pkcs7>(&mut bytes).ok()?.len();
    bytes.truncate(length);
    Some(bytes)
}

/// AES-256 in CBC mode without padding, as PuTTY has it. None if the ciphertext is not whole blocks.
pub(crate) fn aes256_without_padding(
    key: &[u8],
    iv: &[u8],
    ciphertext: &[u8],
) -> Option<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(ciphertext.to_vec());
    let cipher = Aes256::new_from_slice(key).ok()?;
    let decryptor = Decryptor::<Aes256>::inner_iv_slice_init(cipher, iv).ok()?;
    decryptor.decrypt_padded::<NoPadding>(&mut bytes).ok()?;
    Some(bytes)
}
