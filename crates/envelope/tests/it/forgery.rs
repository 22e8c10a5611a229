//! Envelopes that an attacker can make: the key is public, so every segment may hold anything and the tag is right.
//! What rejects these is the reading, not the cryptography.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::encoding::PublicKeyX509Der;
use aws_lc_rs::rsa::{
    OAEP_SHA256_MGF1SHA256, OaepPublicEncryptingKey, PrivateDecryptingKey, PublicEncryptingKey,
};
use base64ct::{Base64UrlUnpadded, Encoding};

use crate::sample::{KEY, binding};

/// An envelope before it is put together.
#[derive(Clone)]
pub(crate) struct Forgery {
    /// Members of the protected header, names and raw values, in order.
    pub(crate) header: Vec<(String, String)>,
    /// The content encryption key. Its first 32 bytes encrypt, whatever its length.
    pub(crate) cek: Vec<u8>,
    pub(crate) plaintext: Vec<u8>,
}

impl Forgery {
    /// One that is right in everything.
    pub(crate) fn good() -> Self {
        let text = r#"{"auth":"SQL","kind":"K","properties":{},"secrets":{"password":{"replace":"x"}},"v":1}"#;
        let mut plaintext = text.as_bytes().to_vec();
        plaintext.resize(256, b' ');
        Self {
            header: members(&[
                ("alg", r#""RSA-OAEP-256""#),
                ("bind", &object(&bind())),
                ("crit", r#"["bind"]"#),
                ("cty", r#""json""#),
                ("enc", r#""A256GCM""#),
                ("kid", &format!("\"{}\"", KEY.kid())),
                ("typ", r#""credential+jwe""#),
            ]),
            cek: (1..33).collect(),
            plaintext,
        }
    }

    pub(crate) fn seal(&self) -> String {
        self.seal_header(object(&self.header).as_bytes())
    }

    /// The same with any bytes as the header.
    pub(crate) fn seal_header(&self, header: &[u8]) -> String {
        let private =
            PrivateDecryptingKey::from_pkcs8(include_bytes!("../keys/rfc7516-a1.pkcs8.der"))
                .unwrap();
        let der = AsDer::<PublicKeyX509Der<'_>>::as_der(&private.public_key()).unwrap();
        let public =
            OaepPublicEncryptingKey::new(PublicEncryptingKey::from_der(der.as_ref()).unwrap())
                .unwrap();
        let mut encrypted_key = vec![0; public.ciphertext_size()];
        public
            .encrypt(&OAEP_SHA256_MGF1SHA256, &self.cek, &mut encrypted_key, None)
            .unwrap();

        let mut key = self.cek.clone();
        key.resize(32, 0);
        let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &key).unwrap());
        let header = encode(header);
        let iv = [9; 12];
        let mut text = self.plaintext.clone();
        let tag = key
            .seal_in_place_separate_tag(
                Nonce::assume_unique_for_key(iv),
                Aad::from(header.as_bytes()),
                &mut text,
            )
            .unwrap();
        [
            header,
            encode(&encrypted_key),
            encode(&iv),
            encode(&text),
            encode(tag.as_ref()),
        ]
        .join(".")
    }
}

/// The members of `bind` as they must be.
pub(crate) fn bind() -> Vec<(String, String)> {
    let binding = binding();
    let text = |text: &str| serde_json::to_string(text).unwrap();
    members(&[
        ("df", &text(binding.df.as_str())),
        ("exp", &binding.exp.to_string()),
        ("gw", &text(binding.gw.as_str())),
        ("iat", &binding.iat.to_string()),
        ("jti", &text(binding.jti.as_str())),
        ("ls", &text(binding.ls.as_str())),
        ("op", r#""set""#),
    ])
}

pub(crate) fn members(members: &[(&str, &str)]) -> Vec<(String, String)> {
    members
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

/// A JSON object with these members, as they are.
pub(crate) fn object(members: &[(String, String)]) -> String {
    let members: Vec<String> = members
        .iter()
        .map(|(name, value)| format!("\"{name}\":{value}"))
        .collect();
    format!("{{{}}}", members.join(","))
}

pub(crate) fn encode(bytes: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(bytes)
}

pub(crate) fn decode(text: &str) -> Vec<u8> {
    Base64UrlUnpadded::decode_vec(text).unwrap()
}
