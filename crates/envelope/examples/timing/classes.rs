//! The ways in which opening can fail after the envelope was read.

use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::rsa::{
    OAEP_SHA1_MGF1SHA1, OAEP_SHA256_MGF1SHA256, OaepAlgorithm, OaepPublicEncryptingKey,
    PrivateDecryptingKey, PublicEncryptingKey,
};
use base64ct::{Base64UrlUnpadded, Encoding};
use envelope::{
    Binding, Credential, DataFactoryName, Envelope, EnvelopePrivateKey, GatewayId, JwkSet,
    LinkedServiceName, Operation, TicketId, UnixSeconds,
};
use getrandom::SysRng;

/// One way, and what stands in the place of the encrypted key.
pub(crate) struct Class {
    pub(crate) name: &'static str,
    encrypted_key: fn(&OaepPublicEncryptingKey) -> Option<Vec<u8>>,
}

/// All ways; the others are compared with the first.
pub(crate) const CLASSES: [Class; 5] = [
    Class {
        name: "the tag (the key unwraps)",
        encrypted_key: |key| wrapped(key, &OAEP_SHA256_MGF1SHA256, &[7; 32], None),
    },
    Class {
        name: "the padding (a random encrypted key)",
        encrypted_key: |key| {
            let mut octets = vec![0; key.ciphertext_size()];
            aws_lc_rs::rand::fill(&mut octets).ok()?;
            // Below any modulus of this length.
            octets[0] &= 0x7f;
            Some(octets)
        },
    },
    Class {
        name: "the hash of the label",
        encrypted_key: |key| wrapped(key, &OAEP_SHA256_MGF1SHA256, &[7; 32], Some(b"label")),
    },
    Class {
        name: "the padding's hash function (SHA-1)",
        encrypted_key: |key| wrapped(key, &OAEP_SHA1_MGF1SHA1, &[7; 32], None),
    },
    Class {
        name: "the length of the unwrapped key (16 octets)",
        encrypted_key: |key| wrapped(key, &OAEP_SHA256_MGF1SHA256, &[7; 16], None),
    },
];

impl Class {
    /// An envelope that fails in this way, and was right in everything before its key was exchanged.
    pub(crate) fn envelope(&self, key: &EnvelopePrivateKey) -> Envelope {
        let exchanged = || {
            let set = JwkSet::from_keys([key.public_jwk().clone()]).ok()?;
            let credential = Credential {
                kind: "OnPremisesSqlServer".to_owned(),
                auth: "SQL".to_owned(),
                properties: std::collections::BTreeMap::new(),
                secrets: std::collections::BTreeMap::new(),
            };
            let good = credential
                .seal(set.keys().first()?, &binding(), &mut SysRng)
                .ok()?;
            let mut segments: Vec<&str> = good.as_str().split('.').collect();
            let encrypted =
                Base64UrlUnpadded::encode_string(&(self.encrypted_key)(&public_half(key)?)?);
            segments[1] = &encrypted;
            Envelope::parse(segments.join(".").as_bytes()).ok()
        };
        exchanged().unwrap_or_else(|| panic!("no envelope for: {}", self.name))
    }
}

/// What every envelope is bound to.
pub(crate) fn binding() -> Binding {
    let named = || {
        Some(Binding {
            gw: GatewayId::parse("gateway").ok()?,
            df: DataFactoryName::parse("factory").ok()?,
            ls: LinkedServiceName::parse("service").ok()?,
            op: Operation::Set,
            jti: TicketId::parse("ticket").ok()?,
            iat: UnixSeconds(1_800_000_000),
            exp: UnixSeconds(1_800_000_600),
        })
    };
    named().unwrap_or_else(|| panic!("a name is refused"))
}

fn wrapped(
    key: &OaepPublicEncryptingKey,
    algorithm: &'static OaepAlgorithm,
    cek: &[u8],
    label: Option<&[u8]>,
) -> Option<Vec<u8>> {
    let mut encrypted = vec![0; key.ciphertext_size()];
    key.encrypt(algorithm, cek, &mut encrypted, label).ok()?;
    Some(encrypted)
}

fn public_half(key: &EnvelopePrivateKey) -> Option<OaepPublicEncryptingKey> {
    let private = PrivateDecryptingKey::from_pkcs8(&key.to_pkcs8().ok()?).ok()?;
    let der = AsDer::<PublicKeyX509Der<'_>>::as_der(&private.public_key()).ok()?;
    OaepPublicEncryptingKey::new(PublicEncryptingKey::from_der(der.as_ref()).ok()?).ok()
}
