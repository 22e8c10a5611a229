//! Statements about the gateway's keys that are not the gateway's, are of another time, or about something else.

use anyhow::{Context, Result};
use envelope::{KeyStatement, UnixSeconds};
use serde_json::Value;

use super::documents::{Substitute, refused};
use crate::harness::Fingerprint;
use crate::harness::impostor::{Impostor, signing_input, statement_in, with_statement};

/// All of them, made from the genuine document.
pub(super) fn all(genuine: &Value, told: &Fingerprint) -> Result<Vec<Substitute>> {
    let jws = genuine["statement"].as_str().context("no statement")?;
    let said = statement_in(genuine)?;
    let with = |statement| with_statement(genuine, statement);
    let (input, signature) = jws.rsplit_once('.').context("no JWS")?;
    let mut bare = genuine.clone();
    bare.as_object_mut()
        .context("no object")?
        .remove("statement");
    let mut all = vec![
        refused("no statement", &bare, &told.identity, "statement_missing"),
        refused(
            "a signature of something else",
            &with(format!("{input}.{}", "A".repeat(86)))?,
            &told.identity,
            "statement_signature",
        ),
        refused(
            "another statement under the signature",
            &with(format!(
                "{}.{signature}",
                signing_input(&renumbered(&said))?
            ))?,
            &told.identity,
            "statement_signature",
        ),
        refused(
            "half a statement",
            &with(input.to_owned())?,
            &told.identity,
            "statement_signature",
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
            "statement_gateway",
        ),
        (
            "an expired statement",
            KeyStatement {
                nbf: UnixSeconds(own.nbf.0 - 86_400),
                exp: UnixSeconds(own.exp.0 - 86_400),
                ..own.clone()
            },
            "statement_time",
        ),
        (
            "a statement for later",
            KeyStatement {
                nbf: UnixSeconds(own.nbf.0 + 86_400),
                exp: UnixSeconds(own.exp.0 + 86_400),
                ..own.clone()
            },
            "statement_time",
        ),
        (
            "a statement about no key",
            KeyStatement {
                keys: String::new(),
                ..own.clone()
            },
            "statement_keys",
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
    Ok(all)
}

/// What the gateway did not say: the same with a higher number.
fn renumbered(said: &KeyStatement) -> KeyStatement {
    KeyStatement {
        seq: said.seq + 1,
        ..said.clone()
    }
}
