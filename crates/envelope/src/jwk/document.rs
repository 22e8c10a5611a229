//! Reading a JWK Set: exactly the members a public envelope key has, nothing else.

use super::{KEY_ALGORITHM, MAX_KEY_DOCUMENT_BYTES, MAX_KEYS, RsaPublicJwk};
use crate::base64url;
use crate::error::KeyRefusal;
use crate::strict_json::{Fault, Members};

/// The members of private keys (RFC 7518 section 6.3.2) and of symmetric ones (section 6.4).
const PRIVATE: [Fault; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/// Reads and checks all keys of a document, in its order; the statement beside them comes as it is.
pub(super) fn parse(json: &[u8]) -> Result<(Vec<RsaPublicJwk>, Option<String>), KeyRefusal> {
    if json.len() > MAX_KEY_DOCUMENT_BYTES {
        return Err(KeyRefusal::DocumentTooLarge {
            bytes: json.len(),
            limit: MAX_KEY_DOCUMENT_BYTES,
        });
    }
    let mut document = Members::parse(json)?;
    let keys = document.objects("keys")?;
    // The one member beside the keys that is known; RFC 7517 section 5 would pass over any other.
    let statement = document.optional_text("statement")?;
    document.end()?;
    // Before the arithmetic: its cost is per key.
    if keys.len() > MAX_KEYS {
        return Err(KeyRefusal::TooManyKeys {
            keys: keys.len(),
            limit: MAX_KEYS,
        });
    }
    let mut checked = Vec::new();
    for key in keys {
        checked.push(Key::read(key)?.check()?);
    }
    Ok((checked, statement))
}

impl From<Fault> for KeyRefusal {
    fn from(member: Fault) -> Self {
        Self::Malformed { member }
    }
}

/// One key as written.
struct Key {
    n: String,
    e: String,
    alg: String,
    kid: String,
    public_key_use: Option<String>,
    key_ops: Option<Vec<String>>,
}

impl Key {
    /// The kind of key, and that nothing of it is private, come before everything else that may be wrong.
    fn read(mut members: Members) -> Result<Self, KeyRefusal> {
        let kty = members.text("kty")?;
        if PRIVATE.iter().any(|name| members.has(name)) {
            return Err(KeyRefusal::PrivateMember);
        }
        if kty != "RSA" {
            return Err(KeyRefusal::KeyType);
        }
        let key = Self {
            n: members.text("n")?,
            e: members.text("e")?,
            alg: members.text("alg")?,
            kid: members.text("kid")?,
            public_key_use: members.optional_text("use")?,
            key_ops: members.optional_texts("key_ops")?,
        };
        members.end()?;
        Ok(key)
    }

    fn check(&self) -> Result<RsaPublicJwk, KeyRefusal> {
        if self.alg != KEY_ALGORITHM {
            return Err(KeyRefusal::Algorithm);
        }
        if !self.is_for_encryption_only() {
            return Err(KeyRefusal::Use);
        }
        let n = base64url::decode(&self.n).ok_or(KeyRefusal::NumberEncoding)?;
        let e = base64url::decode(&self.e).ok_or(KeyRefusal::NumberEncoding)?;
        let key = RsaPublicJwk::from_numbers(&n, &e)?;
        if key.kid().as_str() == self.kid {
            Ok(key)
        } else {
            Err(KeyRefusal::KidMismatch)
        }
    }

    /// RFC 7517 sections 4.2 and 4.3: at least one of the two members is there, and each allows encryption alone.
    fn is_for_encryption_only(&self) -> bool {
        let by_use = self.public_key_use.as_deref().map(|word| word == "enc");
        let by_operations = self.key_ops.as_ref().map(|operations| {
            !operations.is_empty()
                && operations
                    .iter()
                    .all(|word| word == "wrapKey" || word == "encrypt")
        });
        match (by_use, by_operations) {
            (None, None) => false,
            (by_use, by_operations) => by_use.unwrap_or(true) && by_operations.unwrap_or(true),
        }
    }
}
