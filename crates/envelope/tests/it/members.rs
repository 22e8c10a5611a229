//! Each member of the header: missing, added, given twice, in another place, with another value. All of these carry a
//! valid tag, so nothing but the strict reading rejects them.

use envelope::RejectReason;

use crate::forgery::{Forgery, bind, object};
use crate::sample::{KEY, receive, rejection};

#[track_caller]
fn rejected(header: &[(String, String)], what: &str) {
    let forged = Forgery {
        header: header.to_vec(),
        ..Forgery::good()
    };
    let reason = rejection(forged.seal().as_bytes(), what);
    assert!(
        matches!(reason, RejectReason::Header { .. }),
        "{what}: {reason}"
    );
}

#[track_caller]
fn rejected_bind(bind: &[(String, String)], what: &str) {
    let header: Vec<_> = Forgery::good()
        .header
        .into_iter()
        .map(|(name, value)| {
            if name == "bind" {
                (name, object(bind))
            } else {
                (name, value)
            }
        })
        .collect();
    rejected(&header, &format!("bind: {what}"));
}

/// Calls `check` with every way to disturb a list of members.
fn disturb(good: &[(String, String)], check: impl Fn(&[(String, String)], &str)) {
    for (at, (name, value)) in good.iter().enumerate() {
        let mut altered = good.to_vec();
        altered.remove(at);
        check(&altered, &format!("without {name}"));

        for second in 0..=good.len() {
            let mut altered = good.to_vec();
            altered.insert(second, (name.clone(), value.clone()));
            check(&altered, &format!("{name} again at {second}"));
            altered[second].1 = "null".to_owned();
            check(&altered, &format!("{name} again as null at {second}"));
        }
        for to in (0..good.len()).filter(|to| *to != at) {
            let mut altered = good.to_vec();
            let member = altered.remove(at);
            altered.insert(to, member);
            check(&altered, &format!("{name} moved to {to}"));
        }
        for other in [
            "null", "true", "0", "-1", "1.5", "1e9", r#""""#, r#""x y""#, "[]", "{}",
        ] {
            let mut altered = good.to_vec();
            altered[at].1 = other.to_owned();
            if is_another_ticket(&altered) {
                continue;
            }
            check(&altered, &format!("{name} is {other}"));
        }
        let mut altered = good.to_vec();
        altered[at].0 = name.to_uppercase();
        check(&altered, &format!("{name} in capitals"));
        altered[at].0 = format!("\\u00{:02x}{}", name.as_bytes()[0], &name[1..]);
        check(&altered, &format!("{name} escaped"));
        let mut altered = good.to_vec();
        altered[at].1 = format!(" {value}");
        check(&altered, &format!("space before {name}"));
        altered[at].1 = format!("{value}\n");
        check(&altered, &format!("newline after {name}"));
        if let Some(text) = value.strip_prefix('"') {
            altered[at].1 = format!("\"\\u00{:02x}{}", text.as_bytes()[0], &text[1..]);
            check(
                &altered,
                &format!("{name} with an escape that is not needed"),
            );
            altered[at].1 = value.to_uppercase();
            if altered[at].1 != *value && !["df", "gw", "jti", "ls", "kid"].contains(&name.as_str())
            {
                check(&altered, &format!("{name} with a value in capitals"));
            }
        }
    }
}

/// Whether these are members of `bind` that are read, though for another ticket: any name, any time.
fn is_another_ticket(bind: &[(String, String)]) -> bool {
    bind.iter().any(|(name, value)| match name.as_str() {
        "df" | "gw" | "jti" | "ls" => value == r#""x y""#,
        "iat" | "exp" => value == "0",
        _ => false,
    })
}

#[test]
fn every_member_of_the_header() {
    disturb(&Forgery::good().header, rejected);
}

#[test]
fn every_member_of_bind() {
    disturb(&bind(), rejected_bind);
}

#[test]
fn every_added_member() {
    for (name, value) in [
        ("zip", r#""DEF""#),
        ("p2c", "1000000000"),
        ("p2s", r#""AAAA""#),
        ("epk", r#"{"kty":"EC"}"#),
        ("apu", r#""AA""#),
        ("apv", r#""AA""#),
        ("iv", r#""AAAAAAAAAAAAAAAA""#),
        ("tag", r#""AAAAAAAAAAAAAAAAAAAAAA""#),
        ("jku", r#""https://example""#),
        ("jwk", "{}"),
        ("x5u", r#""https://example""#),
        ("x5c", "[]"),
        ("x5t", r#""AA""#),
        ("x5t#S256", r#""AA""#),
        ("nonce", r#""AA""#),
        ("url", r#""https://example""#),
        ("b64", "false"),
        ("iss", r#""x""#),
        ("aud", r#""x""#),
        ("", "1"),
        ("__proto__", "{}"),
        ("deep", &format!("{}1{}", "[".repeat(100), "]".repeat(100))),
    ] {
        for at in 0..=Forgery::good().header.len() {
            let mut header = Forgery::good().header;
            header.insert(at, (name.to_owned(), value.to_owned()));
            rejected(&header, &format!("{name} at {at}"));
        }
        for at in 0..=bind().len() {
            let mut altered = bind();
            altered.insert(at, (name.to_owned(), value.to_owned()));
            rejected_bind(&altered, &format!("{name} at {at}"));
        }
    }
}

#[test]
fn every_other_value() {
    let kid = KEY.kid().as_str();
    for (name, values) in [
        (
            "alg",
            &[
                "RSA-OAEP",
                "RSA-OAEP-384",
                "RSA-OAEP-512",
                "RSA1_5",
                "dir",
                "none",
                "A256KW",
                "A256GCMKW",
                "ECDH-ES",
                "ECDH-ES+A256KW",
                "PBES2-HS256+A128KW",
                "HPKE-0",
                "rsa-oaep-256",
                "",
            ][..],
        ),
        (
            "enc",
            &[
                "A128GCM",
                "A192GCM",
                "A128CBC-HS256",
                "A256CBC-HS512",
                "a256gcm",
                "C20P",
                "",
            ],
        ),
        (
            "typ",
            &[
                "JWE",
                "JOSE",
                "credential+jwt",
                "application/credential+jwe",
                "Credential+JWE",
                "",
            ],
        ),
        ("cty", &["JWT", "JSON", "application/json", ""]),
        (
            "kid",
            &[
                &kid[..42],
                &format!("{kid}A"),
                &format!("{kid}="),
                &kid[1..],
                "1",
                "",
            ],
        ),
    ] {
        for value in values {
            let mut header = Forgery::good().header;
            let member = header
                .iter_mut()
                .find(|(member, _)| member == name)
                .unwrap();
            member.1 = format!("\"{value}\"");
            rejected(&header, &format!("{name} is {value}"));
        }
    }
    for crit in [
        "[]",
        r#"["exp"]"#,
        r#"["bind","bind"]"#,
        r#"["bind","exp"]"#,
        r#"["b64","bind"]"#,
        r#""bind""#,
        r#"{"bind":1}"#,
        r#"[["bind"]]"#,
        r#"[ "bind"]"#,
        r#"["Bind"]"#,
        r#"[null]"#,
    ] {
        let mut header = Forgery::good().header;
        header[2].1 = crit.to_owned();
        rejected(&header, &format!("crit is {crit}"));
    }
    for (name, values) in [
        (
            "op",
            &[r#""delete""#, r#""Set""#, r#"{"set":null}"#, r#"["set"]"#][..],
        ),
        (
            "iat",
            &[
                "1800000000.0",
                "18e8",
                "01800000000",
                r#""1800000000""#,
                "9007199254740992",
                "-0",
            ],
        ),
        (
            "exp",
            &[
                "1800000600.0",
                "+1800000600",
                "18446744073709551616",
                "null",
            ],
        ),
        (
            "gw",
            &[
                r#""../x""#,
                r#"".""#,
                r#"" gateway-1""#,
                r#""gateway-1\u0000""#,
                r#"["gateway-1"]"#,
            ],
        ),
        ("df", &[r#""a/b""#, r#""a\\b""#, r#""a\nb""#, "1"]),
        ("ls", &[r#""..""#, r#""""#, r#""\u202eabc""#, "null"]),
        ("jti", &[r#""a/b""#, "1", "true"]),
    ] {
        for value in values {
            let mut altered = bind();
            let member = altered
                .iter_mut()
                .find(|(member, _)| member == name)
                .unwrap();
            member.1 = (*value).to_owned();
            rejected_bind(&altered, &format!("{name} is {value}"));
        }
    }
}

#[test]
fn the_header_is_one_object_and_nothing_more() {
    let good = object(&Forgery::good().header);
    let forged = Forgery::good();
    assert!(receive(forged.seal_header(good.as_bytes()).as_bytes()).is_ok());
    for header in [
        String::new(),
        "null".to_owned(),
        "{}".to_owned(),
        format!("{good}{good}"),
        format!("{good} "),
        format!("{good}\n"),
        format!("{good}\0"),
        format!(" {good}"),
        format!("\u{feff}{good}"),
        format!("[{good}]"),
        good[..good.len() - 1].to_owned(),
        good.replace(',', ", "),
        good.replace(':', ": "),
        serde_json::to_string_pretty(&serde_json::from_str::<serde_json::Value>(&good).unwrap())
            .unwrap(),
        "[".repeat(8000),
        "{\"a\":".repeat(2000),
    ] {
        let reason = rejection(
            forged.seal_header(header.as_bytes()).as_bytes(),
            "another header",
        );
        assert!(matches!(reason, RejectReason::Header { .. }), "{reason}");
    }
    let mut not_utf8 = good.into_bytes();
    not_utf8[40] = 0xff;
    rejection(forged.seal_header(&not_utf8).as_bytes(), "not UTF-8");
}

#[test]
fn an_authentic_plaintext_has_one_spelling_too() {
    for text in [
        r#"{"auth":"SQL","kind":"K","properties":{},"secrets":{"password":{"replace":"x"}},"v":2}"#,
        r#"{"auth":"SQL","kind":"K","properties":{},"secrets":{"password":"x"},"v":1}"#,
        r#"{"auth":"SQL","kind":"K","properties":{},"secrets":{},"v":1,"x":1}"#,
        r#"{"v":1,"auth":"SQL","kind":"K","properties":{},"secrets":{}}"#,
        r#"{"auth":"SQL","auth":"SQL","kind":"K","properties":{},"secrets":{},"v":1}"#,
        "",
        "not JSON",
    ] {
        for length in [text.len().max(1), 256, 512] {
            let mut plaintext = text.as_bytes().to_vec();
            plaintext.resize(length, b' ');
            let forged = Forgery {
                plaintext,
                ..Forgery::good()
            };
            let reason = rejection(forged.seal().as_bytes(), text);
            assert!(
                matches!(
                    reason,
                    RejectReason::Plaintext { .. } | RejectReason::CiphertextLength { .. }
                ),
                "{reason}"
            );
        }
    }
}
