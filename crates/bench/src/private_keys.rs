//! RSA keys of the three sizes, as each library wants them.

use anyhow::{Result, anyhow};
use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::rsa::{KeySize, OaepPrivateDecryptingKey, PrivateDecryptingKey};
use envelope::open::EnvelopePrivateKey;
use rsa::pkcs8::DecodePrivateKey as _;

/// The sizes that the key policy accepts, in bits.
pub(crate) const BITS: [usize; 3] = [2048, 3072, 4096];

/// One key, three times.
pub(crate) struct PrivateKey {
    /// Ours.
    pub(crate) envelope_key: EnvelopePrivateKey,
    /// aws-lc-rs without anything around it.
    pub(crate) bare: OaepPrivateDecryptingKey,
    /// The `rsa` crate. It never does private-key work in the product (RUSTSEC-2023-0071); here it is a yardstick.
    pub(crate) rsa_crate: rsa::PrivateKey,
}

impl PrivateKey {
    /// A new key of `bits` bits.
    pub(crate) fn generate(bits: usize) -> Result<Self> {
        let size = match bits {
            2048 => KeySize::Rsa2048,
            3072 => KeySize::Rsa3072,
            _ => KeySize::Rsa4096,
        };
        let failed = |what: &'static str| move |_| anyhow!("{what} at {bits} bits");
        let key = PrivateDecryptingKey::generate(size).map_err(failed("no key could be made"))?;
        let pkcs8 = key.as_der().map_err(failed("no PKCS#8"))?;
        Ok(Self {
            envelope_key: EnvelopePrivateKey::from_pkcs8(pkcs8.as_ref())
                .map_err(|error| anyhow!("{error}"))?,
            rsa_crate: rsa::PrivateKey::from_pkcs8_der(pkcs8.as_ref())
                .map_err(|error| anyhow!("{error}"))?,
            bare: OaepPrivateDecryptingKey::new(key).map_err(failed("no decrypting key"))?,
        })
    }
}
