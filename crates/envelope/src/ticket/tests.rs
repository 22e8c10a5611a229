use proptest::prelude::*;

use super::*;

const HEADER: &str = r#"{"typ":"credential-ticket+jwt","alg":"EdDSA"}"#;

fn claims() -> TicketClaims {
    TicketClaims {
        iss: "demo-portal".to_owned(),
        aud: GatewayId::parse("gateway-1").unwrap(),
        sub: "ada@example".to_owned(),
        jti: TicketId::parse("t-1").unwrap(),
        iat: UnixSeconds(1000),
        nbf: UnixSeconds(1000),
        exp: UnixSeconds(1600),
        op: Operation::Set,
        df: DataFactoryName::parse("demo-factory").unwrap(),
        ls: LinkedServiceName::parse("Sales SQL").unwrap(),
        kind: Some("OnPremisesSqlServer".to_owned()),
        thp: Kid::of_canonical_json("any"),
        org: Some("https://portal.example".to_owned()),
    }
}

fn claims_json() -> String {
    serde_json::to_string(&claims()).unwrap()
}

fn compact(header: &str, claims: &str, signature: &[u8]) -> String {
    [header.as_bytes(), claims.as_bytes(), signature]
        .map(base64url::encode)
        .join(".")
}

fn error(compact: &str) -> TicketError {
    Ticket::parse(compact).map(|_| ()).unwrap_err()
}

#[test]
fn reads_what_an_issuer_wrote() {
    let text = compact(HEADER, &claims_json(), &[7; 64]);
    let ticket = Ticket::parse(&text).unwrap();
    assert_eq!(ticket.claims(), &claims());
    assert!(ticket.expose() == text);
    assert_eq!(ticket.algorithm(), TicketAlgorithm::EdDsa);
    assert_eq!(ticket.issuer_key(), None);
    assert_eq!(ticket.signature(), &[7; 64]);
    let (signing_input, _) = text.rsplit_once('.').unwrap();
    assert_eq!(ticket.signing_input(), signing_input.as_bytes());

    // Order and white space are the issuer's; its JSON library has its own.
    let header = r#" { "alg" : "ES256", "kid": "2026-11", "typ": "credential-ticket+jwt" } "#;
    let value: serde_json::Value = serde_json::from_str(&claims_json()).unwrap();
    let ticket = Ticket::parse(&compact(
        header,
        &serde_json::to_string_pretty(&value).unwrap(),
        &[0; 64],
    ))
    .unwrap();
    assert_eq!(ticket.claims(), &claims());
    assert_eq!(ticket.algorithm(), TicketAlgorithm::Es256);
    assert_eq!(ticket.issuer_key(), Some("2026-11"));
}

#[test]
fn optional_claims_may_be_absent_but_not_null() {
    let mut without = claims();
    without.kind = None;
    without.org = None;
    let json = serde_json::to_string(&without).unwrap();
    assert!(!json.contains("kind") && !json.contains("org"));
    assert_eq!(
        Ticket::parse(&compact(HEADER, &json, &[0; 64]))
            .unwrap()
            .claims(),
        &without
    );
    for member in [r#""kind":null"#, r#""org":null"#] {
        let json = json.replacen('{', &format!("{{{member},"), 1);
        assert!(
            matches!(
                error(&compact(HEADER, &json, &[0; 64])),
                TicketError::Claims { .. }
            ),
            "{member}"
        );
    }
}

#[test]
fn a_ticket_has_three_segments_of_canonical_base64url() {
    let good = compact(HEADER, &claims_json(), &[0; 64]);
    for text in [
        "",
        ".",
        "..",
        "....",
        &good.replacen('.', "", 1),
        &format!("{good}."),
        &format!("{good}.AA"),
    ] {
        assert!(
            matches!(error(text), TicketError::Segments | TicketError::Header),
            "{text}"
        );
    }
    for text in [
        format!("{good}="),
        format!("{good} "),
        good.replace('.', "=."),
        format!("\n{good}"),
        good.replace('A', "+"),
    ] {
        assert_eq!(error(&text), TicketError::Base64Url, "{text}");
    }
    // 64 bytes end in a character with four unused bits.
    let (body, _) = good.split_at(good.len() - 1);
    assert_eq!(error(&format!("{body}B")), TicketError::Base64Url);
    for end in 0..good.len() {
        assert!(Ticket::parse(&good[..end]).is_err(), "truncated to {end}");
    }
}

#[test]
fn a_ticket_has_limits() {
    let long = compact(HEADER, &claims_json(), &[0; 2000]);
    assert_eq!(
        error(&long),
        TicketError::TooLarge {
            bytes: long.len(),
            limit: 2048
        }
    );
    for length in [0, 32, 63, 65, 72, 256] {
        let ticket = compact(HEADER, &claims_json(), &vec![0; length]);
        assert_eq!(
            error(&ticket),
            TicketError::SignatureLength { bytes: length }
        );
    }
}

#[test]
fn a_header_has_exactly_its_members() {
    for header in [
        r#"{"alg":"none","typ":"credential-ticket+jwt"}"#,
        r#"{"alg":"HS256","typ":"credential-ticket+jwt"}"#,
        r#"{"alg":"eddsa","typ":"credential-ticket+jwt"}"#,
        r#"{"alg":"Ed25519","typ":"credential-ticket+jwt"}"#,
        r#"{"alg":"RS256","typ":"credential-ticket+jwt"}"#,
        r#"{"alg":"EdDSA","typ":"JWT"}"#,
        r#"{"alg":"EdDSA","typ":"Credential-Ticket+JWT"}"#,
        r#"{"alg":"EdDSA","typ":"application/credential-ticket+jwt"}"#,
        r#"{"alg":"EdDSA"}"#,
        r#"{"typ":"credential-ticket+jwt"}"#,
        r#"{"alg":"EdDSA","typ":"credential-ticket+jwt","kid":null}"#,
        r#"{"alg":"EdDSA","typ":"credential-ticket+jwt","jwk":{}}"#,
        r#"{"alg":"EdDSA","typ":"credential-ticket+jwt","jku":"https://x"}"#,
        r#"{"alg":"EdDSA","typ":"credential-ticket+jwt","x5c":[]}"#,
        r#"{"alg":"EdDSA","typ":"credential-ticket+jwt","crit":["exp"]}"#,
        r#"{"alg":"EdDSA","typ":"credential-ticket+jwt","b64":false}"#,
        r#"{"alg":"EdDSA","alg":"EdDSA","typ":"credential-ticket+jwt"}"#,
        r#"{"alg":"ES256","typ":"credential-ticket+jwt","alg":"EdDSA"}"#,
        r#"["EdDSA","credential-ticket+jwt"]"#,
        "",
        "null",
    ] {
        assert_eq!(
            error(&compact(header, &claims_json(), &[0; 64])),
            TicketError::Header,
            "{header}"
        );
    }
}

#[test]
fn claims_are_exactly_those() {
    let good: serde_json::Map<String, serde_json::Value> =
        serde_json::from_str(&claims_json()).unwrap();
    let refused = |json: &str| {
        let error = error(&compact(HEADER, json, &[0; 64]));
        assert!(
            matches!(error, TicketError::Claims { .. }),
            "{json}: {error:?}"
        );
    };
    for name in good.keys() {
        if !["kind", "org"].contains(&name.as_str()) {
            let mut without = good.clone();
            without.remove(name);
            refused(&serde_json::to_string(&without).unwrap());
        }
        for value in [
            "null",
            "[]",
            "{}",
            "true",
            "1.5",
            "-1",
            r#""""#,
            r#""a\nb""#,
        ] {
            let mut with = good.clone();
            with.insert(name.clone(), serde_json::from_str(value).unwrap());
            refused(&serde_json::to_string(&with).unwrap());
        }
        let value = &good[name];
        refused(&claims_json().replacen('{', &format!("{{\"{name}\":{value},"), 1));
        let mut renamed = good.clone();
        let value = renamed.remove(name).unwrap();
        renamed.insert(format!("{name}s"), value);
        refused(&serde_json::to_string(&renamed).unwrap());
    }
    refused(&claims_json().replacen('{', r#"{"scope":"all","#, 1));
    refused(&claims_json().replace(r#""aud":"gateway-1""#, r#""aud":["gateway-1"]"#));
    refused(&claims_json().replace("https://portal.example", "*"));
    refused(&claims_json().replace("demo-portal", &"x".repeat(201)));
    refused(&format!("[{}]", claims_json()));
    refused(&format!("{0}{0}", claims_json()));
}

#[test]
fn time_and_name_decide() {
    let gateway = GatewayId::parse("gateway-1").unwrap();
    let check = |claims: &TicketClaims, now: u64| claims.check(UnixSeconds(now), &gateway);
    let good = claims();
    for now in [940, 1000, 1599] {
        assert_eq!(check(&good, now), Ok(()), "at {now}");
    }
    assert_eq!(check(&good, 939), Err(TicketRefusal::NotYetValid));
    assert_eq!(check(&good, 1600), Err(TicketRefusal::Expired));
    assert_eq!(check(&good, u64::MAX), Err(TicketRefusal::Expired));
    assert_eq!(check(&good, 0), Err(TicketRefusal::NotYetValid));

    let with = |iat, nbf, exp| TicketClaims {
        iat: UnixSeconds(iat),
        nbf: UnixSeconds(nbf),
        exp: UnixSeconds(exp),
        ..claims()
    };
    assert_eq!(
        check(&with(1000, 1000, 1601), 1000),
        Err(TicketRefusal::LivesTooLong { limit: 600 })
    );
    assert_eq!(
        check(&with(1000, 999, 1600), 1000),
        Err(TicketRefusal::TimesOutOfOrder)
    );
    assert_eq!(
        check(&with(1000, 1600, 1600), 1600),
        Err(TicketRefusal::TimesOutOfOrder)
    );
    assert_eq!(
        check(&with(1000, 1000, 900), 950),
        Err(TicketRefusal::TimesOutOfOrder)
    );
    assert_eq!(check(&with(1000, 1100, 1600), 1040), Ok(()));
    assert_eq!(
        check(&with(1000, 1100, 1600), 1039),
        Err(TicketRefusal::NotYetValid)
    );
    let other = GatewayId::parse("Gateway-1").unwrap();
    assert_eq!(
        good.check(UnixSeconds(1000), &other),
        Err(TicketRefusal::WrongGateway)
    );
}

proptest! {
    #[test]
    fn no_text_makes_the_reader_panic(text in any::<String>(), segments in prop::collection::vec("[A-Za-z0-9_-]{0,90}", 3)) {
        prop_assert!(Ticket::parse(&text).is_err());
        prop_assert!(Ticket::parse(&segments.join(".")).is_err());
    }

    #[test]
    fn no_claims_make_the_reader_panic(claims in any::<String>(), at in any::<prop::sample::Index>(), with in any::<char>()) {
        prop_assert!(Ticket::parse(&compact(HEADER, &claims, &[0; 64])).is_err());
        let mut altered: Vec<char> = claims_json().chars().collect();
        let at = at.index(altered.len());
        altered[at] = with;
        let _ = Ticket::parse(&compact(HEADER, &altered.into_iter().collect::<String>(), &[0; 64]));
    }
}
