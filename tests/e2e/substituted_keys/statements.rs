//! Statements about the gateway's keys that are not the gateway's, are of another time, or about something else.

use anyhow::{Context, Result, ensure};
use base64ct::{Base64UrlUnpadded, Encoding};
use envelope::protocol::IdentityJwk;
use envelope::statement::{STATEMENT_TYP, SignedStatement};
use envelope::{JwkSet, KeyStatement, UnixSeconds};
use jsonwebtoken::{Algorithm, EncodingKey};
use serde_json::Value;

use super::documents::{Substitute, refused};
use crate::harness::Fingerprint;

/// All of them, made from the genuine document.
pub(super) fn all(genuine: &Value, told: &Fingerprint) -> Result<Vec<Substitute>> {
    let jws = genuine["statement"].as_str().context("no statement")?;
    let said: KeyStatement =
        serde_json::from_slice(&SignedStatement::parse(jws).context("no JWS")?.payload)?;
    let served = JwkSet::parse(genuine.to_string().as_bytes())?;
    let with = |statement: String| -> Result<Value> {
        Ok(serde_json::from_str(
            &served.clone().with_statement(statement).to_json(),
        )?)
    };
    let (input, signature) = jws.rsplit_once('.').context("no JWS")?;
    let mut bare = genuine.clone();
    bare.as_object_mut()
        .context("no object")?
        .remove("statement");
    let mut all = vec![
        refused("no statement", &bare, &told.identity, "No statement by"),
        refused(
            "a signature of something else",
            &with(format!("{input}.{}", "A".repeat(86)))?,
            &told.identity,
            "not signed",
        ),
        refused(
            "another statement under the signature",
            &with(format!(
                "{}.{signature}",
                signing_input(&renumbered(&said))?
            ))?,
            &told.identity,
            "not signed",
        ),
        refused(
            "half a statement",
            &with(input.to_owned())?,
            &told.identity,
            "not signed",
        ),
    ];

    // Signed as it should be, by a key that the ticket names: nothing but what it says stands in between.
    let impostor = Impostor::new()?;
    let own = impostor.says(&said);
    for (what, statement, words) in [
        (
            "another gateway's statement",
            KeyStatement {
                gw: envelope::GatewayId::parse("another")?,
                ..own.clone()
            },
            "another gateway's",
        ),
        (
            "an expired statement",
            KeyStatement {
                nbf: UnixSeconds(own.nbf.0 - 86_400),
                exp: UnixSeconds(own.exp.0 - 86_400),
                ..own.clone()
            },
            "ticket's time",
        ),
        (
            "a statement for later",
            KeyStatement {
                nbf: UnixSeconds(own.nbf.0 + 86_400),
                exp: UnixSeconds(own.exp.0 + 86_400),
                ..own.clone()
            },
            "ticket's time",
        ),
        (
            "a statement about no key",
            KeyStatement {
                keys: String::new(),
                ..own.clone()
            },
            "about other keys",
        ),
    ] {
        let document = with(impostor.sign(&statement)?)?;
        all.push(refused(what, &document, &impostor.thumbprint(), words));
    }
    let document = with(impostor.sign(&own)?)?;
    all.push(Substitute {
        code: "key_not_pinned",
        ..refused(
            "an impostor's statement",
            &document,
            &told.identity,
            "Nothing was sealed",
        )
    });
    ensure!(
        served.keys().len() == 1,
        "not the document of a new gateway"
    );
    Ok(all)
}

/// Somebody with an identity key of their own: that of RFC 8037 appendix A.
struct Impostor {
    key: EncodingKey,
    identity: IdentityJwk,
}

impl Impostor {
    fn new() -> Result<Self> {
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

    fn thumbprint(&self) -> String {
        self.identity.thumbprint().to_string()
    }

    fn says(&self, said: &KeyStatement) -> KeyStatement {
        KeyStatement {
            identity: self.identity.clone(),
            ..said.clone()
        }
    }

    fn sign(&self, statement: &KeyStatement) -> Result<String> {
        let input = signing_input(statement)?;
        let signature = jsonwebtoken::crypto::sign(input.as_bytes(), &self.key, Algorithm::EdDSA)?;
        Ok(format!("{input}.{signature}"))
    }
}

/// What the gateway did not say: the same with a higher number.
fn renumbered(said: &KeyStatement) -> KeyStatement {
    KeyStatement {
        seq: said.seq + 1,
        ..said.clone()
    }
}

/// Header and payload of a statement by the identity key that it names.
fn signing_input(statement: &KeyStatement) -> Result<String> {
    let kid = statement.identity.thumbprint();
    let header = format!(r#"{{"alg":"EdDSA","typ":"{STATEMENT_TYP}","kid":"{kid}"}}"#);
    let encode = |bytes: &[u8]| Base64UrlUnpadded::encode_string(bytes);
    Ok([
        encode(header.as_bytes()),
        encode(&serde_json::to_vec(statement)?),
    ]
    .join("."))
}
