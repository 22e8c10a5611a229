use envelope::GatewayId;

use super::*;
use crate::tests::{Identity, key};

/// When the keys were saved.
const SAVED: u64 = 1_800_000_000;
const HOUR: u64 = 3_600;

fn document(identity: &Identity, name: &str) -> Result<KeyDocument, Failure> {
    KeyDocument::read(identity.document(key(name), SAVED).into_bytes())
}

/// Nothing is known before.
fn nothing(folder: &tempfile::TempDir) -> KnownGateways {
    KnownGateways::at(Some(&folder.path().join("known"))).unwrap()
}

/// Of a saved document, without a fingerprint.
fn saved(known: &KnownGateways) -> Expectation<'_> {
    Expectation {
        fingerprint: None,
        known,
        origin: None,
    }
}

#[test]
fn saved_keys_may_be_so_much_older_than_the_ticket_and_no_more() {
    let folder = tempfile::tempdir().unwrap();
    let known = nothing(&folder);
    let expectation = saved(&known);
    let identity = Identity::new();
    let document = document(&identity, "good").unwrap();
    let kept = |iat, hours: u64| {
        let claims = identity.claims(iat);
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
    let claims = identity.claims(SAVED + HOUR);
    assert!(document.key_for(&claims, &expectation).is_err());
}

#[test]
fn a_saved_document_is_for_its_own_gateways_tickets() {
    let folder = tempfile::tempdir().unwrap();
    let known = nothing(&folder);
    let expectation = saved(&known);
    let identity = Identity::new();
    let document = document(&identity, "good").unwrap();
    let mut other = identity.claims(SAVED);
    other.aud = GatewayId::parse("other").unwrap();
    assert!(document.kept_key_for(&other, &expectation, HOUR).is_err());
    let mut other = identity.claims(SAVED);
    other.thp = Kid::parse("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k").unwrap();
    let failure = document.kept_key_for(&other, &expectation, HOUR);
    assert_eq!(failure.unwrap_err().code, "key_not_pinned");
}

#[test]
fn a_modulus_that_is_a_prime_number_is_refused() {
    let identity = Identity::new();
    assert!(document(&identity, "good").is_ok());
    let failure = document(&identity, "prime").err().unwrap();
    assert_eq!(failure.code, "key_refused");
    assert!(failure.advice.contains("prime_modulus"), "{failure}");
}
