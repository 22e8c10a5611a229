//! Key documents that somebody could put in the place of the gateway's, and what the page must say to each.

use anyhow::{Context, Result};
use base64ct::{Base64UrlUnpadded, Encoding};
use envelope::Kid;
use serde_json::{Value, json};

/// The moduli of the key policy's own tests; beside them is the program that made them.
const MODULI: &str = include_str!("../../../crates/envelope/tests/keys/weak/moduli.json");

/// One of them.
pub(super) struct Substitute {
    pub(super) what: &'static str,
    pub(super) document: String,
    /// The thumbprint that the ticket names.
    pub(super) thumbprint: String,
    /// The code of the page's notice.
    pub(super) code: &'static str,
    /// What the notice says, among other things.
    pub(super) words: &'static str,
}

/// All of them, made from the genuine document and its one key's id.
pub(super) fn all(genuine: &Value, kid: &str) -> Result<Vec<Substitute>> {
    let mut all = weak_keys()?;
    all.extend(altered_members(genuine, kid));
    all.extend(altered_documents(genuine, kid)?);
    Ok(all)
}

pub(super) fn refused(
    what: &'static str,
    document: &Value,
    kid: &str,
    words: &'static str,
) -> Substitute {
    Substitute {
        what,
        document: document.to_string(),
        thumbprint: kid.to_owned(),
        code: "key_refused",
        words,
    }
}

/// A key that is right in everything but its modulus. The ticket names it, so that nothing but the policy stands in between.
fn weak_keys() -> Result<Vec<Substitute>> {
    let weak = |what: &'static str, n: &str, words| {
        let jwk = public_jwk(n, "AQAB");
        let kid = jwk["kid"].as_str().unwrap_or_default().to_owned();
        refused(what, &json!({ "keys": [jwk] }), &kid, words)
    };
    let short = Base64UrlUnpadded::encode_string(&[0xfb; 128]);
    let mut even = octets("good", 3072)?;
    even[383] &= 0xfe;
    let even = Base64UrlUnpadded::encode_string(&even);
    let mut all = vec![
        weak("a short modulus", &short, "modulus_size"),
        weak("an even modulus", &even, "even_modulus"),
    ];
    for (name, words) in [
        ("factor-3", "small_factor"),
        ("factor-65537", "small_factor"),
        ("pattern-37", "repeated_pattern"),
        ("roca", "roca_fingerprint"),
        ("prime", "prime_modulus"),
        ("square", "close_factors"),
        ("fermat-1", "close_factors"),
        ("fermat-110", "close_factors"),
    ] {
        all.push(weak(name, &modulus(name)?, words));
    }
    Ok(all)
}

/// The genuine key with one member changed.
fn altered_members(genuine: &Value, kid: &str) -> Vec<Substitute> {
    let malformed = "malformed";
    [
        ("another algorithm", "alg", json!("RSA-OAEP"), "algorithm"),
        ("a signature key", "use", json!("sig"), "use"),
        ("operations", "key_ops", json!(["sign"]), "use"),
        ("a private exponent", "d", json!("AQAB"), "private_member"),
        ("a prime", "p", json!("AQAB"), "private_member"),
        ("a symmetric key", "k", json!("AQAB"), "private_member"),
        ("exponent 3", "e", json!("Aw"), "exponent"),
        ("the words of an EC key", "kty", json!("EC"), "key_type"),
        ("a padded modulus", "n", json!("AAAA="), "number_encoding"),
        ("a certificate", "x5c", json!([]), malformed),
        ("a kid of null", "kid", Value::Null, malformed),
        ("a kid of its own", "kid", json!("1"), "kid_mismatch"),
    ]
    .into_iter()
    .map(|(what, name, value, words)| {
        let mut document = genuine.clone();
        document["keys"][0][name] = value;
        refused(what, &document, kid, words)
    })
    .collect()
}

fn altered_documents(genuine: &Value, kid: &str) -> Result<Vec<Substitute>> {
    let key = &genuine["keys"][0];
    let another = public_jwk(&modulus("good")?, "AQAB");
    let mut disguised = another.clone();
    disguised["kid"] = json!(kid);
    let weak = public_jwk(&modulus("roca")?, "AQAB");
    let ec = json!({ "kty": "EC", "crv": "P-256", "x": "AA", "y": "AA", "alg": "RSA-OAEP-256", "kid": kid, "use": "enc" });
    let set = |what, keys: Value, words| {
        let document = json!({ "keys": keys, "statement": genuine["statement"] });
        refused(what, &document, kid, words)
    };
    let text = |what, document: String, words| Substitute {
        document,
        ..refused(what, &Value::Null, kid, words)
    };
    let padded = format!("{genuine}{}", " ".repeat(16 * 1024));
    Ok(vec![
        set("another key", json!([another]), "statement_keys"),
        set("no key", json!([]), "statement_keys"),
        set(
            "another key under the genuine kid",
            json!([disguised]),
            "kid_mismatch",
        ),
        set("an EC key", json!([ec]), "key_type"),
        set(
            "the genuine key and a weak one",
            json!([key, weak]),
            "roca_fingerprint",
        ),
        set("the genuine key twice", json!([key, key]), "duplicate_kid"),
        set("nine keys", json!(vec![key; 9]), "too_many_keys"),
        text("a document that is too long", padded, "document_too_large"),
        text(
            "a page of a proxy",
            "<!doctype html><p>Sign in".to_owned(),
            "malformed",
        ),
        text("nothing", String::new(), "malformed"),
        text(
            "half a document",
            genuine.to_string()[..400].to_owned(),
            "malformed",
        ),
        text("the key alone", key.to_string(), "malformed"),
    ])
}

fn public_jwk(n: &str, e: &str) -> Value {
    let kid = Kid::of_canonical_json(&format!(r#"{{"e":"{e}","kty":"RSA","n":"{n}"}}"#));
    json!({ "kty": "RSA", "n": n, "e": e, "alg": "RSA-OAEP-256", "kid": kid, "use": "enc" })
}

/// A modulus of 3072 bits by its name, in base64url.
fn modulus(name: &str) -> Result<String> {
    Ok(Base64UrlUnpadded::encode_string(&octets(name, 3072)?))
}

fn octets(name: &str, bits: u64) -> Result<Vec<u8>> {
    let moduli: Value = serde_json::from_str(MODULI)?;
    let found = moduli.as_array().and_then(|moduli| {
        moduli
            .iter()
            .find(|modulus| modulus["name"] == name && modulus["bits"] == bits)
    });
    let hex = found.and_then(|modulus| modulus["n"].as_str());
    let hex = hex.with_context(|| format!("no modulus {name}"))?;
    (0..hex.len() / 2)
        .map(|at| Ok(u8::from_str_radix(&hex[2 * at..2 * at + 2], 16)?))
        .collect()
}
