//! PEM with an encrypted body, as OpenSSL wrote it before PKCS#8: `Proc-Type: 4,ENCRYPTED` (RFC 1421) and `DEK-Info`.

use md5::{Digest as _, Md5};
use zeroize::{Zeroize as _, Zeroizing};

use crate::block_cipher::BlockCipher;
use crate::hex;
use crate::pem::Pem;
use crate::{Encryption, Flaw, Kdf};

/// An encrypted body and how it is encrypted. The plaintext is the label's format.
pub(crate) struct LegacyPem {
    cipher: Option<BlockCipher>,
    dek_info: String,
    iv: Vec<u8>,
    ciphertext: Zeroizing<Vec<u8>>,
}

impl LegacyPem {
    /// None if the body is not encrypted.
    pub(crate) fn read(pem: Pem<'_>) -> Result<Result<Self, Pem<'_>>, Flaw> {
        if !pem
            .header("Proc-Type")
            .is_some_and(|value| value.contains("ENCRYPTED"))
        {
            return Ok(Err(pem));
        }
        let flaw = Flaw::Field("DEK-Info");
        let dek_info = pem.header("DEK-Info").ok_or(flaw)?.to_ascii_uppercase();
        let (name, iv) = dek_info.split_once(',').ok_or(flaw)?;
        let cipher = match name.trim() {
            "AES-128-CBC" => Some(BlockCipher::Aes128),
            "AES-192-CBC" => Some(BlockCipher::Aes192),
            "AES-256-CBC" => Some(BlockCipher::Aes256),
            "DES-EDE3-CBC" => Some(BlockCipher::Des3),
            "DES-CBC" => Some(BlockCipher::Des),
            _ => None,
        };
        let iv = hex::decode(iv.trim()).ok_or(flaw)?;
        if iv.len() < 8 || cipher.is_some_and(|cipher| iv.len() != cipher.block_length()) {
            return Err(flaw);
        }
        Ok(Ok(Self {
            cipher,
            iv,
            dek_info,
            ciphertext: pem.body,
        }))
    }

    pub(crate) fn encryption(&self) -> Encryption {
        self.cipher
            .map_or(Encryption::UNKNOWN, |cipher| Encryption {
                cipher: cipher.name(),
                kdf: Kdf::OneMd5,
            })
    }

    /// The plaintext, if the padding is right. `None` in the cipher's place: it is not known.
    pub(crate) fn decrypt(&self, passphrase: &[u8]) -> Option<Option<Zeroizing<Vec<u8>>>> {
        let cipher = self.cipher?;
        let key = key(passphrase, &self.iv[..8], cipher.key_length());
        Some(cipher.decrypt(&key, &self.iv, &self.ciphertext))
    }

    /// The headers of its normal form, and the body.
    pub(crate) fn parts(&self) -> (String, &[u8]) {
        let headers = format!("Proc-Type: 4,ENCRYPTED\nDEK-Info: {}\n\n", self.dek_info);
        (headers, &self.ciphertext)
    }
}

/// OpenSSL's `EVP_BytesToKey` with MD5 and one round.
fn key(passphrase: &[u8], salt: &[u8], length: usize) -> Zeroizing<Vec<u8>> {
    let mut key = Zeroizing::new(Vec::with_capacity(length + 16));
    let mut block = [0; 0].to_vec();
    while key.len() < length {
        let mut hash = Md5::new();
        hash.update(&block);
        hash.update(passphrase);
        hash.update(salt);
        let mut state = hash.finalize();
        block.zeroize();
        block.extend_from_slice(&state);
        key.extend_from_slice(&state);
        state.zeroize();
    }
    block.zeroize();
    key.truncate(length);
    key
}
