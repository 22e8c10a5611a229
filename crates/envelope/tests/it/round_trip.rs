//! What is sealed opens, byte for byte.

use std::collections::BTreeMap;

use envelope::protocol::{BUCKETS, LARGEST_BUCKET, MAX_ENVELOPE_BYTES};
use envelope::{
    Binding, Credential, DataFactoryName, Envelope, EnvelopePrivateKey, GatewayId,
    LinkedServiceName, Operation, SealError, Secret, SecretChange, TicketId, UnixSeconds, open,
};
use getrandom::SysRng;
use proptest::prelude::*;

use crate::sample::{KEY, MORE_KEYS, binding, credential, password, public};

#[test]
fn difficult_secrets_arrive_as_they_were() {
    let long = "päss\u{1F511}".repeat(400);
    for secret in [
        "",
        " ",
        "\0",
        "\0\0a\0",
        "\"",
        "\\",
        "\\\"",
        "'; DROP TABLE--",
        "{}",
        "{\"replace\":\"x\"}",
        "%41%00",
        "a;b=c",
        "line 1\nline 2\r\n",
        "\t\u{8}\u{c}\u{1b}",
        "\u{7f}\u{80}\u{85}",
        "\u{2028}\u{2029}",
        "\u{feff}bom",
        "é",
        "e\u{301}",
        "\u{10ffff}",
        "\u{e000}\u{1F511}",
        "   trailing   ",
        "keep",
        "clear",
        "null",
        &long,
    ] {
        for key in [&*KEY].into_iter().chain(&*MORE_KEYS) {
            let sealed = credential(secret)
                .seal(&public(key), &binding(), &mut SysRng)
                .unwrap();
            let received = Envelope::parse(sealed.as_str().as_bytes()).unwrap();
            assert_eq!(received, sealed);
            let opened = open(&received, key, &binding()).unwrap();
            assert!(
                password(&opened.credential) == secret,
                "a secret of {} bytes",
                secret.len()
            );
            assert_eq!(opened.kid, *key.kid());
            assert_eq!(opened.binding, binding());
        }
    }
}

#[test]
fn a_new_key_has_3072_bits_and_survives_being_stored() {
    let key = EnvelopePrivateKey::generate().unwrap();
    assert_eq!(key.public_jwk().modulus_bytes(), 384);
    let stored = key.to_pkcs8().unwrap();
    let loaded = EnvelopePrivateKey::from_pkcs8(&stored).unwrap();
    assert_eq!(loaded.kid(), key.kid());
    let sealed = credential("x")
        .seal(&public(&key), &binding(), &mut SysRng)
        .unwrap();
    assert!(open(&sealed, &loaded, &binding()).is_ok());
    assert!(EnvelopePrivateKey::from_pkcs8(&stored[1..]).is_err());
    assert!(EnvelopePrivateKey::from_pkcs8(&[]).is_err());
}

#[test]
fn no_two_envelopes_are_alike() {
    let seal = || {
        credential("x")
            .seal(&public(&KEY), &binding(), &mut SysRng)
            .unwrap()
    };
    let (first, second) = (seal(), seal());
    let (first_segments, second_segments): (Vec<_>, Vec<_>) = (
        first.as_str().split('.').collect(),
        second.as_str().split('.').collect(),
    );
    assert_eq!(first_segments[0], second_segments[0], "the header");
    for segment in 1..5 {
        assert_ne!(
            first_segments[segment],
            second_segments[segment],
            "segment {}",
            segment + 1
        );
    }
    assert_ne!(first.digest(), second.digest());
    assert_eq!(first.digest(), first.clone().digest());
}

#[test]
fn every_length_of_a_secret_falls_into_a_bucket() {
    let key = public(&KEY);
    let mut seen: BTreeMap<usize, usize> = BTreeMap::new();
    for length in 0..8300 {
        // Each bucket's borders, and samples between them.
        let around_border = BUCKETS
            .iter()
            .any(|bucket| (bucket - 256..bucket + 8).contains(&length));
        if !around_border && length % 97 != 0 {
            continue;
        }
        match credential(&"p".repeat(length)).seal(&key, &binding(), &mut SysRng) {
            Ok(sealed) => *seen.entry(sealed.as_str().len()).or_default() += 1,
            Err(error) => assert!(matches!(error, SealError::TooLong { .. })),
        }
    }
    assert_eq!(
        seen.len(),
        BUCKETS.len(),
        "one length of the envelope per bucket: {seen:?}"
    );
}

#[test]
fn what_is_too_long_says_by_how_much() {
    let empty = r#"{"auth":"SQL","kind":"OnPremisesSqlServer","properties":{"server":"sql01.example"},"secrets":{"password":{"replace":""}},"v":1}"#.len();
    let key = public(&KEY);
    let seal = |length: usize| {
        credential(&"p".repeat(length))
            .seal(&key, &binding(), &mut SysRng)
            .map(|_| ())
    };
    assert_eq!(seal(LARGEST_BUCKET - empty), Ok(()));
    let error = seal(LARGEST_BUCKET - empty + 1).unwrap_err();
    assert_eq!(
        error,
        SealError::TooLong {
            bytes: 8193,
            limit: 8192
        }
    );
    assert_eq!(
        error.to_string(),
        "the credential has 8193 bytes; the limit is 8192"
    );
}

#[test]
fn the_largest_envelope_fits() {
    let name = "\"".to_owned() + &"\u{1F511}".repeat(198) + "\"";
    let binding = Binding {
        gw: GatewayId::parse(&name).unwrap(),
        df: DataFactoryName::parse(&name).unwrap(),
        ls: LinkedServiceName::parse(&name).unwrap(),
        op: Operation::Test,
        jti: TicketId::parse(&name).unwrap(),
        iat: UnixSeconds(9_007_199_254_740_991),
        exp: UnixSeconds(9_007_199_254_740_991),
    };
    let [_, _, largest] = &*MORE_KEYS;
    let sealed = credential(&"p".repeat(8000))
        .seal(&public(largest), &binding, &mut SysRng)
        .unwrap();
    let length = sealed.as_str().len();
    assert!(
        length > 15_000 && length <= MAX_ENVELOPE_BYTES,
        "{length} bytes"
    );
    let received = Envelope::parse(sealed.as_str().as_bytes()).unwrap();
    assert!(open(&received, largest, &binding).is_ok());
}

#[test]
fn what_cannot_be_read_again_is_not_sealed() {
    let key = public(&KEY);
    let delete = Binding {
        op: Operation::Delete,
        ..binding()
    };
    assert_eq!(
        credential("x").seal(&key, &delete, &mut SysRng),
        Err(SealError::Operation)
    );
    let late = Binding {
        exp: UnixSeconds(9_007_199_254_740_992),
        ..binding()
    };
    assert_eq!(
        credential("x").seal(&key, &late, &mut SysRng),
        Err(SealError::Time)
    );
    let mut named = credential("x");
    named.properties.insert("größe".to_owned(), String::new());
    assert_eq!(
        named.seal(&key, &binding(), &mut SysRng),
        Err(SealError::MemberName)
    );
}

fn names() -> impl Strategy<Value = String> {
    "[ -~&&[^\"\\\\]]{1,64}"
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn any_credential_arrives(
        kind in any::<String>(),
        auth in any::<String>(),
        properties in prop::collection::btree_map(names(), any::<String>(), 0..6),
        secrets in prop::collection::btree_map(names(), prop::option::of(any::<String>()), 0..6),
    ) {
        let change = |secret: &Option<String>, name: &str| match secret {
            Some(secret) => SecretChange::Replace(Secret::new(secret.clone())),
            None if name.len().is_multiple_of(2) => SecretChange::Keep,
            None => SecretChange::Clear,
        };
        let sealed = Credential {
            kind: kind.clone(),
            auth: auth.clone(),
            properties: properties.clone(),
            secrets: secrets.iter().map(|(name, secret)| (name.clone(), change(secret, name))).collect(),
        }
        .seal(&public(&KEY), &binding(), &mut SysRng);
        let sealed = match sealed {
            Err(SealError::TooLong { bytes, limit }) => {
                prop_assert!(bytes > limit);
                return Ok(());
            }
            sealed => sealed.unwrap(),
        };
        let received = Envelope::parse(sealed.as_str().as_bytes()).unwrap();
        let opened = open(&received, &KEY, &binding()).unwrap().credential;
        prop_assert_eq!((opened.kind, opened.auth, opened.properties), (kind, auth, properties));
        prop_assert_eq!(opened.secrets.len(), secrets.len());
        for (name, change) in &opened.secrets {
            let same = match (change, &secrets[name]) {
                // EXPOSE: compared with what was sealed.
                (SecretChange::Replace(opened), Some(secret)) => opened.expose() == secret,
                (SecretChange::Keep, None) => name.len().is_multiple_of(2),
                (SecretChange::Clear, None) => !name.len().is_multiple_of(2),
                _ => false,
            };
            prop_assert!(same);
        }
    }
}
