//! PuTTY's format, versions 2 and 3. The public key stands in clear, the private one may be encrypted; a MAC under the
//! passphrase covers everything.

use argon2::{Algorithm as Variant, Argon2, Params, Version};
use base64ct::{Base64, Encoding as _};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::{Digest as _, Sha1};
use sha2::Sha256;
use ssh_key::public::KeyData;
use zeroize::Zeroizing;

use crate::block_cipher::aes256_without_padding;
use crate::hex;
use crate::private_key::PublicFacts;
use crate::work::Work;
use crate::{Container, Description, Encryption, Flaw, Kdf, Key, PassphraseError, Protection};

type Bytes = Zeroizing<Vec<u8>>;

/// What the first line begins with; the version follows.
pub(crate) const BEGINNING: &str = "PuTTY-User-Key-File-";

/// Of Argon2, in bytes. PuTTY writes 16.
const MAX_SALT: usize = 64;

/// A PuTTY key, read but not decrypted.
pub(crate) struct Ppk {
    container: Container,
    algorithm: String,
    comment: String,
    public: Vec<u8>,
    private: Bytes,
    mac: Vec<u8>,
    encryption: PpkEncryption,
}

enum PpkEncryption {
    None,
    /// Version 2.
    Sha1,
    /// Version 3.
    Argon2 {
        variant: Variant,
        memory: u32,
        passes: u32,
        parallelism: u32,
        salt: Vec<u8>,
    },
}

impl Ppk {
    /// Reads a text that begins with [`BEGINNING`] and 2 or 3. Line breaks may have become spaces.
    pub(crate) fn read(container: Container, text: &str) -> Result<Self, Flaw> {
        let mut fields = Fields { rest: text };
        let header = match container {
            Container::Ppk2 => "PuTTY-User-Key-File-2",
            _ => "PuTTY-User-Key-File-3",
        };
        let algorithm = fields.take(header, "Encryption")?.trim().to_owned();
        let cipher = fields.take("Encryption", "Comment")?.trim();
        let comment = fields.take("Comment", "Public-Lines")?;
        // White space around the comment is part of it, save the line break.
        let comment = comment.strip_prefix(' ').unwrap_or(comment);
        let comment = comment
            .strip_suffix(['\n', ' '])
            .unwrap_or(comment)
            .to_owned();
        let derives = container == Container::Ppk3 && cipher != "none";
        let after = if derives {
            "Key-Derivation"
        } else {
            "Private-Lines"
        };
        let public = base64(fields.take("Public-Lines", after)?, "Public-Lines")?.to_vec();
        let encryption = match cipher {
            "none" => PpkEncryption::None,
            "aes256-cbc" if derives => fields.argon2()?,
            "aes256-cbc" => PpkEncryption::Sha1,
            _ => return Err(Flaw::Field("Encryption")),
        };
        let private = base64(
            fields.take("Private-Lines", "Private-MAC")?,
            "Private-Lines",
        )?;
        let mac = fields.value("Private-MAC")?;
        let length = if container == Container::Ppk2 { 20 } else { 32 };
        let mac = hex::decode(mac.trim())
            .filter(|mac| mac.len() == length)
            .ok_or(Flaw::Field("Private-MAC"))?;
        let ppk = Self {
            container,
            algorithm,
            comment,
            public,
            private,
            mac,
            encryption,
        };
        if matches!(ppk.encryption, PpkEncryption::None) && !ppk.is_authentic(&ppk.private, &[]) {
            return Err(Flaw::Checksum);
        }
        Ok(ppk)
    }

    pub(crate) fn describe(&self) -> Result<Description, Flaw> {
        let key = ssh_key::PublicKey::from_bytes(&self.public);
        let key = key.map_err(|_| Flaw::Field("Public-Lines"))?;
        let key: &KeyData = key.key_data();
        if key.algorithm().as_str() != self.algorithm {
            return Err(Flaw::Structure);
        }
        let facts = PublicFacts::of(key);
        Ok(Description {
            container: self.container,
            protection: match self.kdf() {
                None => Protection::Open,
                Some(kdf) => Protection::Encrypted(Encryption {
                    cipher: "aes256-cbc",
                    kdf,
                }),
            },
            key: Key::Present(facts.algorithm),
            fingerprint: facts.fingerprint,
            certificate: None,
        })
    }

    fn kdf(&self) -> Option<Kdf> {
        match &self.encryption {
            PpkEncryption::None => None,
            PpkEncryption::Sha1 => Some(Kdf::OneSha1),
            PpkEncryption::Argon2 {
                variant,
                memory,
                passes,
                ..
            } => Some(Kdf::Argon2 {
                variant: name(*variant),
                memory: *memory,
                passes: *passes,
            }),
        }
    }

    /// Decrypts, and compares the MAC.
    pub(crate) fn check(&self, passphrase: &[u8]) -> Result<Description, PassphraseError> {
        let (key, iv, mac_key) = match &self.encryption {
            PpkEncryption::None => return self.describe().map_err(|_| PassphraseError::Damaged),
            PpkEncryption::Sha1 => keys_of_version_2(passphrase),
            PpkEncryption::Argon2 {
                variant,
                memory,
                passes,
                parallelism,
                salt,
            } => {
                Work::of_one_file().memory((*memory).into(), (*passes).into())?;
                let unsupported = |_| PassphraseError::Unsupported("this Argon2");
                let parameters =
                    Params::new(*memory, *passes, *parallelism, None).map_err(unsupported)?;
                let mut keys = Zeroizing::new(vec![0; 80]);
                Argon2::new(*variant, Version::V0x13, parameters)
                    .hash_password_into(passphrase, salt, &mut keys)
                    .map_err(unsupported)?;
                let part = |range: std::ops::Range<usize>| Bytes::new(keys[range].to_vec());
                (part(0..32), part(32..48), part(48..80))
            }
        };
        let private = aes256_without_padding(&key, &iv, &self.private);
        let private = private.ok_or(PassphraseError::Damaged)?;
        if !self.is_authentic(&private, &mac_key) {
            return Err(PassphraseError::Wrong);
        }
        self.describe().map_err(|_| PassphraseError::Damaged)
    }

    fn is_authentic(&self, private: &[u8], key: &[u8]) -> bool {
        let mut message = Zeroizing::new(Vec::with_capacity(private.len() + 8192));
        let cipher: &[u8] = match self.encryption {
            PpkEncryption::None => b"none",
            _ => b"aes256-cbc",
        };
        let parts = [
            self.algorithm.as_bytes(),
            cipher,
            self.comment.as_bytes(),
            &self.public,
            private,
        ];
        for part in parts {
            // No part is longer than the file.
            message.extend_from_slice(&(part.len() as u32).to_be_bytes());
            message.extend_from_slice(part);
        }
        match self.container {
            Container::Ppk2 => {
                let unencrypted = mac_key_of_version_2(&[]);
                let key = if key.is_empty() { &unencrypted } else { key };
                let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(key) else {
                    return false;
                };
                mac.update(&message);
                mac.verify_slice(&self.mac).is_ok()
            }
            _ => {
                let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
                    return false;
                };
                mac.update(&message);
                mac.verify_slice(&self.mac).is_ok()
            }
        }
    }

    /// The file as PuTTYgen would write it.
    pub(crate) fn content(&self) -> Zeroizing<String> {
        let version = if self.container == Container::Ppk2 {
            '2'
        } else {
            '3'
        };
        let cipher = match self.encryption {
            PpkEncryption::None => "none",
            _ => "aes256-cbc",
        };
        let names = self.algorithm.len() + self.comment.len() + self.mac.len();
        let capacity = 2 * (self.public.len() + self.private.len() + names) + 1024;
        let mut out = Zeroizing::new(String::with_capacity(capacity));
        let mut line = |name: &str, value: &str| {
            for part in [name, ": ", value, "\n"] {
                out.push_str(part);
            }
        };
        let header = format!("{BEGINNING}{version}");
        line(&header, &self.algorithm);
        line("Encryption", cipher);
        line("Comment", &self.comment);
        block(&mut line, "Public-Lines", &self.public);
        if let PpkEncryption::Argon2 {
            variant,
            memory,
            passes,
            parallelism,
            salt,
        } = &self.encryption
        {
            line("Key-Derivation", name(*variant));
            line("Argon2-Memory", &memory.to_string());
            line("Argon2-Passes", &passes.to_string());
            line("Argon2-Parallelism", &parallelism.to_string());
            line("Argon2-Salt", &hex::encode(salt));
        }
        block(&mut line, "Private-Lines", &self.private);
        line("Private-MAC", &hex::encode(&self.mac));
        out
    }
}

/// As PuTTY spells it.
fn name(variant: Variant) -> &'static str {
    match variant {
        Variant::Argon2d => "Argon2d",
        Variant::Argon2i => "Argon2i",
        Variant::Argon2id => "Argon2id",
    }
}

/// A field whose value is the number of lines of base64 that follow.
fn block(line: &mut impl FnMut(&str, &str), name: &str, bytes: &[u8]) {
    let mut text = Zeroizing::new(String::with_capacity(bytes.len() * 2 + 16));
    let encoded = Zeroizing::new(Base64::encode_string(bytes));
    text.push_str(&encoded.len().div_ceil(64).to_string());
    crate::pem::push_lines(&mut text, &encoded, 64);
    line(name, &text);
}

/// The fields in their order. Each goes from its name to the name of the next, so that it does not matter what has become of
/// the line breaks.
struct Fields<'a> {
    rest: &'a str,
}

impl<'a> Fields<'a> {
    fn take(&mut self, name: &'static str, next: &'static str) -> Result<&'a str, Flaw> {
        let value = self.value(name)?;
        let end = position(value, next).ok_or(Flaw::Field(next))?;
        self.rest = &value[end..];
        Ok(&value[..end])
    }

    /// Everything behind the name, which must come first.
    fn value(&mut self, name: &'static str) -> Result<&'a str, Flaw> {
        let after = self.rest.trim_start().strip_prefix(name);
        after
            .and_then(|after| after.strip_prefix(':'))
            .ok_or(Flaw::Field(name))
    }

    fn argon2(&mut self) -> Result<PpkEncryption, Flaw> {
        let variant = match self.take("Key-Derivation", "Argon2-Memory")?.trim() {
            "Argon2d" => Variant::Argon2d,
            "Argon2i" => Variant::Argon2i,
            "Argon2id" => Variant::Argon2id,
            _ => return Err(Flaw::Field("Key-Derivation")),
        };
        let mut number = |name, next| {
            let value = self.take(name, next)?.trim();
            value.parse().map_err(|_| Flaw::Field(name))
        };
        Ok(PpkEncryption::Argon2 {
            variant,
            memory: number("Argon2-Memory", "Argon2-Passes")?,
            passes: number("Argon2-Passes", "Argon2-Parallelism")?,
            parallelism: number("Argon2-Parallelism", "Argon2-Salt")?,
            salt: hex::decode(self.take("Argon2-Salt", "Private-Lines")?.trim())
                .filter(|salt| salt.len() <= MAX_SALT)
                .ok_or(Flaw::Field("Argon2-Salt"))?,
        })
    }
}

/// Where the name of a field begins: after white space, with a colon behind.
fn position(text: &str, name: &str) -> Option<usize> {
    text.match_indices(name).map(|(at, _)| at).find(|at| {
        text[..*at].ends_with(char::is_whitespace) && text[at + name.len()..].starts_with(':')
    })
}

/// The number of lines and then base64.
fn base64(value: &str, name: &'static str) -> Result<Bytes, Flaw> {
    let mut words = value.split_whitespace();
    let lines = words.next().and_then(|count| count.parse::<u32>().ok());
    lines.ok_or(Flaw::Field(name))?;
    crate::pem::decode(words).map_err(|_| Flaw::Field(name))
}

fn keys_of_version_2(passphrase: &[u8]) -> (Bytes, Bytes, Bytes) {
    let mut key = Zeroizing::new(Vec::with_capacity(40));
    for counter in 0..2 {
        let mut hash = Sha1::new();
        hash.update([0, 0, 0, counter]);
        hash.update(passphrase);
        key.extend_from_slice(&Zeroizing::new(<[u8; 20]>::from(hash.finalize()))[..]);
    }
    key.truncate(32);
    let iv = Zeroizing::new(vec![0; 16]);
    (key, iv, mac_key_of_version_2(passphrase))
}

fn mac_key_of_version_2(passphrase: &[u8]) -> Bytes {
    let mut hash = Sha1::new();
    hash.update(b"putty-private-key-file-mac-key");
    hash.update(passphrase);
    Zeroizing::new(hash.finalize().to_vec())
}
