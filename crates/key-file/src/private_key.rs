//! What the DER of a private key says of the public one.

use der::Tag;
use der::asn1::{AnyRef, ObjectIdentifier};
use ssh_key::public::{DsaPublicKey, EcdsaPublicKey, Ed25519PublicKey, KeyData, RsaPublicKey};
use ssh_key::{EcdsaCurve, Mpint};

use crate::asn1::{algorithm, bits, context, explicit, number, octets, oid, sequence, unsigned};
use crate::{Algorithm, Curve, Fingerprint, oid};

/// Algorithm and, where it is cheap to know, fingerprint of a key.
#[derive(Clone, Copy)]
pub(crate) struct PublicFacts {
    pub(crate) algorithm: Algorithm,
    pub(crate) fingerprint: Option<Fingerprint>,
}

impl PublicFacts {
    pub(crate) fn of(key: &KeyData) -> Self {
        Self {
            algorithm: algorithm_of(key),
            fingerprint: Fingerprint::of(key),
        }
    }

    fn only(algorithm: Algorithm) -> Self {
        Self {
            algorithm,
            fingerprint: None,
        }
    }
}

/// RFC 8017, A.1.2: version, n, e, d, p, q, dP, dQ, qInv.
pub(crate) fn pkcs1(der: &[u8]) -> Option<PublicFacts> {
    let elements = sequence(der)?;
    let (version, n, e) = match elements.as_slice() {
        [version, n, e, _, _, _, _, _, _] => (version, n, e),
        _ => return None,
    };
    for integer in &elements {
        unsigned(*integer)?;
    }
    if number(*version)? != 0 {
        return None;
    }
    rsa(unsigned(*n)?, unsigned(*e)?)
}

fn rsa(n: &[u8], e: &[u8]) -> Option<PublicFacts> {
    if n.len() < 32 {
        return None;
    }
    let key = RsaPublicKey::new(Mpint::from_positive_bytes(e), Mpint::from_positive_bytes(n));
    Some(match key {
        Ok(key) => PublicFacts::of(&KeyData::Rsa(key)),
        Err(_) => PublicFacts::only(Algorithm::Rsa {
            bits: bit_length(n),
        }),
    })
}

/// OpenSSL's: version, p, q, g, y, x.
pub(crate) fn openssl_dsa(der: &[u8]) -> Option<PublicFacts> {
    let elements = sequence(der)?;
    let [_, p, q, g, y, x] = elements.as_slice() else {
        return None;
    };
    unsigned(*x)?;
    let mpint = |any: &AnyRef<'_>| Some(Mpint::from_positive_bytes(unsigned(*any)?));
    let key = DsaPublicKey::new(mpint(p)?, mpint(q)?, mpint(g)?, mpint(y)?).ok()?;
    Some(PublicFacts::of(&KeyData::Dsa(key)))
}

/// RFC 5915: version 1, private key, `[0]` curve, `[1]` public key. In PKCS#8 the curve stands outside.
pub(crate) fn sec1(der: &[u8], curve: Option<ObjectIdentifier>) -> Option<PublicFacts> {
    let elements = sequence(der)?;
    let [version, private, rest @ ..] = elements.as_slice() else {
        return None;
    };
    if number(*version)? != 1 || octets(*private)?.is_empty() {
        return None;
    }
    let tagged = |tag: u32| {
        let wanted = context(tag);
        let found = rest.iter().find(|any| der::Tagged::tag(*any) == wanted);
        found.and_then(|any| explicit(*any, tag))
    };
    let curve = tagged(0).and_then(oid).or(curve)?;
    let named = match curve {
        oid::P256 => Curve::P256,
        oid::P384 => Curve::P384,
        oid::P521 => Curve::P521,
        other => return Some(PublicFacts::only(Algorithm::Other(oid::name(other)))),
    };
    let only = PublicFacts::only(Algorithm::Ecdsa(named));
    let point = tagged(1).and_then(bits);
    let key = point.and_then(|point| EcdsaPublicKey::from_sec1_bytes(point).ok());
    match key.map(|key| PublicFacts::of(&KeyData::Ecdsa(key))) {
        Some(facts) => (facts.algorithm == only.algorithm).then_some(facts),
        None => Some(only),
    }
}

/// RFC 5958: version, algorithm, private key, `[0]` attributes, `[1]` public key.
pub(crate) fn pkcs8(der: &[u8]) -> Option<PublicFacts> {
    let elements = sequence(der)?;
    let [version, name, private, rest @ ..] = elements.as_slice() else {
        return None;
    };
    if number(*version)? > 1 {
        return None;
    }
    let (name, parameters) = algorithm(*name)?;
    let private = octets(*private)?;
    match name {
        oid::RSA => pkcs1(private),
        oid::EC => sec1(private, oid(parameters?)),
        oid::DSA => dsa(parameters?),
        oid::ED25519 => ed25519(private, rest),
        other => Some(PublicFacts::only(Algorithm::Other(oid::name(other)))),
    }
}

/// The parameters tell the size; the public key would have to be computed.
fn dsa(parameters: AnyRef<'_>) -> Option<PublicFacts> {
    let parameters = crate::asn1::within(parameters, Tag::Sequence)?;
    let bits = bit_length(unsigned(*parameters.first()?)?);
    Some(PublicFacts::only(Algorithm::Dsa { bits }))
}

/// The public key is there if the file is of version 2; OpenSSL writes version 1.
fn ed25519(private: &[u8], rest: &[AnyRef<'_>]) -> Option<PublicFacts> {
    if private.len() != 34 || private[..2] != [0x04, 32] {
        return None;
    }
    let public = rest.iter().find_map(|any| match any.value() {
        [0, point @ ..] if is_public_key(any) => <[u8; 32]>::try_from(point).ok(),
        _ => None,
    });
    Some(match public {
        Some(point) => PublicFacts::of(&KeyData::Ed25519(Ed25519PublicKey(point))),
        None => PublicFacts::only(Algorithm::Ed25519),
    })
}

/// `[1] IMPLICIT BIT STRING`.
fn is_public_key(any: &AnyRef<'_>) -> bool {
    let tag = Tag::ContextSpecific {
        constructed: false,
        number: der::TagNumber(1),
    };
    der::Tagged::tag(any) == tag
}

fn algorithm_of(key: &KeyData) -> Algorithm {
    match key {
        KeyData::Rsa(key) => Algorithm::Rsa {
            bits: positive_bits(key.n()),
        },
        KeyData::Dsa(key) => Algorithm::Dsa {
            bits: positive_bits(key.p()),
        },
        KeyData::Ecdsa(key) => Algorithm::Ecdsa(match key.curve() {
            EcdsaCurve::NistP256 => Curve::P256,
            EcdsaCurve::NistP384 => Curve::P384,
            EcdsaCurve::NistP521 => Curve::P521,
        }),
        KeyData::Ed25519(_) => Algorithm::Ed25519,
        KeyData::SkEcdsaSha2NistP256(_) | KeyData::SkEd25519(_) => Algorithm::SecurityKey,
        _ => Algorithm::Other("an unknown algorithm"),
    }
}

fn positive_bits(integer: &Mpint) -> usize {
    integer.as_positive_bytes().map_or(0, bit_length)
}

fn bit_length(bytes: &[u8]) -> usize {
    let significant = bytes.iter().position(|byte| *byte != 0);
    significant.map_or(0, |at| {
        (bytes.len() - at) * 8 - bytes[at].leading_zeros() as usize
    })
}
