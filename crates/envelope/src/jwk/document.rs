//! Reading a JWK Set: exactly the members a public envelope key has, nothing else.

use serde::Deserialize;

use super::{KEY_ALGORITHM, MAX_KEY_DOCUMENT_BYTES, MAX_KEYS, RsaPublicJwk};
use crate::base64url;
use crate::error::KeyRefusal;
use crate::strict_json::{Object, not_null};

/// Reads and checks all keys of a document, in its order; the statement beside them comes as it is.
pub(super) fn parse(json: &[u8]) -> Result<(Vec<RsaPublicJwk>, Option<String>), KeyRefusal> {
    if json.len() > MAX_KEY_DOCUMENT_BYTES {
        return Err(KeyRefusal::DocumentTooLarge {
            bytes: json.len(),
            limit: MAX_KEY_DOCUMENT_BYTES,
        });
    }
    let Object(document): Object<Document> =
        serde_json::from_slice(json).map_err(|error| KeyRefusal::Malformed {
            line: error.line(),
            column: error.column(),
        })?;
    // Before the arithmetic: its cost is per key.
    if document.keys.len() > MAX_KEYS {
        return Err(KeyRefusal::TooManyKeys {
            keys: document.keys.len(),
            limit: MAX_KEYS,
        });
    }
    let keys = document.keys.iter().map(|Object(key)| key.check());
    Ok((keys.collect::<Result<_, _>>()?, document.statement))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    keys: Vec<Object<Key>>,
    /// RFC 7517 section 5 allows other members.
    #[serde(default, deserialize_with = "not_null")]
    statement: Option<String>,
}

/// One key as written. The private members are here to be refused by name; one that is no string (RFC 7518 sections 6.3.2 and
/// 6.4) is refused with the document.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Key {
    kty: String,
    n: String,
    e: String,
    alg: String,
    kid: String,
    #[serde(default, rename = "use", deserialize_with = "not_null")]
    public_key_use: Option<String>,
    #[serde(default, deserialize_with = "not_null")]
    key_ops: Option<Vec<String>>,
    #[serde(default, deserialize_with = "not_null")]
    d: Option<String>,
    #[serde(default, deserialize_with = "not_null")]
    p: Option<String>,
    #[serde(default, deserialize_with = "not_null")]
    q: Option<String>,
    #[serde(default, deserialize_with = "not_null")]
    dp: Option<String>,
    #[serde(default, deserialize_with = "not_null")]
    dq: Option<String>,
    #[serde(default, deserialize_with = "not_null")]
    qi: Option<String>,
    #[serde(default, deserialize_with = "not_null")]
    oth: Option<String>,
    #[serde(default, deserialize_with = "not_null")]
    k: Option<String>,
}

impl Key {
    fn check(&self) -> Result<RsaPublicJwk, KeyRefusal> {
        if self.kty != "RSA" {
            return Err(KeyRefusal::KeyType);
        }
        let private = [
            &self.d, &self.p, &self.q, &self.dp, &self.dq, &self.qi, &self.oth, &self.k,
        ];
        if private.into_iter().any(Option::is_some) {
            return Err(KeyRefusal::PrivateMember);
        }
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
