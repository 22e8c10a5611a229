//! Somebody who says what only a gateway may say, with an identity key of their own.

use anyhow::{Context, Result};
use base64ct::{Base64UrlUnpadded, Encoding};
use envelope::protocol::IdentityJwk;
use envelope::statement::{self, SignedStatement};
use envelope::{JwkSet, KeyStatement};
use jsonwebtoken::{Algorithm, EncodingKey};
use serde_json::Value;

/// Somebody with an identity key of their own: that of RFC 8037 appendix A.
pub(crate) struct Impostor {
    key: EncodingKey,
    identity: IdentityJwk,
}

impl Impostor {
    /// The key of RFC 8037 appendix A.1.
    pub(crate) fn new() -> Result<Self> {
        /// RFC 8410 section 7: what stands before the 32 bytes.
        const PKCS8: [u8; 16] = [
            0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20,
        ];
        let seed = Base64UrlUnpadded::decode_vec("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A")?;
        Ok(Self {
            key: EncodingKey::from_ed_der(&[&PKCS8[..], &seed].concat()),
            identity: IdentityJwk {
                kty: "OKP".to_owned(),
                crv: "Ed25519".to_owned(),
                x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo".to_owned(),
            },
        })
    }

    /// The thumbprint of the identity key, for tickets.
    pub(crate) fn thumbprint(&self) -> String {
        self.identity.thumbprint().to_string()
    }

    /// What a gateway has said, as if this identity were the gateway's.
    pub(crate) fn says(&self, said: &KeyStatement) -> KeyStatement {
        KeyStatement {
            identity: self.identity.clone(),
            ..said.clone()
        }
    }

    /// The statement, signed.
    pub(crate) fn sign(&self, statement: &KeyStatement) -> Result<String> {
        let input = signing_input(statement)?;
        let signature = jsonwebtoken::crypto::sign(input.as_bytes(), &self.key, Algorithm::EdDSA)?;
        Ok(format!("{input}.{signature}"))
    }
}

/// What the statement in a key document says.
pub(crate) fn statement_in(document: &Value) -> Result<KeyStatement> {
    let jws = document["statement"].as_str().context("no statement")?;
    let signed = SignedStatement::parse(jws).context("no JWS")?;
    Ok(serde_json::from_slice(&signed.payload)?)
}

/// A key document with another statement.
pub(crate) fn with_statement(document: &Value, jws: String) -> Result<Value> {
    let served = JwkSet::parse(document.to_string().as_bytes())?;
    Ok(serde_json::from_str(&served.with_statement(jws).to_json())?)
}

/// Header and payload of a statement by the identity key that it names.
pub(crate) fn signing_input(said: &KeyStatement) -> Result<String> {
    let header = statement::header(&said.identity.thumbprint());
    let encode = |bytes: &[u8]| Base64UrlUnpadded::encode_string(bytes);
    Ok([
        encode(header.as_bytes()),
        encode(&serde_json::to_vec(said)?),
    ]
    .join("."))
}
