//! Every rule, on real moduli, most of them weak in one way each: `tests/keys/weak/make.py` made them and says how.

use serde_json::Value;

use super::*;

/// The modulus with this name and length.
pub(in super::super) fn modulus(name: &str, bits: usize) -> Vec<u8> {
    let moduli = include_str!("../../../tests/keys/weak/moduli.json");
    let moduli: Vec<Value> = serde_json::from_str(moduli).unwrap();
    let found = moduli
        .iter()
        .find(|modulus| modulus["name"] == name && modulus["bits"] == bits)
        .unwrap_or_else(|| panic!("no modulus {name} of {bits} bits"));
    let hex = found["n"].as_str().unwrap();
    (0..hex.len() / 2)
        .map(|at| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).unwrap())
        .collect()
}

#[track_caller]
fn verdict(name: &str, expected: Result<(), KeyRefusal>) {
    for bits in MODULUS_BITS {
        let verdict = check_numbers(&modulus(name, bits), &PUBLIC_EXPONENT);
        assert_eq!(verdict, expected, "{name}, {bits} bits");
    }
}

#[test]
fn good_keys_of_every_size_are_accepted() {
    verdict("good", Ok(()));
}

#[test]
fn keys_of_the_flawed_library_are_refused() {
    verdict("roca", Err(KeyRefusal::RocaFingerprint));
}

#[test]
fn close_primes_are_refused_up_to_the_last_round() {
    for name in ["square", "fermat-1", "fermat-2", "fermat-110"] {
        verdict(name, Err(KeyRefusal::CloseFactors));
    }
    verdict("fermat-111", Ok(()));
}

#[test]
fn sixteen_bytes_twice_are_refused_wherever_they_are() {
    for name in ["pattern-16", "pattern-37"] {
        verdict(name, Err(KeyRefusal::RepeatedPattern));
    }
}

#[test]
fn small_factors_are_refused_up_to_the_largest_tried() {
    verdict("factor-3", Err(KeyRefusal::SmallFactor { factor: 3 }));
    let factor = 65_537;
    verdict("factor-65537", Err(KeyRefusal::SmallFactor { factor }));
    verdict("factor-65539", Ok(()));
}

#[test]
fn every_refusal_names_its_rule() {
    for (refusal, word) in [
        (KeyRefusal::RocaFingerprint, "ROCA"),
        (KeyRefusal::CloseFactors, "Fermat"),
        (KeyRefusal::RepeatedPattern, "pattern"),
        (KeyRefusal::SmallFactor { factor: 3 }, "factor 3"),
    ] {
        assert!(refusal.to_string().contains(word), "{refusal}");
    }
}
