use super::*;

fn request() -> Request {
    Request {
        kind: "OnPremisesPostgreSql".to_owned(),
        destination: Destination {
            host: "db".to_owned(),
            port: 5432,
        },
        sign_in: Some(Destination {
            host: "login".to_owned(),
            port: 443,
        }),
        auth: "basic".to_owned(),
        encryption: Encryption::Off,
        properties: BTreeMap::from([("username".to_owned(), "ann".to_owned())]),
        secrets: BTreeMap::from([(
            "password".to_owned(),
            Secret::new("quote \" and \u{7} ü".to_owned()),
        )]),
        policy: Policy::default(),
        trusted: vec![Fingerprint::of(b"certificate")],
        authorities: Vec::new(),
        limits: Limits::default(),
    }
}

#[test]
fn it_is_the_same_on_the_other_side() {
    let json = request().to_json().unwrap();
    let read = Request::parse(&json).unwrap();
    assert!(read.secrets["password"].expose() == "quote \" and \u{7} ü");
    assert_eq!(read.property("username"), Some("ann"));
    assert_eq!(
        (read.destination, read.sign_in, read.trusted),
        (request().destination, request().sign_in, request().trusted)
    );
    assert!(*read.policy.allow == *request().policy.allow && read.encryption == Encryption::Off);
}

#[test]
fn what_is_wrong_is_refused_without_a_word_of_it() {
    let json = String::from_utf8(request().to_json().unwrap().to_vec()).unwrap();
    for wrong in [
        json.replace("\"v\":1", "\"v\":2"),
        json.replace("\"limits\"", "\"limit\""),
        json.replace("5432", "70000"),
        format!("{json}x"),
    ] {
        assert_eq!(Request::parse(wrong.as_bytes()).err(), Some(NotARequest));
    }
    let mut large = request();
    large.authorities = vec!["x".repeat(MAX_BYTES)];
    assert!(large.to_json().is_err());
}

#[test]
fn fingerprints_in_both_spellings() {
    let plain = String::from(Fingerprint::of(b"certificate"));
    let pairs: Vec<&str> = (0..32).map(|at| &plain[2 * at..2 * at + 2]).collect();
    let colons = pairs.join(":").to_uppercase();
    assert_eq!(
        Fingerprint::try_from(colons),
        Ok(Fingerprint::of(b"certificate"))
    );
    for wrong in [
        &plain[1..],
        &format!("{plain}0"),
        "",
        &plain.replacen(&plain[..1], "g", 1),
    ] {
        assert_eq!(Fingerprint::try_from(wrong.to_owned()), Err(BadFingerprint));
    }
}
