use super::template::{Choices, gateway_toml};
use super::*;
use crate::audit::{Destination, Keeping};
use crate::custody::KeyTimes;

fn parse(text: &str) -> Result<Config, ConfigError> {
    Config::parse(text, Path::new("/somewhere/gateway.toml"))
}

const SMALLEST: &str = "id = \"gw-1\"\nname = \"One\"\nnames = [\"localhost\"]\n";

#[test]
fn the_template_is_a_valid_configuration() {
    let id = GatewayId::parse("gw \"1\"").unwrap();
    let names = ["localhost", "127.0.0.1", "::1", "gateway.corp:443"]
        .map(|name| ServedName::parse(name).unwrap());
    let text = gateway_toml(&Choices {
        id: &id,
        name: "Back\\slash and \"quote\"",
        listen: "127.0.0.1:8050".parse().unwrap(),
        health_listen: Some("127.0.0.1:8052".parse().unwrap()),
        names: &names,
        page: Some(Path::new("/a folder/page")),
        kek: &KekSettings::default(),
        store: None,
    });
    let config = parse(&text).unwrap();
    assert_eq!(config.id, id);
    assert_eq!(config.name, "Back\\slash and \"quote\"");
    assert_eq!(config.names, names);
    assert_eq!(config.page.as_deref(), Some(Path::new("/a folder/page")));
    assert_eq!(config.limits.connections, Limits::default().connections);
}

fn template() -> String {
    gateway_toml(&Choices {
        id: &GatewayId::parse("gw").unwrap(),
        name: "n",
        listen: "127.0.0.1:0".parse().unwrap(),
        health_listen: None,
        names: &[ServedName::localhost()],
        page: None,
        kek: &KekSettings::default(),
        store: None,
    })
}

/// The template with everything in it that is a comment only because it is not needed.
fn switched_on() -> String {
    let is_setting = |line: &str| {
        let name = line.split(" = ").next().unwrap_or_default();
        let is_name = !name.is_empty() && name.chars().all(|c| c == '_' || c.is_ascii_lowercase());
        (is_name && line.contains(" = ")) || (line.starts_with('[') && line.ends_with(']'))
    };
    template()
        .lines()
        .map(|line| match line.strip_prefix("# ") {
            Some(setting) if is_setting(setting) => format!("{setting}\n"),
            _ => format!("{line}\n"),
        })
        .collect()
}

#[test]
fn each_key_is_documented_and_each_documented_key_is_accepted() {
    let text = switched_on();
    let config = parse(&text).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(
        format!("{:?}", config.limits),
        format!("{:?}", Limits::default()),
        "the limits that are shown are not the defaults"
    );
    let written: toml::Table = text.parse().unwrap();
    let top = faults::known_keys(None);
    assert!(top.contains(&"credential_socket".to_owned()), "{top:?}");
    for key in &top {
        let value = written
            .get(key)
            .unwrap_or_else(|| panic!("`{key}` is not in the template"));
        for inner in value
            .as_table()
            .map(|_| faults::known_keys(Some(key)))
            .unwrap_or_default()
        {
            assert!(
                value.get(&inner).is_some(),
                "`{key}.{inner}` is not in the template"
            );
        }
    }
    // The probe finds what there is: otherwise nothing was compared.
    assert_eq!(faults::known_keys(Some("limits")).len(), 7);
}

#[test]
fn all_mistakes_are_told_at_once_with_line_key_and_what_was_meant() {
    let text = "\
id = 7
name = \"One\"
health_listen = \"0.0.0.0:8052\"
pag = \"/page\"

[limits]
connection_per_adress = 3
connections = 0
idle_seconds = \"soon\"
names = [\"localhost\"]

[tls]
certificate = \"hunter2\"

[credential_sockets]
path = \"/run/s\"
";
    let ConfigError::Faulty { faults, .. } = parse(text).unwrap_err() else {
        panic!("it was read");
    };
    let told = |key: &str| {
        let of_key: Vec<_> = faults.iter().filter(|fault| fault.key == key).collect();
        assert_eq!(of_key.len(), 1, "{key}: {faults:?}");
        (of_key[0].line, of_key[0].rule.as_str())
    };
    assert_eq!(told("id"), (Some(1), "must be a text in quotes"));
    assert_eq!(told("pag"), (Some(4), "is unknown; did you mean `page`?"));
    assert_eq!(
        told("limits.connection_per_adress"),
        (
            Some(7),
            "is unknown; did you mean `connections_per_address`?"
        )
    );
    assert_eq!(told("limits.connections"), (Some(8), "must be at least 1"));
    assert_eq!(told("limits.idle_seconds").0, Some(9));
    assert_eq!(
        told("limits.names"),
        (
            Some(10),
            "is unknown in this section: it stands before the first [section]"
        )
    );
    assert_eq!(told("names"), (None, "is missing"));
    assert_eq!(told("tls.key"), (Some(12), "is missing"));
    assert_eq!(
        told("credential_sockets"),
        (Some(15), "is unknown; did you mean `credential_socket`?")
    );
    assert_eq!(told("health_listen").0, Some(3));
    assert_eq!(faults.len(), 10, "{faults:?}");
    let sentence = parse(text).unwrap_err().to_string();
    assert!(
        !sentence.contains("soon") && !sentence.contains("hunter2"),
        "a value is repeated: {sentence}"
    );
    assert!(sentence.contains("line 4: `pag` is unknown"), "{sentence}");
}

#[test]
fn a_text_that_is_no_toml_has_its_line() {
    let error = parse("id = \"a\"\nname = \"b\n").unwrap_err().to_string();
    assert!(error.contains("line 2: is no TOML"), "{error}");
}

#[test]
fn a_key_is_used_for_a_month_and_a_day_unless_the_file_says_otherwise() {
    let hours = |text: &str| {
        let times = parse(&format!("{SMALLEST}{text}")).unwrap().keys.times();
        (
            times.active.as_secs() / 3600,
            times.retiring.as_secs() / 3600,
        )
    };
    assert_eq!(hours(""), (30 * 24, 24));
    assert_eq!(parse(SMALLEST).unwrap().keys.times(), KeyTimes::default());
    assert_eq!(
        hours("[keys]\nactive_days = 1\nretiring_hours = 2\n"),
        (24, 2)
    );
    for text in ["active_days = 0", "retiring_hours = 0"] {
        let error = parse(&format!("{SMALLEST}[keys]\n{text}\n")).unwrap_err();
        assert!(error.to_string().contains("keys."), "{error}");
    }
}

#[test]
fn the_audit_section_in_the_template_can_be_switched_on() {
    let keeping = |text: &str| parse(&format!("{SMALLEST}{text}")).unwrap().audit.keeping();
    assert_eq!(keeping(""), Keeping::default());
    let id = GatewayId::parse("gw").unwrap();
    let text = gateway_toml(&Choices {
        id: &id,
        name: "n",
        listen: "127.0.0.1:0".parse().unwrap(),
        health_listen: None,
        names: &[ServedName::localhost()],
        page: None,
        kek: &KekSettings::default(),
        store: None,
    });
    let (_, section) = text.split_once("[audit]\n").unwrap();
    let (section, _) = section.split_once("\n\n").unwrap();
    assert_eq!(section.lines().count(), 5, "a key is not in the template");
    let keeping = keeping(&format!("[audit]\n{}", section.replace("# ", "")));
    assert_eq!(keeping.max_bytes, Keeping::default().max_bytes);
    assert_eq!(keeping.keep_files, Some(100));
    assert_eq!(
        keeping.copies,
        [
            Destination::Syslog("/dev/log".into()),
            Destination::Journald("/run/systemd/journal/socket".into()),
            Destination::Stdout,
        ]
    );
    for fault in ["max_mebibytes = 0", "keep_files = 0", "also = [\"mail\"]"] {
        let error = parse(&format!("{SMALLEST}[audit]\n{fault}\n")).unwrap_err();
        let (key, _) = fault.split_once(' ').unwrap();
        assert!(error.to_string().contains(key), "{error}");
    }
}

#[test]
fn each_provider_is_read_as_it_is_written() {
    let settings = [
        KekSettings::File {},
        KekSettings::SystemdCreds {
            with_key: "host+tpm2".to_owned(),
        },
        KekSettings::Pkcs11 {
            module: "/usr/lib/softhsm/libsofthsm2.so".into(),
            token: "a \"token\"".to_owned(),
            key: "key".to_owned(),
            pin_file: "/run/credentials/gateway/pin".into(),
        },
    ];
    for settings in settings {
        let text = format!("{SMALLEST}{}", settings.section());
        assert_eq!(parse(&text).unwrap().kek, settings, "{text}");
    }
    assert_eq!(parse(SMALLEST).unwrap().kek, KekSettings::File {});
    for text in [
        "[kek]\nprovider = \"flie\"",
        "[kek]\nprovider = \"file\"\nmodule = \"x\"",
        "[kek]\nprovider = \"pkcs11\"\nmodule = \"x\"",
        "[kek]\nwith_key = \"host\"",
    ] {
        assert!(parse(&format!("{SMALLEST}{text}\n")).is_err(), "{text}");
    }
}

#[test]
fn an_unknown_key_is_named() {
    let error = parse(&format!("{SMALLEST}\n[limits]\nconection = 3\n"))
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("/somewhere/gateway.toml") && error.contains("conection"),
        "{error}"
    );
}

#[test]
fn two_listeners_have_two_ports() {
    let refuses = |listen: &str, health: &str| {
        let both = format!("listen = \"{listen}\"\nhealth_listen = \"{health}\"\n{SMALLEST}");
        match parse(&both) {
            Ok(_) => false,
            Err(error) => error
                .to_string()
                .contains("`health_listen` must have another port"),
        }
    };
    for (listen, health, are_same) in [
        ("127.0.0.1:8050", "127.0.0.1:8050", true),
        ("0.0.0.0:8050", "127.0.0.1:8050", true),
        ("[::]:8050", "127.0.0.1:8050", true),
        ("[::]:8050", "[::1]:8050", true),
        ("0.0.0.0:8050", "[::1]:8050", false),
        ("192.0.2.1:8050", "127.0.0.1:8050", false),
        ("127.0.0.1:8050", "127.0.0.1:8052", false),
        ("127.0.0.1:0", "127.0.0.1:0", false),
    ] {
        assert_eq!(refuses(listen, health), are_same, "{listen} {health}");
    }
}

#[test]
fn a_health_listener_for_the_world_is_refused() {
    let error = parse(&format!("health_listen = \"0.0.0.0:8052\"\n{SMALLEST}"))
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("health_listen") && error.contains("loopback"),
        "{error}"
    );
}

#[test]
fn a_missing_file_says_how_to_make_one() {
    let error = Config::load(Path::new("/nowhere/gateway.toml"))
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("/nowhere/gateway.toml") && error.contains("credential-gateway init"),
        "{error}"
    );
}

#[test]
fn names_are_hosts_with_an_optional_port() {
    for (text, origin) in [
        ("localhost", "https://localhost:8050"),
        ("LocalHost", "https://localhost:8050"),
        ("::1", "https://[::1]:8050"),
        ("[::1]", "https://[::1]:8050"),
        ("gateway.corp:443", "https://gateway.corp"),
        ("10.0.0.1:9443", "https://10.0.0.1:9443"),
    ] {
        assert_eq!(ServedName::parse(text).unwrap().origin(8050), origin);
    }
    for text in [
        "",
        "*",
        "*.corp",
        "a b",
        "user@host",
        "host/",
        "https://host",
        "host:",
        "host:99999",
        "-a",
        "a..b",
        "[::1",
    ] {
        assert!(ServedName::parse(text).is_err(), "accepted {text:?}");
    }
}

#[test]
fn a_request_is_for_us_only_with_our_name_and_port() {
    let name = ServedName::parse("localhost").unwrap();
    let admits = |authority: &str, port| name.admits(&authority.parse().unwrap(), port);
    assert!(admits("localhost:8050", 8050));
    assert!(admits("LOCALHOST:8050", 8050));
    assert!(admits("localhost", 443));
    assert!(!admits("localhost", 8050));
    assert!(!admits("localhost:8051", 8050));
    assert!(!admits("localhost.evil.example:8050", 8050));
    assert!(!admits("user@localhost:8050", 8050));
}

#[test]
fn what_is_expected_is_said_in_plain_words() {
    const NEEDED: &str = "id = \"gw\"\nname = \"One\"\nnames = [\"localhost\"]\n";
    for (text, key, rule) in [
        ("page = 3", "page", "must be a path in quotes"),
        ("listen = 8050", "listen", "must be an address and a port"),
        (
            "listen = \"a:b\"",
            "listen",
            "must be an address and a port",
        ),
        ("tls = 3", "tls", "must be a section of its own, [tls]"),
        ("kek = 3", "kek", "must be a section of its own, [kek]"),
        (
            "[limits]\nconnections = \"x\"",
            "limits.connections",
            "must be a whole number",
        ),
        (
            "[test]\nsave = \"chosen\"\nevery_hours = 0",
            "test.every_hours",
            "must be a whole number from 1 to 65535",
        ),
        (
            "[test]\nevery_hours = 65536",
            "test.every_hours",
            "must be a whole number from 1 to 65535",
        ),
        (
            "[kek]\nprovider = 3",
            "kek.provider",
            "must be a text in quotes",
        ),
        (
            "[kek]\nprovider = \"pkcs11\"\nmodule = 3\ntoken = \"t\"\npin_file = \"p\"",
            "kek.module",
            "must be a path in quotes",
        ),
        (
            "[credential_socket]\npath = \"/s\"\nusers = \"x\"",
            "credential_socket.users",
            "must be a list in brackets",
        ),
        (
            "[credential_socket]\npath = \"/s\"\nusers = [{ name = \"x\", linked_services = \"y\" }]",
            "credential_socket.users.linked_services",
            "must be a list in brackets",
        ),
        (
            "[credential_socket]\npath = \"/s\"\nusers = [{}]",
            "credential_socket.users.name",
            "is missing",
        ),
    ] {
        let ConfigError::Faulty { faults, .. } = parse(&format!("{NEEDED}{text}")).unwrap_err()
        else {
            panic!("{text} was read");
        };
        assert_eq!(faults.len(), 1, "{text}: {faults:?}");
        assert_eq!(faults[0].key, key, "{text}");
        assert!(faults[0].rule.starts_with(rule), "{text}: {faults:?}");
        let words = ["struct", "sequence", "variant", "usize", "u64", "Files"];
        let said = faults[0].to_string();
        assert!(!words.iter().any(|word| said.contains(word)), "{said}");
    }
}
