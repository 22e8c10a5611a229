//! What other JOSE libraries seal in ways that the profile excludes: refused by the header alone, so at once.

use std::time::{Duration, Instant};

use base64ct::{Base64, Encoding};
use envelope::JwkSet;
use serde_json::{Value, json};

use crate::forgery::{Forgery, decode, object};
use crate::interop::{LIBRARIES, Library};
use crate::sample::{KEY, rejection};

/// Longest time for one refusal.
const AT_ONCE: Duration = Duration::from_millis(5);

/// A library's envelopes of other kinds, each with the members of its header that differ.
fn sealed_otherwise(library: Library) -> Vec<(Value, String)> {
    let good = Forgery::good();
    let keys = JwkSet::from_keys([KEY.public_jwk().clone()]).unwrap();
    let request = json!({
        "do": "sealOtherwise", "keys": keys.to_json(), "header": object(&good.header),
        "plaintext": Base64::encode_string(&good.plaintext),
    });
    let answer = library
        .exchange(&request)
        .unwrap_or_else(|error| panic!("{library:?}: {error}"));
    answer
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            (
                one["members"].clone(),
                one["envelope"].as_str().unwrap().to_owned(),
            )
        })
        .collect()
}

#[test]
fn what_they_seal_otherwise_is_refused_at_once() {
    let mut tried = Vec::new();
    for library in LIBRARIES {
        for (members, envelope) in sealed_otherwise(library) {
            let what = format!("{library:?}: {members}");
            // It is what it is said to be.
            let header = decode(envelope.split('.').next().unwrap());
            let header: Value = serde_json::from_slice(&header).unwrap();
            for (name, value) in members.as_object().unwrap() {
                assert_eq!(&header[name], value, "{what}");
            }
            assert_eq!(envelope.split('.').count(), 5, "{what}");

            // The quickest of some times: the machine has other things to do, too.
            let times = (0..10).map(|_| {
                let begun = Instant::now();
                let reason = rejection(envelope.as_bytes(), &what);
                let time = begun.elapsed();
                assert!(
                    reason.to_string().starts_with("header:"),
                    "{what}: {reason}"
                );
                time
            });
            let quickest = times.min().unwrap();
            assert!(quickest < AT_ONCE, "{what}: {quickest:?}");
            tried.push(what);
        }
    }
    assert_eq!(tried.len(), 12, "{tried:?}");
}
