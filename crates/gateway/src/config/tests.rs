use super::template::{Choices, gateway_toml};
use super::*;
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
    });
    let config = parse(&text).unwrap();
    assert_eq!(config.id, id);
    assert_eq!(config.name, "Back\\slash and \"quote\"");
    assert_eq!(config.names, names);
    assert_eq!(config.page.as_deref(), Some(Path::new("/a folder/page")));
    assert_eq!(config.limits.connections, Limits::default().connections);
}

#[test]
fn the_limits_in_the_template_are_the_defaults() {
    let id = GatewayId::parse("gw").unwrap();
    let names = [ServedName::localhost()];
    let listen = "127.0.0.1:0".parse().unwrap();
    let text = gateway_toml(&Choices {
        id: &id,
        name: "n",
        listen,
        health_listen: None,
        names: &names,
        page: None,
        kek: &KekSettings::default(),
    });
    let (_, limits) = text.split_once("[limits]").unwrap();
    let switched_on: String = limits
        .lines()
        .filter_map(|line| line.strip_prefix("# ").filter(|rest| rest.contains(" = ")))
        .map(|line| format!("{line}\n"))
        .collect();
    let written: Limits = toml::from_str(&switched_on).unwrap();
    assert_eq!(format!("{written:?}"), format!("{:?}", Limits::default()));
    assert_eq!(
        switched_on.lines().count(),
        7,
        "a limit is not in the template"
    );
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
