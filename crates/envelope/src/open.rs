//! Opening an envelope: the gateway's half.

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rsa::{KeySize, OaepPrivateDecryptingKey, PrivateDecryptingKey, PublicKey};
use zeroize::Zeroizing;

use crate::context::Binding;
use crate::credential::Credential;
use crate::error::{EnvelopeRejected, PrivateKeyError, RejectReason};
use crate::hazmat::opening::Cek;
use crate::jwe::Envelope;
use crate::jwk::{Kid, RsaPublicJwk};

/// Opens an envelope that must be sealed for `key` and bound to exactly `expected`.
///
/// The cheap comparisons come first: nothing they look at is secret, and no RSA work is done for an envelope of
/// another ticket. From the unwrapping on there is one failure, at the tag (see the RFC quoted in `hazmat`).
///
/// # Errors
/// [`EnvelopeRejected`], whatever the reason.
pub fn open(
    envelope: &Envelope,
    key: &EnvelopePrivateKey,
    expected: &Binding,
) -> Result<OpenedCredential, EnvelopeRejected> {
    let parts = envelope.parts();
    if parts.kid != *key.kid() {
        return Err(RejectReason::ForeignKey.into());
    }
    if let Some(member) = parts.binding.first_difference(expected) {
        return Err(RejectReason::BindingMismatch { member }.into());
    }
    if parts.encrypted_key.len() != key.public.modulus_bytes() {
        return Err(RejectReason::EncryptedKeyLength {
            bytes: parts.encrypted_key.len(),
        }
        .into());
    }
    let text = Cek::unwrap(&key.decrypting, &parts.encrypted_key)
        .and_then(|cek| cek.decrypt(parts.iv, envelope.aad(), &parts.ciphertext, &parts.tag))
        .ok_or(RejectReason::Authentication)?;
    let credential = Credential::read(&text).map_err(|mismatch| RejectReason::Plaintext {
        expected: mismatch.expected,
        at: mismatch.at,
    })?;
    Ok(OpenedCredential {
        binding: parts.binding.clone(),
        kid: parts.kid.clone(),
        credential,
    })
}

/// What came out of an envelope, and what it was bound to. Like the credential in it, it implements nothing.
pub struct OpenedCredential {
    /// The binding, authentic now, and equal to the one expected.
    pub binding: Binding,
    /// The key it was sealed for.
    pub kid: Kid,
    /// The credential.
    pub credential: Credential,
}

/// The private half of an envelope key. It cannot be printed or copied; aws-lc wipes it when it is dropped.
pub struct EnvelopePrivateKey {
    private: PrivateDecryptingKey,
    decrypting: OaepPrivateDecryptingKey,
    public: RsaPublicJwk,
}

impl EnvelopePrivateKey {
    /// Makes a new RSA key of 3072 bits, with randomness from aws-lc-rs.
    ///
    /// # Errors
    /// [`PrivateKeyError::Generation`].
    pub fn generate() -> Result<Self, PrivateKeyError> {
        let private = PrivateDecryptingKey::generate(KeySize::Rsa3072)
            .map_err(|_| PrivateKeyError::Generation)?;
        Self::from_private(private)
    }

    /// Reads a key in PKCS#8 (RFC 5208), DER.
    ///
    /// # Errors
    /// [`PrivateKeyError::Encoding`]; [`PrivateKeyError::Refused`] if the page would not seal for it.
    pub fn from_pkcs8(der: &[u8]) -> Result<Self, PrivateKeyError> {
        let private =
            PrivateDecryptingKey::from_pkcs8(der).map_err(|_| PrivateKeyError::Encoding)?;
        Self::from_private(private)
    }

    /// The key in PKCS#8 (RFC 5208), DER, for protecting it at rest.
    ///
    /// # Errors
    /// [`PrivateKeyError::Encoding`] if aws-lc cannot write it.
    pub fn to_pkcs8(&self) -> Result<Zeroizing<Vec<u8>>, PrivateKeyError> {
        let der = AsDer::<Pkcs8V1Der<'_>>::as_der(&self.private)
            .map_err(|_| PrivateKeyError::Encoding)?;
        Ok(Zeroizing::new(der.as_ref().to_vec()))
    }

    /// The key's thumbprint.
    pub fn kid(&self) -> &Kid {
        self.public.kid()
    }

    /// The public half.
    pub fn public_jwk(&self) -> &RsaPublicJwk {
        &self.public
    }

    #[cfg(test)]
    pub(crate) fn decrypting(&self) -> &OaepPrivateDecryptingKey {
        &self.decrypting
    }

    fn from_private(private: PrivateDecryptingKey) -> Result<Self, PrivateKeyError> {
        let der = AsDer::<PublicKeyX509Der<'_>>::as_der(&private.public_key())
            .map_err(|_| PrivateKeyError::Encoding)?;
        let numbers = PublicKey::from_der(der.as_ref()).map_err(|_| PrivateKeyError::Encoding)?;
        let public = RsaPublicJwk::from_numbers(
            numbers.modulus().big_endian_without_leading_zero(),
            numbers.exponent().big_endian_without_leading_zero(),
        )?;
        Ok(Self {
            decrypting: OaepPrivateDecryptingKey::new(private.clone())
                .map_err(|_| PrivateKeyError::Encoding)?,
            private,
            public,
        })
    }
}
