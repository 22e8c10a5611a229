//! A key document's keys keep the rules, and come back from what is written of them.
#![no_main]

use envelope::JwkSet;
use envelope::jwk::{MAX_KEYS, MODULUS_BITS};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(set) = JwkSet::parse(bytes) else {
        return;
    };
    assert!(set.keys().len() <= MAX_KEYS);
    for key in set.keys() {
        let jwk = key.jwk();
        assert!(MODULUS_BITS.contains(&(jwk.n().len() * 8)));
        assert!(jwk.n()[0] & 0x80 != 0);
        assert!(set.select(jwk.kid()).is_ok());
    }
    if set.statement().is_none() {
        let again = JwkSet::parse(set.to_json().as_bytes());
        assert!(again.is_ok_and(|again| again.keys().len() == set.keys().len()));
    }
});
