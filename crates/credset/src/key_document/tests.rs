use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use envelope::statement::header;
use envelope::{DataFactoryName, GatewayId, LinkedServiceName, RsaPublicJwk};
use serde_json::Value;

use super::*;

/// When the keys were saved.
const SAVED: u64 = 1_800_000_000;
const HOUR: u64 = 3_600;

/// A modulus of 2048 bits, by its name in the tests of `envelope`.
fn key(name: &str) -> RsaPublicJwk {
    let moduli = include_str!("../../../envelope/tests/keys/weak/moduli.json");
    let moduli: Vec<Value> = serde_json::from_str(moduli).unwrap();
    let found = moduli
        .iter()
        .find(|modulus| modulus["name"] == name && modulus["bits"] == 2048);
    let hex = found.unwrap()["n"].as_str().unwrap();
    let n: Vec<u8> = (0..hex.len() / 2)
        .map(|at| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).unwrap())
        .collect();
    RsaPublicJwk::from_numbers(&n, &[1, 0, 1]).unwrap()
}

/// A document with this key, signed by a gateway of the test's.
fn document(name: &str) -> Vec<u8> {
    let pair = Ed25519KeyPair::generate().unwrap();
    let public = pair.public_key().as_ref().try_into().unwrap();
    let identity = IdentityJwk::ed25519(&public);
    let keys = JwkSet::from_keys([key(name)]).unwrap();
    let gateway = GatewayId::parse("gw").unwrap();
    let said = KeyStatement::about(&keys, gateway, identity.clone(), 7, UnixSeconds(SAVED));
    let segment = |bytes: &[u8]| Base64UrlUnpadded::encode_string(bytes);
    let input = [
        segment(header(&identity.thumbprint()).as_bytes()),
        segment(&serde_json::to_vec(&said).unwrap()),
    ]
    .join(".");
    let signature = segment(pair.sign(input.as_bytes()).as_ref());
    let jws = [input, signature].join(".");
    keys.with_statement(jws).to_json().into_bytes()
}

fn claims(document: &KeyDocument, iat: u64) -> TicketClaims {
    TicketClaims {
        iss: "portal".to_owned(),
        aud: GatewayId::parse("gw").unwrap(),
        sub: "author".to_owned(),
        jti: TicketId::parse("1").unwrap(),
        iat: UnixSeconds(iat),
        nbf: UnixSeconds(iat),
        exp: UnixSeconds(iat + 600),
        op: Operation::Set,
        df: DataFactoryName::parse("df").unwrap(),
        ls: LinkedServiceName::parse("ls").unwrap(),
        kind: None,
        thp: document.identity().thumbprint(),
        org: None,
    }
}

/// Nothing is known before.
fn nothing(folder: &tempfile::TempDir) -> KnownGateways {
    KnownGateways::at(Some(&folder.path().join("known"))).unwrap()
}

#[test]
fn saved_keys_may_be_so_much_older_than_the_ticket_and_no_more() {
    let folder = tempfile::tempdir().unwrap();
    let known = nothing(&folder);
    let expectation = Expectation {
        fingerprint: None,
        known: &known,
        origin: None,
    };
    let document = KeyDocument::read(document("good")).unwrap();
    let kept = |iat, hours: u64| {
        let claims = claims(&document, iat);
        document
            .kept_key_for(&claims, &expectation, hours * HOUR)
            .map(|key| key.kid().clone())
            .map_err(|failure| failure.code)
    };
    let kid = key("good").kid().clone();
    assert_eq!(kept(SAVED, 0), Ok(kid.clone()));
    assert_eq!(kept(SAVED + HOUR, 24), Ok(kid.clone()));
    assert_eq!(kept(SAVED + 23 * HOUR, 24), Ok(kid.clone()));
    let late = Err("key_refused".to_owned());
    assert_eq!(kept(SAVED + 25 * HOUR, 24), late);
    assert_eq!(kept(SAVED + 25 * HOUR, 48), Ok(kid));
    assert_eq!(kept(SAVED + HOUR, 0), late);
    // A ticket from before the keys were saved is not theirs.
    assert_eq!(kept(SAVED - HOUR, 24), late);
    // What comes over the network has no such grace.
    let claims = claims(&document, SAVED + HOUR);
    assert!(document.key_for(&claims, &expectation).is_err());
}

#[test]
fn a_saved_document_is_for_its_own_gateways_tickets() {
    let folder = tempfile::tempdir().unwrap();
    let known = nothing(&folder);
    let expectation = Expectation {
        fingerprint: None,
        known: &known,
        origin: None,
    };
    let document = KeyDocument::read(document("good")).unwrap();
    let mut other = claims(&document, SAVED);
    other.aud = GatewayId::parse("other").unwrap();
    assert!(document.kept_key_for(&other, &expectation, HOUR).is_err());
    let mut other = claims(&document, SAVED);
    other.thp = Kid::parse("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k").unwrap();
    let failure = document.kept_key_for(&other, &expectation, HOUR);
    assert_eq!(failure.unwrap_err().code, "key_not_pinned");
}

#[test]
fn a_modulus_that_is_a_prime_number_is_refused() {
    assert!(KeyDocument::read(document("good")).is_ok());
    let failure = KeyDocument::read(document("prime")).err().unwrap();
    assert_eq!(failure.code, "key_refused");
    assert!(failure.advice.contains("prime_modulus"), "{failure}");
}
