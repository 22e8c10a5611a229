//! OpenSSH's own format: `PROTOCOL.key`. The public key stands in clear, the private one may be encrypted.

use ssh_key::PrivateKey;

use crate::private_key::PublicFacts;
use crate::work::Work;
use crate::{Container, Description, Encryption, Flaw, Kdf, Key, PassphraseError, Protection};

/// Describes the bytes inside the PEM.
pub(crate) fn describe(bytes: &[u8]) -> Result<Description, Flaw> {
    let key = PrivateKey::from_bytes(bytes).map_err(|_| Flaw::Structure)?;
    let protection = if key.is_encrypted() {
        Protection::Encrypted(encryption(&key))
    } else {
        Protection::Open
    };
    Ok(description(&key, protection))
}

/// Decrypts the private key and compares it with the public one.
pub(crate) fn check(bytes: &[u8], passphrase: &[u8]) -> Result<Description, PassphraseError> {
    let key = PrivateKey::from_bytes(bytes).map_err(|_| PassphraseError::Damaged)?;
    let encryption = encryption(&key);
    let Kdf::Bcrypt { rounds } = encryption.kdf else {
        return Err(PassphraseError::Unsupported("this derivation"));
    };
    Work::bcrypt(rounds)?;
    key.decrypt(passphrase)
        .map_err(|_| PassphraseError::Wrong)?;
    Ok(description(&key, Protection::Encrypted(encryption)))
}

fn description(key: &PrivateKey, protection: Protection) -> Description {
    let facts = PublicFacts::of(key.public_key().key_data());
    Description {
        container: Container::OpenSsh,
        protection,
        key: Key::Present(facts.algorithm),
        fingerprint: facts.fingerprint,
        certificate: None,
    }
}

fn encryption(key: &PrivateKey) -> Encryption {
    Encryption {
        cipher: key.cipher().as_str(),
        kdf: match key.kdf() {
            ssh_key::Kdf::Bcrypt { rounds, .. } => Kdf::Bcrypt { rounds: *rounds },
            _ => Kdf::Unknown,
        },
    }
}
