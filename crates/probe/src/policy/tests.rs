use super::*;

fn policy(text: &str) -> Policy {
    toml::from_str(text).unwrap()
}

fn address(text: &str) -> IpAddr {
    text.parse().unwrap()
}

/// Every form of address, and what becomes of it when no rule names it.
const FORMS: [(&str, Result<(), Cause>); 78] = [
    // The Internet, and private networks.
    ("8.8.8.8", Ok(())),
    ("1.1.1.1", Ok(())),
    ("2606:4700:4700::1111", Ok(())),
    ("10.0.0.1", Ok(())),
    ("10.255.255.255", Ok(())),
    ("172.16.0.1", Ok(())),
    ("172.31.255.255", Ok(())),
    ("172.32.0.1", Ok(())),
    ("192.168.1.1", Ok(())),
    ("100.64.0.1", Ok(())),
    ("fd12:3456::1", Ok(())),
    ("fc00::1", Ok(())),
    ("::ffff:10.0.0.1", Ok(())),
    ("::ffff:8.8.8.8", Ok(())),
    ("64:ff9b::8.8.8.8", Ok(())),
    ("2002:808:808::1", Ok(())),
    ("126.255.255.255", Ok(())),
    ("128.0.0.1", Ok(())),
    ("169.253.255.255", Ok(())),
    ("223.255.255.255", Ok(())),
    // This machine.
    ("127.0.0.1", Err(Cause::PolicyLoopback)),
    ("127.0.0.0", Err(Cause::PolicyLoopback)),
    ("127.1.2.3", Err(Cause::PolicyLoopback)),
    ("127.255.255.255", Err(Cause::PolicyLoopback)),
    ("::1", Err(Cause::PolicyLoopback)),
    ("::ffff:127.0.0.1", Err(Cause::PolicyLoopback)),
    ("::ffff:7f00:1", Err(Cause::PolicyLoopback)),
    ("::127.0.0.1", Err(Cause::PolicyLoopback)),
    ("::ffff:0:127.0.0.1", Err(Cause::PolicyLoopback)),
    ("64:ff9b::127.0.0.1", Err(Cause::PolicyLoopback)),
    ("2002:7f00:1::1", Err(Cause::PolicyLoopback)),
    ("2001:470::5efe:127.0.0.1", Err(Cause::PolicyLoopback)),
    // This link.
    ("169.254.0.1", Err(Cause::PolicyLinkLocal)),
    ("169.254.255.255", Err(Cause::PolicyLinkLocal)),
    ("fe80::1", Err(Cause::PolicyLinkLocal)),
    ("febf::1", Err(Cause::PolicyLinkLocal)),
    ("::ffff:169.254.0.1", Err(Cause::PolicyLinkLocal)),
    ("64:ff9b::169.254.0.1", Err(Cause::PolicyLinkLocal)),
    ("2002:a9fe:1::", Err(Cause::PolicyLinkLocal)),
    // Metadata.
    ("169.254.169.254", Err(Cause::PolicyMetadata)),
    ("169.254.170.2", Err(Cause::PolicyMetadata)),
    ("169.254.170.23", Err(Cause::PolicyMetadata)),
    ("100.100.100.200", Err(Cause::PolicyMetadata)),
    ("192.0.0.192", Err(Cause::PolicyMetadata)),
    ("168.63.129.16", Err(Cause::PolicyMetadata)),
    ("fd00:ec2::254", Err(Cause::PolicyMetadata)),
    ("fd20:ce::254", Err(Cause::PolicyMetadata)),
    ("::ffff:169.254.169.254", Err(Cause::PolicyMetadata)),
    ("64:ff9b::a9fe:a9fe", Err(Cause::PolicyMetadata)),
    ("2002:a9fe:a9fe::1", Err(Cause::PolicyMetadata)),
    // Many, and none.
    ("224.0.0.1", Err(Cause::PolicyMulticast)),
    ("239.255.255.255", Err(Cause::PolicyMulticast)),
    ("255.255.255.255", Err(Cause::PolicyMulticast)),
    ("ff02::1", Err(Cause::PolicyMulticast)),
    ("::ffff:224.0.0.1", Err(Cause::PolicyMulticast)),
    ("0.0.0.0", Err(Cause::PolicyUnspecified)),
    ("0.1.2.3", Err(Cause::PolicyUnspecified)),
    ("::", Err(Cause::PolicyUnspecified)),
    ("::ffff:0.0.0.0", Err(Cause::PolicyUnspecified)),
    ("64:ff9b::", Err(Cause::PolicyUnspecified)),
    ("2002::1", Err(Cause::PolicyUnspecified)),
    // Documentation, benchmarks, reserved.
    ("192.0.2.1", Err(Cause::PolicyReserved)),
    ("198.51.100.1", Err(Cause::PolicyReserved)),
    ("203.0.113.1", Err(Cause::PolicyReserved)),
    ("198.18.0.1", Err(Cause::PolicyReserved)),
    ("198.19.255.255", Err(Cause::PolicyReserved)),
    ("192.0.0.1", Err(Cause::PolicyReserved)),
    ("192.88.99.1", Err(Cause::PolicyReserved)),
    ("240.0.0.1", Err(Cause::PolicyReserved)),
    ("2001:db8::1", Err(Cause::PolicyReserved)),
    ("3fff::1", Err(Cause::PolicyReserved)),
    ("2001::1", Err(Cause::PolicyReserved)),
    ("2001:2::1", Err(Cause::PolicyReserved)),
    ("100::1", Err(Cause::PolicyReserved)),
    ("fec0::1", Err(Cause::PolicyReserved)),
    ("5f00::1", Err(Cause::PolicyReserved)),
    ("64:ff9b:1::7f00:1", Err(Cause::PolicyReserved)),
    ("64:ff9b::192.0.2.1", Err(Cause::PolicyReserved)),
];

#[test]
fn every_form_of_address() {
    let policy = Policy::default();
    for (text, expected) in FORMS {
        let found = policy.check_address("db.example.com", address(text), 5432);
        assert_eq!(found, expected, "{text}");
    }
}

#[test]
fn special_addresses_are_allowed_by_their_network_only() {
    let by_network = policy(r#"allow = [{ network = "127.0.0.0/8", ports = [5432] }]"#);
    let ask =
        |policy: &Policy, text: &str, port| policy.check_address("localhost", address(text), port);
    assert_eq!(ask(&by_network, "127.0.0.1", 5432), Ok(()));
    assert_eq!(ask(&by_network, "::ffff:127.0.0.1", 5432), Ok(()));
    assert_eq!(
        ask(&by_network, "127.0.0.1", 5433),
        Err(Cause::PolicyLoopback)
    );
    assert_eq!(ask(&by_network, "::1", 5432), Err(Cause::PolicyLoopback));
    assert_eq!(
        ask(&by_network, "2002:7f00:1::", 5432),
        Err(Cause::PolicyLoopback)
    );
    let by_name = policy(r#"allow = [{ name = "localhost" }]"#);
    assert_eq!(ask(&by_name, "127.0.0.1", 5432), Err(Cause::PolicyLoopback));
}

#[test]
fn what_is_denied_is_denied_in_every_form_and_whatever_is_allowed() {
    let policy = policy(
        r#"allow = [{ network = "0.0.0.0/0" }, { name = "*.example.com" }]
        deny = [{ network = "10.1.0.0/16" }, { name = "Secret.Example.com." }, { name = "*.internal" },
                { network = "10.2.0.0/16", ports = ["1-1023", 3306] }]"#,
    );
    let denied = Err(Cause::PolicyDenied);
    let ask = |name: &str, text: &str, port| policy.check_address(name, address(text), port);
    for form in [
        "10.1.2.3",
        "::ffff:10.1.2.3",
        "64:ff9b::10.1.2.3",
        "2002:a01:203::",
    ] {
        assert_eq!(ask("a.example.com", form, 5432), denied, "{form}");
    }
    assert_eq!(ask("secret.example.COM", "8.8.8.8", 5432), denied);
    assert_eq!(policy.check_name("secret.example.com.", 1), denied);
    assert_eq!(policy.check_name("a.internal", 1), denied);
    assert_eq!(policy.check_name("b.a.internal", 1), denied);
    assert_eq!(policy.check_name("internal", 1), Ok(()));
    assert_eq!(policy.check_name("notinternal", 1), Ok(()));
    assert_eq!(ask("a", "10.2.0.1", 22), denied);
    assert_eq!(ask("a", "10.2.0.1", 3306), denied);
    assert_eq!(ask("a", "10.2.0.1", 5432), Ok(()));
}

#[test]
fn everything_else_can_be_refused() {
    let policy = policy(
        r#"otherwise = "refuse"
        allow = [{ name = "db.example.com", ports = [5432] }, { network = "10.0.0.0/8" }]"#,
    );
    let ask = |name: &str, text: &str, port| policy.check_address(name, address(text), port);
    assert_eq!(ask("db.example.com", "8.8.8.8", 5432), Ok(()));
    assert_eq!(
        ask("db.example.com", "8.8.8.8", 22),
        Err(Cause::PolicyNotAllowed)
    );
    assert_eq!(
        ask("other.example.com", "8.8.8.8", 5432),
        Err(Cause::PolicyNotAllowed)
    );
    assert_eq!(ask("other.example.com", "10.2.3.4", 22), Ok(()));
    assert_eq!(
        ask("db.example.com", "127.0.0.1", 5432),
        Err(Cause::PolicyLoopback)
    );
}

#[test]
fn rules_that_would_not_do_what_they_say_are_refused() {
    for (text, says) in [
        (r#"deny = [{ network = "10.1.2.3/8" }]"#, "10.0.0.0/8"),
        (r#"deny = [{ network = "10.1.2.3" }]"#, ""),
        (
            r#"deny = [{ network = "::ffff:10.0.0.0/104" }]"#,
            "write it as IPv4",
        ),
        (r#"deny = [{ name = "10.0.0.1" }]"#, "neither"),
        (r#"deny = [{ name = "a.*.b" }]"#, "neither"),
        (r#"deny = [{ name = "a b" }]"#, "neither"),
        (
            r#"deny = [{ name = "a", network = "10.0.0.0/8" }]"#,
            "either",
        ),
        (r#"deny = [{ ports = [1] }]"#, "either"),
        (r#"deny = [{ name = "a", port = [1] }]"#, "unknown field"),
        (r#"deny = [{ name = "a", ports = [0] }]"#, "65535"),
        (r#"deny = [{ name = "a", ports = ["9-3"] }]"#, "65535"),
        (r#"deny = [{ name = "a", ports = ["x"] }]"#, "65535"),
        (r#"denied = []"#, "unknown field"),
        (r#"otherwise = "allow""#, "unknown variant"),
    ] {
        let error = toml::from_str::<Policy>(text).unwrap_err().to_string();
        assert!(error.contains(says), "{text}: {error}");
    }
}

#[test]
fn a_policy_goes_to_the_child_and_is_the_same_there() {
    let policy = policy(
        r#"otherwise = "refuse"
        allow = [{ name = "*.example.com", ports = [5432, "8000-8100"] }, { network = "fd00::/8" }]"#,
    );
    let text = serde_json::to_string(&policy).unwrap();
    assert_eq!(serde_json::from_str::<Policy>(&text).unwrap(), policy);
}
