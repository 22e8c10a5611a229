//! Making an envelope: the browser's half.

use rand_core::TryCryptoRng;
use zeroize::Zeroizing;

use crate::base64url;
use crate::canonical_json::{Fill, Length};
use crate::context::{Binding, MAX_UNIX_SECONDS, Operation};
use crate::credential::{Credential, bucket};
use crate::error::SealError;
use crate::hazmat::sealing::{Cek, Iv, Sealed};
use crate::jwe::{Envelope, Parts, write_header};
use crate::jwk::EnvelopeKey;
use crate::protocol::LARGEST_BUCKET;

mod self_test;

pub use self_test::self_test;

impl Credential {
    /// Seals the credential for one gateway key, bound to one ticket, and consumes it.
    ///
    /// RFC 7516 section 5.1 with `alg` RSA-OAEP-256 and `enc` A256GCM: a new CEK and IV from `rng`, the CEK wrapped for the
    /// key, the header as additional authenticated data. The plaintext is written once into memory of its final size, is
    /// encrypted there, and is wiped with the rest of the credential.
    ///
    /// # Errors
    /// [`SealError::TooLong`] with both lengths in bytes; [`SealError::MemberName`]; [`SealError::Operation`] for `delete`;
    /// [`SealError::Time`]; [`SealError::Randomness`] if `rng` fails.
    pub fn seal(
        self,
        key: &EnvelopeKey,
        binding: &Binding,
        rng: &mut (impl TryCryptoRng + ?Sized),
    ) -> Result<Envelope, SealError> {
        check_binding(binding)?;
        let mut text = self.into_plaintext()?;

        // CEK, IV and OAEP seed in this order; the known answer of the self-test depends on it.
        let cek = Cek::generate(rng)?;
        let iv = Iv::generate(rng)?;
        let encrypted_key = cek.wrap(key.rsa(), rng)?;

        let mut header = Vec::new();
        write_header(&mut header, key.kid(), binding);
        let header = base64url::encode(&header);
        let Sealed { iv, tag } = cek.encrypt(iv, header.as_bytes(), &mut text)?;

        let parts = Parts {
            header_chars: header.len(),
            kid: key.kid().clone(),
            binding: binding.clone(),
            encrypted_key,
            iv,
            // Ciphertext by now: nothing of it has to be wiped.
            ciphertext: std::mem::take(&mut *text),
            tag,
        };
        Ok(Envelope::assemble(&header, parts))
    }

    /// The padded plaintext, in memory that was made in its final size.
    fn into_plaintext(self) -> Result<Zeroizing<Vec<u8>>, SealError> {
        self.check_names()?;
        let mut length = Length(0);
        self.write(&mut length);
        let Length(bytes) = length;
        let padded = bucket(bytes).ok_or(SealError::TooLong {
            bytes,
            limit: LARGEST_BUCKET,
        })?;
        let mut text = Zeroizing::new(vec![b' '; padded]);
        self.write(&mut Fill {
            into: &mut text,
            at: 0,
        });
        Ok(text)
    }
}

fn check_binding(binding: &Binding) -> Result<(), SealError> {
    if binding.op == Operation::Delete {
        return Err(SealError::Operation);
    }
    if binding.iat.0 > MAX_UNIX_SECONDS || binding.exp.0 > MAX_UNIX_SECONDS {
        return Err(SealError::Time);
    }
    Ok(())
}
