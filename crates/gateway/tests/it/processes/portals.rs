//! `portal`: what an administrator types, and what is said of it.

use super::{Installed, json, output};

/// The arguments of a registration, with the portal's key.
fn add<'a>(key: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let fixed = ["portal", "add"];
    let rest = ["--factory", "factory", "--issuer-key", key];
    [&fixed[..], more, &rest[..]].concat()
}

#[test]
fn a_portal_is_registered_listed_explained_and_removed() {
    let installed = Installed::new();
    let key = installed.outer.path().join("portal.jwk");
    let key = key.to_str().unwrap();
    let said = |arguments: &[&str]| String::from_utf8(installed.run(arguments)).unwrap();

    let wizard = [
        "https://wizard.corp:8443",
        "--name",
        "wizard",
        "--modes",
        "popup,frame",
        "--port",
        "8050",
    ];
    let registered = said(&add(key, &wizard));
    assert!(registered.contains("registered wizard"), "{registered}");
    let policy =
        "  connect-src 'self' https://localhost:8050;\n  frame-src https://localhost:8050;\n";
    assert!(registered.ends_with(policy), "{registered}");

    assert_eq!(
        said(&["portal", "list"]),
        "portal  https://portal.corp  factory  *  popup\n\
         wizard  https://wizard.corp:8443  factory  *  popup,frame\n"
    );
    let explained = said(&["portal", "csp", "wizard", "--port", "9"]);
    assert!(
        explained.ends_with("\n  frame-src https://localhost:9;\n"),
        "{explained}"
    );
    let explained = said(&["portal", "csp", "portal"]);
    // The configuration leaves the port open.
    assert!(
        explained.ends_with("\n  connect-src 'self' https://GATEWAY:PORT;\n"),
        "{explained}"
    );

    said(&["portal", "remove", "wizard"]);
    assert_eq!(
        said(&["portal", "list"]),
        "portal  https://portal.corp  factory  *  popup\n"
    );
    let audit = std::fs::read_to_string(installed.folder().join("audit.jsonl")).unwrap();
    let last = json(audit.lines().last().unwrap().as_bytes());
    assert_eq!(
        (last["event"].as_str(), last["iss"].as_str()),
        (Some("issuer_removed"), Some("wizard"))
    );
}

#[test]
fn what_is_wrong_is_named_with_its_field_and_its_rule() {
    let installed = Installed::new();
    let key = installed.outer.path().join("portal.jwk");
    let key = key.to_str().unwrap();
    let private = installed.outer.path().join("private.pem");
    let pem = "-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----\n";
    std::fs::write(&private, pem).unwrap();
    let good = ["https://a.corp", "--name", "a"];
    for (arguments, words) in [
        (
            add(key, &["https://a.corp/x", "--name", "a"]),
            &["origin:", "without a path"][..],
        ),
        (
            add(key, &["https://*.corp", "--name", "a"]),
            &["origin:", "star"],
        ),
        (
            add(key, &["https://a.corp", "--name", "../a"]),
            &["name:", "letters"],
        ),
        (
            add(key, &[&good[..], &["--modes", "frme"]].concat()),
            &["--modes", "frame"],
        ),
        (
            add(key, &[&good[..], &["--modes", "popup,popup"]].concat()),
            &["modes:", "once"],
        ),
        (
            add(key, &[&good[..], &["--linked-services", "a/b"]].concat()),
            &["linked-services:", "a/b"],
        ),
        (add("/nowhere", &good), &["issuer-key:", "/nowhere"]),
        (
            add(private.to_str().unwrap(), &good),
            &["issuer-key:", "private"],
        ),
        (
            vec!["portal", "csp", "nobody"],
            &["name:", "nobody", "portal list"],
        ),
        (
            vec!["portal", "remove", "nobody"],
            &["name:", "nobody", "portal list"],
        ),
    ] {
        let output = output(&installed.folder(), &arguments);
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success(), "{arguments:?}");
        for word in words {
            assert!(said.contains(word), "{arguments:?}: {said}");
        }
    }
    assert_eq!(
        installed
            .run(&["portal", "list"])
            .iter()
            .filter(|&&byte| byte == b'\n')
            .count(),
        1
    );
}

#[test]
fn a_portal_that_anybody_on_the_way_may_change_is_noted() {
    let installed = Installed::new();
    let key = installed.outer.path().join("portal.jwk");
    let key = key.to_str().unwrap();
    let said = |arguments: &[&str]| String::from_utf8(installed.run(arguments)).unwrap();
    let open = said(&add(key, &["http://a.corp", "--name", "a"]));
    let note = "http://a.corp is not https";
    assert!(open.contains(&format!("note: {note}")), "{open}");
    let open = said(&add(key, &["http://a.corp", "--name", "b", "--json"]));
    let noted = json(open.as_bytes())["notes"][0].clone();
    assert!(noted.as_str().unwrap().starts_with(note), "{noted}");
    for (origin, name) in [("https://c.corp", "c"), ("http://localhost:3000", "d")] {
        let fine = said(&add(key, &[origin, "--name", name]));
        assert!(!fine.contains("note:"), "{fine}");
    }
}
