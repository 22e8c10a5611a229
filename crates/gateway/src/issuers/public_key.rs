//! An issuer's public key: Ed25519 (RFC 8037) or P-256 (RFC 7518 section 3.4), read from PEM or JWK, kept as JWK.

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ED25519, ParsedPublicKey, VerificationAlgorithm,
};
use base64ct::{Base64UrlUnpadded, Encoding};
use jsonwebtoken::{Algorithm, DecodingKey};
use serde::{Deserialize, Serialize};

/// A public key that tickets are checked with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Jwk", into = "Jwk")]
pub struct PublicKey {
    curve: Curve,
    /// Ed25519: 32 bytes. P-256: 0x04, x, y: 65 bytes.
    point: Vec<u8>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Curve {
    Ed25519,
    P256,
}

/// Why a text is not taken as an issuer's public key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PublicKeyError {
    /// A private key was given. It is not kept; it should be treated as disclosed if the file was sent around.
    #[error("that is a private key; register the public key, and keep the private one where it is")]
    Private,
    /// Neither PEM nor JWK of an Ed25519 or P-256 public key.
    #[error("give an Ed25519 or P-256 public key as PEM (BEGIN PUBLIC KEY) or as a JWK")]
    NotAPublicKey,
    /// The right form, but no point of the curve.
    #[error("the public key is not a point of its curve")]
    NotOnCurve,
}

impl PublicKey {
    /// Reads PEM (`BEGIN PUBLIC KEY`) or a JWK.
    ///
    /// # Errors
    /// See [`PublicKeyError`].
    pub fn parse(text: &str) -> Result<Self, PublicKeyError> {
        let text = text.trim();
        if text.contains("PRIVATE KEY-----") {
            return Err(PublicKeyError::Private);
        }
        if text.starts_with('{') {
            return serde_json::from_str::<Jwk>(text)
                .map_err(|_| PublicKeyError::NotAPublicKey)
                .and_then(Self::try_from);
        }
        let ed25519 = DecodingKey::from_ed_pem(text.as_bytes());
        let (curve, key) = match ed25519 {
            Ok(key) => (Curve::Ed25519, key),
            Err(_) => {
                let key = DecodingKey::from_ec_pem(text.as_bytes());
                (Curve::P256, key.map_err(|_| PublicKeyError::NotAPublicKey)?)
            }
        };
        let point = key
            .try_get_as_bytes()
            .map_err(|_| PublicKeyError::NotAPublicKey)?;
        Self::from_point(curve, point.to_vec())
    }

    /// An Ed25519 key from its 32 bytes.
    ///
    /// # Errors
    /// [`PublicKeyError::NotOnCurve`].
    pub fn ed25519(bytes: &[u8; 32]) -> Result<Self, PublicKeyError> {
        Self::from_point(Curve::Ed25519, bytes.to_vec())
    }

    /// Whether `signature` (base64url) is this key's over `message`, by this algorithm. The algorithm must be the
    /// key's own: a header cannot choose another.
    #[must_use]
    pub fn verifies(&self, algorithm: Algorithm, message: &[u8], signature: &str) -> bool {
        let (own, key) = match self.curve {
            Curve::Ed25519 => (Algorithm::EdDSA, DecodingKey::from_ed_der(&self.point)),
            Curve::P256 => (Algorithm::ES256, DecodingKey::from_ec_der(&self.point)),
        };
        // Signature only: times, audience and the rest are compared by `TicketClaims::check`, which is given `now`.
        own == algorithm
            && matches!(
                jsonwebtoken::crypto::verify(signature, message, &key, algorithm),
                Ok(true)
            )
    }

    fn from_point(curve: Curve, point: Vec<u8>) -> Result<Self, PublicKeyError> {
        let on_curve = match curve {
            Curve::Ed25519 => parses(&ED25519, &point),
            Curve::P256 => parses(&ECDSA_P256_SHA256_FIXED, &point) && point.first() == Some(&4),
        };
        if on_curve {
            Ok(Self { curve, point })
        } else {
            Err(PublicKeyError::NotOnCurve)
        }
    }
}

fn parses<A: VerificationAlgorithm>(algorithm: &'static A, point: &[u8]) -> bool {
    ParsedPublicKey::new(algorithm, point).is_ok()
}

/// RFC 7517 members that are looked at. `d` is named to be refused; others (`kid`, `use`, `alg` …) are passed over.
#[derive(Serialize, Deserialize)]
struct Jwk {
    kty: String,
    crv: String,
    x: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    y: Option<String>,
    #[serde(default, skip_serializing)]
    d: Option<serde::de::IgnoredAny>,
}

impl TryFrom<Jwk> for PublicKey {
    type Error = PublicKeyError;

    fn try_from(jwk: Jwk) -> Result<Self, PublicKeyError> {
        if jwk.d.is_some() {
            return Err(PublicKeyError::Private);
        }
        let bytes = |text: &str| {
            Base64UrlUnpadded::decode_vec(text).map_err(|_| PublicKeyError::NotAPublicKey)
        };
        match (jwk.kty.as_str(), jwk.crv.as_str(), &jwk.y) {
            ("OKP", "Ed25519", None) => Self::from_point(Curve::Ed25519, bytes(&jwk.x)?),
            ("EC", "P-256", Some(y)) => {
                let (x, y) = (bytes(&jwk.x)?, bytes(y)?);
                if x.len() != 32 || y.len() != 32 {
                    return Err(PublicKeyError::NotAPublicKey);
                }
                Self::from_point(Curve::P256, [&[4], x.as_slice(), &y].concat())
            }
            _ => Err(PublicKeyError::NotAPublicKey),
        }
    }
}

impl From<PublicKey> for Jwk {
    fn from(key: PublicKey) -> Self {
        let text = |bytes: &[u8]| Base64UrlUnpadded::encode_string(bytes);
        let (kty, crv, x, y) = match key.curve {
            Curve::Ed25519 => ("OKP", "Ed25519", text(&key.point), None),
            Curve::P256 => (
                "EC",
                "P-256",
                text(&key.point[1..33]),
                Some(text(&key.point[33..])),
            ),
        };
        Self {
            kty: kty.to_owned(),
            crv: crv.to_owned(),
            x,
            y,
            d: None,
        }
    }
}
