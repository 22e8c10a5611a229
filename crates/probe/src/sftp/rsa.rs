//! RSA keys sign with aws-lc-rs: the crate that SSH would use can be timed (RUSTSEC-2023-0071).

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeyPair;
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256, RSA_PKCS1_SHA512};
use crypto_bigint::{BoxedUint, NonZero};
use der::Encode as _;
use der::asn1::UintRef;
use russh::Signer;
use russh::keys::ssh_key::private::RsaKeypair;
use russh::keys::ssh_key::public::{KeyData, RsaPublicKey};
use russh::keys::ssh_key::{Mpint, PublicKey};
use russh::keys::{HashAlg, agent::AgentIdentity};
use zeroize::Zeroizing;

/// It signs.
pub(super) struct RsaKey(KeyPair);

impl RsaKey {
    pub(super) fn from_pkcs1(der: &[u8]) -> Option<Self> {
        KeyPair::from_der(der).ok().map(Self)
    }

    pub(super) fn from_pkcs8(der: &[u8]) -> Option<Self> {
        KeyPair::from_pkcs8(der).ok().map(Self)
    }

    /// As SSH's formats have it: without the two exponents that PKCS#1 has beside the one.
    pub(super) fn from_pair(pair: &RsaKeypair) -> Option<Self> {
        let (public, private) = (pair.public(), pair.private());
        let bytes = |number: &Mpint| {
            let bytes = number.as_positive_bytes()?;
            Some(Zeroizing::new(bytes.to_vec()))
        };
        let d = bytes(private.d())?;
        let (p, q) = (bytes(private.p())?, bytes(private.q())?);
        let numbers = [
            Zeroizing::new(vec![0]),
            bytes(public.n())?,
            bytes(public.e())?,
            d.clone(),
            p.clone(),
            q.clone(),
            reduced(&d, &p)?,
            reduced(&d, &q)?,
            bytes(private.iqmp())?,
        ];
        let integers: Result<Vec<UintRef<'_>>, _> =
            numbers.iter().map(|number| UintRef::new(number)).collect();
        let der = Zeroizing::new(integers.ok()?.to_der().ok()?);
        Self::from_pkcs1(&der)
    }

    pub(super) fn public(&self) -> Option<PublicKey> {
        let key = self.0.public_key();
        let number = |bytes: &[u8]| Mpint::from_positive_bytes(bytes);
        let n = number(key.modulus().big_endian_without_leading_zero());
        let e = number(key.exponent().big_endian_without_leading_zero());
        let key = RsaPublicKey::new(e, n).ok()?;
        Some(PublicKey::new(KeyData::Rsa(key), ""))
    }
}

/// `d mod (prime - 1)`, in constant time.
fn reduced(d: &[u8], prime: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let prime = BoxedUint::from_be_slice_vartime(prime);
    let below = prime.wrapping_sub(BoxedUint::one());
    let below = Option::<NonZero<BoxedUint>>::from(NonZero::new(below))?;
    let reduced = BoxedUint::from_be_slice_vartime(d).rem(&below);
    Some(Zeroizing::new(reduced.to_be_bytes().to_vec()))
}

/// It was not signed, or there is nobody any more who wants it.
pub(super) struct NotSigned;

impl From<russh::SendError> for NotSigned {
    fn from(_: russh::SendError) -> Self {
        Self
    }
}

impl Signer for RsaKey {
    type Error = NotSigned;

    /// What is signed, and behind it the signature as RFC 8332 has it.
    async fn auth_sign(
        &mut self,
        _: &AgentIdentity,
        hash: Option<HashAlg>,
        mut to_sign: Vec<u8>,
    ) -> Result<Vec<u8>, NotSigned> {
        let (name, padding) = match hash {
            Some(HashAlg::Sha512) => ("rsa-sha2-512", &RSA_PKCS1_SHA512),
            _ => ("rsa-sha2-256", &RSA_PKCS1_SHA256),
        };
        let mut signature = vec![0; self.0.public_modulus_len()];
        let signed = self
            .0
            .sign(padding, &SystemRandom::new(), &to_sign, &mut signature);
        signed.map_err(|_| NotSigned)?;
        let blob = [string(name.as_bytes()), string(&signature)].concat();
        to_sign.extend(string(&blob));
        Ok(to_sign)
    }
}

/// RFC 4251, section 5: a length, and so many bytes.
fn string(bytes: &[u8]) -> Vec<u8> {
    let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    [&length.to_be_bytes(), bytes].concat()
}
