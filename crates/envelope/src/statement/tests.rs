use super::*;
use crate::RsaPublicJwk;
use crate::context::{DataFactoryName, LinkedServiceName, Operation, TicketId};

/// Moduli that the policy accepts: odd, without small factors. The second is the first with two bytes changed.
fn set() -> JwkSet {
    let json = r#"{"keys":[{"kty":"RSA","use":"enc","alg":"RSA-OAEP-256","kid":"NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw","e":"AQAB"}]}"#;
    JwkSet::parse(json.as_bytes()).unwrap()
}

/// Another key: the next number from there on that the policy accepts.
fn other() -> RsaPublicJwk {
    let mut n = set().keys()[0].jwk().n().to_vec();
    for last in 0..=u8::MAX {
        n[255] = last;
        match RsaPublicJwk::from_numbers(&n, &crate::jwk::PUBLIC_EXPONENT) {
            Ok(key) if key.kid() != set().keys()[0].kid() => return key,
            _ => {}
        }
    }
    panic!("no other modulus is accepted")
}

fn identity() -> IdentityJwk {
    IdentityJwk::ed25519(&[7; 32])
}

fn gateway() -> GatewayId {
    GatewayId::parse("gw").unwrap()
}

fn claims() -> TicketClaims {
    TicketClaims {
        iss: "portal".to_owned(),
        aud: gateway(),
        sub: "ada".to_owned(),
        jti: TicketId::parse("t").unwrap(),
        iat: UnixSeconds(10_000),
        nbf: UnixSeconds(10_000),
        exp: UnixSeconds(10_600),
        op: Operation::Set,
        df: DataFactoryName::parse("f").unwrap(),
        ls: LinkedServiceName::parse("l").unwrap(),
        kind: None,
        thp: identity().thumbprint(),
        org: None,
    }
}

fn seen(identity: &IdentityJwk, seq: u64) -> Seen {
    Seen {
        identity: identity.thumbprint(),
        seq,
    }
}

fn refusal(
    statement: &KeyStatement,
    claims: &TicketClaims,
    served: &JwkSet,
    seen: Option<&Seen>,
) -> Option<StatementRefusal> {
    statement.key_for(claims, served, seen).err()
}

fn statement() -> KeyStatement {
    KeyStatement::about(&set(), gateway(), identity(), 3, UnixSeconds(10_000))
}

#[test]
fn a_statement_is_good_for_every_ticket_that_is_valid_when_it_is_made() {
    // Issued a moment before its end, just now, and by a clock that is ahead.
    for (now, iat) in [(10_599, 10_000), (10_000, 10_000), (9_940, 10_000)] {
        let statement = KeyStatement::about(&set(), gateway(), identity(), 3, UnixSeconds(now));
        let ticket = TicketClaims {
            iat: UnixSeconds(iat),
            ..claims()
        };
        assert!(ticket.check(UnixSeconds(now), &gateway()).is_ok());
        assert_eq!(refusal(&statement, &ticket, &set(), None), None);
    }
}

#[test]
fn each_rule_is_needed() {
    type Change = fn(&mut KeyStatement);
    let changes: [(Change, StatementRefusal); 8] = [
        (
            |one| one.identity = IdentityJwk::ed25519(&[8; 32]),
            StatementRefusal::NotPinned,
        ),
        (
            |one| one.gw = GatewayId::parse("other").unwrap(),
            StatementRefusal::Gateway,
        ),
        (|one| one.nbf.0 = 10_001, StatementRefusal::Time),
        (|one| one.exp.0 = 10_599, StatementRefusal::Time),
        (|one| one.keys.clear(), StatementRefusal::Keys),
        (
            |one| one.keys = other().kid().to_string(),
            StatementRefusal::Keys,
        ),
        (
            |one| one.keys.push_str(&format!(" {}", other().kid())),
            StatementRefusal::Keys,
        ),
        (|one| one.seq = 2, StatementRefusal::Older),
    ];
    for (number, (change, expected)) in changes.into_iter().enumerate() {
        let mut statement = statement();
        change(&mut statement);
        assert_eq!(
            refusal(&statement, &claims(), &set(), Some(&seen(&identity(), 3))),
            Some(expected),
            "change {number}"
        );
    }
    let first = set().keys()[0].jwk().clone();
    for keys in [vec![other(), first.clone()], vec![first, other()], vec![]] {
        let served = JwkSet::from_keys(keys).unwrap();
        let refused = refusal(&statement(), &claims(), &served, None);
        assert_eq!(refused, Some(StatementRefusal::Keys));
    }
}

#[test]
fn a_ticket_names_the_identity_key_or_a_key_of_the_document() {
    let keys = JwkSet::from_keys([set().keys()[0].jwk().clone(), other()]).unwrap();
    let statement = KeyStatement::about(&keys, gateway(), identity(), 3, UnixSeconds(10_000));
    let sealed_for = |thp: &Kid| {
        let ticket = TicketClaims {
            thp: thp.clone(),
            ..claims()
        };
        let key = statement.key_for(&ticket, &keys, None);
        key.map(|key| key.kid().clone())
    };
    let (first, second) = (keys.keys()[0].kid(), keys.keys()[1].kid());
    assert_eq!(sealed_for(&identity().thumbprint()).as_ref(), Ok(first));
    assert_eq!(sealed_for(first).as_ref(), Ok(first));
    assert_eq!(sealed_for(second).as_ref(), Ok(second));
    let third = Kid::of_canonical_json("third");
    assert_eq!(sealed_for(&third), Err(StatementRefusal::NotPinned));
}

#[test]
fn another_identity_key_than_before_is_told_whatever_the_ticket_names() {
    let before = seen(&IdentityJwk::ed25519(&[8; 32]), 100);
    let changed = StatementRefusal::IdentityChanged {
        before: before.identity.clone(),
        now: identity().thumbprint(),
    };
    let by_envelope_key = TicketClaims {
        thp: set().keys()[0].kid().clone(),
        ..claims()
    };
    let check = |ticket, seen| refusal(&statement(), ticket, &set(), seen);
    assert_eq!(
        check(&by_envelope_key, Some(&before)),
        Some(changed.clone())
    );
    assert_eq!(check(&by_envelope_key, None), None);
    let same = statement().seen();
    assert_eq!(check(&by_envelope_key, Some(&same)), None);
    assert_eq!(check(&claims(), Some(&before)), Some(changed));
}

#[test]
fn a_recorded_statement_is_of_no_use_for_tickets_that_come_later() {
    let later = TicketClaims {
        iat: UnixSeconds(10_061),
        exp: UnixSeconds(10_661),
        ..claims()
    };
    let refused = refusal(&statement(), &later, &set(), None);
    assert_eq!(refused, Some(StatementRefusal::Time));
}

#[test]
fn what_was_seen_comes_back_from_its_text() {
    let seen = statement().seen();
    assert_eq!(Seen::from_text(&seen.to_text()), Some(seen.clone()));
    for damaged in ["", " 3", "x 3", "a b c"] {
        assert_eq!(Seen::from_text(damaged), None, "{damaged}");
    }
    assert_eq!(Seen::from_text(seen.identity.as_str()), None);
}

#[test]
fn a_statement_comes_apart_under_its_own_header_only() {
    let kid = identity().thumbprint();
    let header = format!(r#"{{"alg":"EdDSA","typ":"{STATEMENT_TYP}","kid":"{kid}"}}"#);
    let compact = |header: &str, payload: &[u8], signature: &[u8]| {
        [header.as_bytes(), payload, signature]
            .map(base64url::encode)
            .join(".")
    };
    let payload = serde_json::to_vec(&statement()).unwrap();
    let good = compact(&header, &payload, &[9; 64]);
    let parts = SignedStatement::parse(&good).unwrap();
    assert!(parts.is_by(&kid));
    assert!(!parts.is_by(&Kid::of_canonical_json("other")));
    assert_eq!(parts.signature, [9; 64]);
    assert!(good.starts_with(&format!("{}.", parts.signing_input)));
    let read: KeyStatement = serde_json::from_slice(&parts.payload).unwrap();
    assert_eq!(read, statement());

    let receipt = header.replace(STATEMENT_TYP, crate::receipt::RECEIPT_TYP);
    for other in [receipt, header.replace("EdDSA", "none")] {
        let compact = compact(&other, &payload, &[9; 64]);
        let parts = SignedStatement::parse(&compact).unwrap();
        assert!(!parts.is_by(&kid), "{other}");
    }
    for bad in [
        good.replacen('.', "", 1),
        format!("{good}="),
        format!("{good}.AA"),
        String::new(),
    ] {
        assert!(SignedStatement::parse(&bad).is_none(), "{bad}");
    }
}

/// Identity keys before [`identity`], the latest first, and what each said last.
fn hand_overs(seeds: &[u8]) -> Vec<KeyStatement> {
    let mut successor = identity();
    let mut said = Vec::new();
    for &seed in seeds {
        let key = IdentityJwk::ed25519(&[seed; 32]);
        let at = UnixSeconds(9_000);
        said.push(KeyStatement::hand_over(
            gateway(),
            key.clone(),
            &successor.thumbprint(),
            2,
            at,
        ));
        successor = key;
    }
    said
}

#[test]
fn whoever_knows_an_earlier_identity_key_is_led_to_the_present_one() {
    let mut led = statement();
    for hand_over in &hand_overs(&[6, 5]) {
        assert!(led.follow(hand_over));
    }
    for seed in [7, 6, 5] {
        let known = IdentityJwk::ed25519(&[seed; 32]);
        let ticket = TicketClaims {
            thp: known.thumbprint(),
            ..claims()
        };
        for seen in [None, Some(seen(&known, 3))] {
            assert_eq!(refusal(&led, &ticket, &set(), seen.as_ref()), None);
        }
        let later = Some(seen(&known, 4));
        assert_eq!(
            refusal(&led, &ticket, &set(), later.as_ref()),
            Some(StatementRefusal::Older)
        );
    }
    let stranger = seen(&IdentityJwk::ed25519(&[4; 32]), 0);
    assert!(matches!(
        refusal(&led, &claims(), &set(), Some(&stranger)),
        Some(StatementRefusal::IdentityChanged { .. })
    ));
    assert_eq!(led.seen(), seen(&identity(), 3));
}

#[test]
fn a_hand_over_to_another_key_of_another_gateway_or_out_of_order_is_none() {
    let said = hand_overs(&[6, 5]);
    assert!(!statement().follow(&said[1]));
    let elsewhere = KeyStatement {
        gw: GatewayId::parse("other").unwrap(),
        ..said[0].clone()
    };
    assert!(!statement().follow(&elsewhere));
    let mut led = statement();
    assert!(led.follow(&said[0]));
    assert!(!led.follow(&said[0]));
    // What a key says of envelope keys hands nothing over, and a hand-over is good for no envelope key.
    assert!(!statement().follow(&statement()));
    assert_eq!(
        refusal(&said[0], &claims(), &set(), None),
        Some(StatementRefusal::Time)
    );
    let of_the_time = KeyStatement {
        nbf: UnixSeconds(0),
        exp: UnixSeconds(20_000),
        ..said[0].clone()
    };
    assert_eq!(
        refusal(&of_the_time, &claims(), &set(), None),
        Some(StatementRefusal::Keys)
    );
}

#[test]
fn predecessors_are_no_part_of_what_is_signed() {
    let mut led = statement();
    assert!(led.follow(&hand_overs(&[6])[0]));
    let json = serde_json::to_string(&led).unwrap();
    assert_eq!(json, serde_json::to_string(&statement()).unwrap());
    let forged = json.replacen('{', r#"{"predecessors":[],"#, 1);
    assert!(serde_json::from_str::<KeyStatement>(&forged).is_err());
}
