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
        &[Mode::Popup],
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
fn each_mistake_names_its_field_and_its_rule() {
    let with = |origin: Option<&str>, services: &[&str], modes: &[Mode], key: &str| {
        let services: Vec<_> = services.iter().map(|&name| name.to_owned()).collect();
        let issuer = Issuer::new("portal", origin, factory(), &services, modes, key);
        issuer.err().map(|error| error.to_string())
    };
    let origin = Some("https://portal.example");
    let popup = &[Mode::Popup][..];
    let frame = &[Mode::Popup, Mode::Frame][..];
    assert_eq!(with(origin, &["*"], frame, ED25519_PEM), None);
    assert_eq!(
        with(Some("https://[::1]"), &["*"], popup, ED25519_PEM),
        None
    );
    for (mistake, field, rule) in [
        (
            with(Some("https://p/"), &["*"], popup, ED25519_PEM),
            "origin: ",
            "https://host",
        ),
        (
            with(Some("https://*.corp"), &["*"], frame, ED25519_PEM),
            "origin: ",
            "star",
        ),
        (
            with(Some("https://[::1]"), &["*"], frame, ED25519_PEM),
            "origin: ",
            "brackets",
        ),
        (with(None, &["*"], frame, ED25519_PEM), "modes: ", "origin"),
        (with(origin, &["*"], &[], ED25519_PEM), "modes: ", "popup"),
        (
            with(origin, &["*"], &[Mode::Frame, Mode::Frame], ED25519_PEM),
            "modes: ",
            "once",
        ),
        (
            with(origin, &[], popup, ED25519_PEM),
            "linked-services: ",
            "at least one",
        ),
        (
            with(origin, &["a/b*"], popup, ED25519_PEM),
            "linked-services: ",
            "a/b*",
        ),
        (
            with(origin, &[""], popup, ED25519_PEM),
            "linked-services: ",
            "fits no",
        ),
        (with(origin, &["*"], popup, "x"), "issuer-key: ", ""),
    ] {
        let mistake = mistake.unwrap();
        assert!(
            mistake.starts_with(field) && mistake.contains(rule),
            "{mistake}"
        );
    }
}

#[test]
fn only_a_portal_in_frame_mode_may_frame() {
    let with = |modes: &[Mode]| {
        let origin = Some("https://portal.example");
        let issuer = Issuer::new(
            "portal",
            origin,
            factory(),
            &everything(),
            modes,
            ED25519_PEM,
        );
        issuer.unwrap().frames_from().map(str::to_owned)
    };
    assert_eq!(with(&[Mode::Popup]), None);
    let portal = Some("https://portal.example".to_owned());
    assert_eq!(with(&[Mode::Frame]), portal);
    assert_eq!(with(&[Mode::Frame, Mode::Popup]), portal);
}

#[test]
fn a_file_from_before_there_were_modes_is_a_popup_s() {
    let outer = tempfile::tempdir().unwrap();
    let folder = DataFolder::create(outer.path().join("gateway")).unwrap();
    let path = register(&folder, &issuer("portal", ED25519_PEM).unwrap()).unwrap();
    let text = fs::read_to_string(&path).unwrap();
    let older = text.replace("modes = [\"popup\"]\n", "");
    assert_ne!(older, text);
    fs::write(&path, older).unwrap();
    assert_eq!(load(&folder).unwrap()[0].modes(), [Mode::Popup]);
}

#[test]
fn a_registration_ends_and_nothing_else_does() {
    let outer = tempfile::tempdir().unwrap();
    let folder = DataFolder::create(outer.path().join("gateway")).unwrap();
    register(&folder, &issuer("portal", ED25519_PEM).unwrap()).unwrap();
    for name in ["wizard", "../gateway", "", "gateway"] {
        let error = remove(&folder, name);
        assert!(matches!(error, Err(IssuerError::Unknown(_))), "{name}");
    }
    remove(&folder, "portal").unwrap();
    assert!(load(&folder).unwrap().is_empty());
}

#[test]
fn an_issuer_touches_its_own_factory_and_names_only() {
    let names = ["sales-*".to_owned(), "hr".to_owned()];
    let issuer = Issuer::new(
        "portal",
        None,
        factory(),
        &names,
        &[Mode::Popup],
        ED25519_PEM,
    )
    .unwrap();
    let ls = |name| LinkedServiceName::parse(name).unwrap();
    assert!(issuer.may_touch(&factory(), &ls("sales-eu")));
    assert!(issuer.may_touch(&factory(), &ls("hr")));
    assert!(!issuer.may_touch(&factory(), &ls("hr2")));
    assert!(!issuer.may_touch(&DataFactoryName::parse("other").unwrap(), &ls("hr")));
    assert!(matches!(
        Issuer::new("portal", None, factory(), &[], &[Mode::Popup], ED25519_PEM),
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
        good.replace("[\"popup\"]", "[\"window\"]"),
        good.replace("[\"popup\"]", "[]"),
        "x".to_owned(),
    ] {
        fs::write(&path, bad).unwrap();
        assert!(
            matches!(load(&folder), Err(IssuerError::Mistake { path: named, .. }) if named == path)
        );
    }
    fs::write(&path, "name = 1\n").unwrap();
    let said = load(&folder).unwrap_err().to_string();
    assert!(
        said.ends_with("line 1: `name` must be a text in quotes"),
        "{said}"
    );
}
