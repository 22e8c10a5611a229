use super::*;

// RFC 8410 section 10.1.
const ED25519_PEM: &str = "-----BEGIN PUBLIC KEY-----\n\
     MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----\n";
// RFC 7515 appendix A.3.1.
const P256_JWK: &str = r#"{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
    "y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}"#;

fn factory() -> DataFactoryName {
    DataFactoryName::parse("factory").unwrap()
}

fn everything() -> Vec<String> {
    vec!["*".to_owned()]
}

fn issuer(name: &str, key: &str) -> Result<Issuer, IssuerError> {
    Issuer::new(
        name,
        Some("https://portal.example"),
        factory(),
        &everything(),
        key,
    )
}

#[test]
fn an_issuer_is_read_back_as_registered() {
    let outer = tempfile::tempdir().unwrap();
    let folder = DataFolder::create(outer.path().join("gateway")).unwrap();
    let portal = issuer("portal", ED25519_PEM).unwrap();
    let wizard = issuer("wizard-2.eu", P256_JWK).unwrap();
    register(&folder, &wizard).unwrap();
    register(&folder, &portal).unwrap();
    assert_eq!(load(&folder).unwrap(), [portal.clone(), wizard]);
    assert!(matches!(
        register(&folder, &portal),
        Err(IssuerError::Folder(FolderError::AlreadyThere(_)))
    ));
}

#[test]
fn a_name_cannot_leave_the_folder_or_pass_for_the_gateway() {
    for name in [
        "",
        "gateway",
        "..",
        "../x",
        "a/b",
        "-x",
        ".x",
        "a b",
        "ä",
        &"x".repeat(65),
    ] {
        assert!(
            matches!(issuer(name, ED25519_PEM), Err(IssuerError::Name)),
            "{name}"
        );
    }
}

#[test]
fn an_origin_has_one_spelling() {
    let with = |origin| {
        Issuer::new(
            "portal",
            Some(origin),
            factory(),
            &everything(),
            ED25519_PEM,
        )
    };
    for origin in [
        "https://portal.example",
        "http://localhost:8051",
        "https://[::1]:8443",
    ] {
        assert!(with(origin).is_ok(), "{origin}");
    }
    for origin in [
        "",
        "*",
        "null",
        "portal.example",
        "https://portal.example/",
        "https://portal.example/x",
        "https://Portal.example",
        "https://portal.example:443",
        "http://localhost:80",
        "https://user@portal.example",
        "ftp://portal.example",
    ] {
        assert!(matches!(with(origin), Err(IssuerError::Origin)), "{origin}");
    }
}

#[test]
fn an_issuer_touches_its_own_factory_and_names_only() {
    let names = ["sales-*".to_owned(), "hr".to_owned()];
    let issuer = Issuer::new("portal", None, factory(), &names, ED25519_PEM).unwrap();
    let ls = |name| LinkedServiceName::parse(name).unwrap();
    assert!(issuer.may_touch(&factory(), &ls("sales-eu")));
    assert!(issuer.may_touch(&factory(), &ls("hr")));
    assert!(!issuer.may_touch(&factory(), &ls("hr2")));
    assert!(!issuer.may_touch(&DataFactoryName::parse("other").unwrap(), &ls("hr")));
    assert!(matches!(
        Issuer::new("portal", None, factory(), &[], ED25519_PEM),
        Err(IssuerError::NoLinkedServices)
    ));
}

#[test]
fn only_public_keys_of_the_two_curves_are_taken() {
    let refusal = |key: &str| match issuer("portal", key) {
        Err(IssuerError::Key(error)) => error,
        _ => panic!("taken, or refused for another reason"),
    };
    let private = r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","d":"AA"}"#;
    assert_eq!(refusal(private), PublicKeyError::Private);
    assert_eq!(
        refusal("-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----"),
        PublicKeyError::Private
    );
    assert_eq!(
        refusal(&P256_JWK.replace("f83O", "f83P")),
        PublicKeyError::NotOnCurve
    );
    for key in [
        "",
        "{}",
        "ssh-ed25519 AAAA",
        r#"{"kty":"oct","k":"AA"}"#,
        r#"{"kty":"OKP","crv":"Ed448","x":"AA"}"#,
        &P256_JWK.replace("P-256", "P-384"),
        &ED25519_PEM.replace("MCow", "MCox"),
    ] {
        assert_eq!(refusal(key), PublicKeyError::NotAPublicKey, "{key}");
    }
}

#[test]
fn a_key_takes_its_own_algorithm_only() {
    let key = PublicKey::parse(P256_JWK).unwrap();
    // RFC 7515 appendix A.3.
    let message = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
    let signature =
        "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
    assert!(key.verifies(
        jsonwebtoken::Algorithm::ES256,
        message.as_bytes(),
        signature
    ));
    assert!(!key.verifies(
        jsonwebtoken::Algorithm::EdDSA,
        message.as_bytes(),
        signature
    ));
    assert!(!key.verifies(
        jsonwebtoken::Algorithm::HS256,
        message.as_bytes(),
        signature
    ));
    assert!(!key.verifies(
        jsonwebtoken::Algorithm::ES256,
        &message.as_bytes()[1..],
        signature
    ));
    assert!(!key.verifies(jsonwebtoken::Algorithm::ES256, message.as_bytes(), "AA"));
}

#[test]
fn a_bad_file_is_named() {
    let outer = tempfile::tempdir().unwrap();
    let folder = DataFolder::create(outer.path().join("gateway")).unwrap();
    let path = register(&folder, &issuer("portal", ED25519_PEM).unwrap()).unwrap();
    let good = fs::read_to_string(&path).unwrap();
    for bad in [
        good.replace("portal\"", "portal2\""),
        good.replace("[key]", "admin = true\n[key]"),
        good.replace("linked_services", "linked_service"),
        good.replace("\"*\"", ""),
        "x".to_owned(),
    ] {
        fs::write(&path, bad).unwrap();
        assert!(
            matches!(load(&folder), Err(IssuerError::Mistake { path: named, .. }) if named == path)
        );
    }
}
