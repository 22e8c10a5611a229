//! The JSON and the connection string of each kind and authentication type, as files that people have read.
//!
//! `UPDATE_GOLDEN=1 cargo test -p linked-service golden` writes them again; read the difference before committing it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use linked_service::{Placement, SecretState, reference, settings_json, validate};

struct Example {
    file: &'static str,
    kind: &'static str,
    auth: &'static str,
    properties: &'static [(&'static str, &'static str)],
    secrets: &'static [(&'static str, &'static str)],
}

const KEY: &str =
    "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA=\n-----END RSA PRIVATE KEY-----\n";

const EXAMPLES: &[Example] = &[
    Example {
        file: "sql-server.sql",
        kind: "OnPremisesSqlServer",
        auth: "SQL",
        properties: &[
            ("Data Source", "sql01.corp.example,1433"),
            ("Initial Catalog", "Sales 2026"),
            ("User ID", "etl_reader"),
        ],
        secrets: &[("password", "it's \"quoted\"; {braced}=%41")],
    },
    Example {
        file: "sql-server.windows",
        kind: "OnPremisesSqlServer",
        auth: "Windows",
        properties: &[
            ("Data Source", "sql01\\SALES"),
            ("Initial Catalog", "Sales"),
            ("Encrypt", "false"),
            ("TrustServerCertificate", "true"),
        ],
        secrets: &[("username", "CORP\\etl"), ("password", "plain")],
    },
    Example {
        file: "sql-server.windows-service-account",
        kind: "OnPremisesSqlServer",
        auth: "Windows",
        properties: &[("Data Source", "."), ("Initial Catalog", "Sales")],
        secrets: &[],
    },
    Example {
        file: "oracle.basic-sid",
        kind: "OnPremisesOracle",
        auth: "Basic",
        properties: &[
            ("Host", "ora01.corp.example"),
            ("Sid", "ORCL"),
            ("User Id", "ETL_READER"),
        ],
        secrets: &[("Password", "say \"when\"")],
    },
    Example {
        file: "oracle.basic-odp-service-name",
        kind: "OnPremisesOracle",
        auth: "Basic",
        properties: &[
            ("Host", "ora01.corp.example"),
            ("Port", "1522"),
            ("ServiceName", "sales.corp.example"),
            ("User Id", "ETL_READER"),
            ("driverType", "ODP"),
        ],
        secrets: &[("Password", "a=b")],
    },
    Example {
        file: "postgresql.basic",
        kind: "OnPremisesPostgreSql",
        auth: "Basic",
        properties: &[
            ("server", "pg01.corp.example:5433"),
            ("database", "sales"),
            ("schema", "public"),
            ("username", "etl_reader"),
        ],
        secrets: &[("password", "pass;word")],
    },
    Example {
        file: "mysql.basic",
        kind: "OnPremisesMySql",
        auth: "Basic",
        properties: &[
            ("server", "mysql01.corp.example"),
            ("database", "sales"),
            ("userName", "etl \"reader\""),
        ],
        secrets: &[("password", " outer spaces ")],
    },
    Example {
        file: "sftp.basic",
        kind: "Sftp",
        auth: "Basic",
        properties: &[
            ("host", "sftp.corp.example"),
            (
                "hostKeyFingerprint",
                "ssh-rsa 2048 00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff",
            ),
            ("username", "etl"),
        ],
        secrets: &[("password", "O'Neill")],
    },
    Example {
        file: "sftp.ssh-public-key",
        kind: "Sftp",
        auth: "SshPublicKey",
        properties: &[
            ("host", "sftp.corp.example"),
            ("port", "2222"),
            ("skipHostKeyValidation", "true"),
            ("username", "etl"),
        ],
        secrets: &[("privateKeyContent", KEY), ("passPhrase", "correct horse")],
    },
    Example {
        file: "http.basic",
        kind: "Http",
        auth: "Basic",
        properties: &[
            ("url", "https://files.corp.example:8443/export/"),
            ("userName", "etl"),
        ],
        secrets: &[("password", "Größe\t1")],
    },
];

#[test]
fn golden_files_are_what_is_written() {
    for example in EXAMPLES {
        let properties = example
            .properties
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        let secrets: BTreeMap<_, _> = example.secrets.iter().copied().collect();
        let states: Vec<_> = secrets
            .iter()
            .map(|(name, value)| (*name, SecretState::Replaced { bytes: value.len() }))
            .collect();
        let validated = validate(example.kind, example.auth, &properties, &states);
        let validated = validated.unwrap_or_else(|errors| panic!("{}: {errors:?}", example.file));
        let reference = reference("gw-7f3a", "demo-factory", "Sales source", 3);
        let json = validated.linked_service_json("Sales source", "Gateway \"one\"", &reference);
        compare(example.file, "json", &json);
        let mut string = validated.connection_string(|name| secrets.get(name).copied());
        string.push('\n');
        compare(example.file, "connection-string", &string);

        let parsed: Result<serde_json::Value, _> = serde_json::from_str(&json);
        assert!(parsed.is_ok(), "{}: not JSON", example.file);
        for secret in secrets.values() {
            assert!(
                !json.contains(secret),
                "{}: a secret in the JSON",
                example.file
            );
        }
    }
}

#[test]
fn settings_are_the_json_without_name_gateway_and_reference() {
    for example in EXAMPLES {
        let properties: BTreeMap<_, _> = example
            .properties
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        let states: Vec<_> = example
            .secrets
            .iter()
            .map(|(name, value)| (*name, SecretState::Replaced { bytes: value.len() }))
            .collect();
        let validated = validate(example.kind, example.auth, &properties, &states);
        let validated = validated.unwrap_or_else(|errors| panic!("{}: {errors:?}", example.file));
        let read = |json: &str| -> serde_json::Value {
            serde_json::from_str(json).unwrap_or_else(|error| panic!("{}: {error}", example.file))
        };
        let mut whole = read(&validated.linked_service_json("name", "gateway", "reference"));
        whole.as_object_mut().unwrap().remove("name");
        let members = whole["properties"]["typeProperties"]
            .as_object_mut()
            .unwrap();
        members.remove("gatewayName");
        match validated.kind().placement {
            Placement::EncryptedCredential => drop(members.remove("encryptedCredential")),
            Placement::ConnectionString => {
                let string = members["connectionString"].as_str().unwrap();
                let rest = string.strip_suffix(";EncryptedCredential=reference");
                members["connectionString"] = rest.unwrap().into();
            }
        }
        let settings = settings_json(validated.kind(), validated.auth_type(), &properties);
        assert_eq!(read(&settings), whole, "{}", example.file);
    }
}

/// A form may be copied before it is right.
#[test]
fn settings_are_json_whatever_is_typed() {
    for kind in linked_service::catalogue() {
        for auth in kind.auth_types {
            let secrets = auth.fields.iter().filter(|field| field.is_secret());
            let secrets: Vec<_> = secrets.map(|field| field.name).collect();
            let properties = auth
                .fields
                .iter()
                .map(|field| (field.name.to_owned(), "no\", \"such\": 07".to_owned()))
                .collect();
            let json = settings_json(kind, auth, &properties);
            let json: serde_json::Value = serde_json::from_str(&json).unwrap();
            let members = json["properties"]["typeProperties"].as_object().unwrap();
            for (name, value) in members {
                assert!(value.is_string(), "{name}: {value}");
                assert!(!secrets.contains(&name.as_str()), "{name} is a secret");
            }
        }
    }
}

#[test]
fn every_kind_and_authentication_type_has_an_example() {
    for kind in linked_service::catalogue() {
        for auth in kind.auth_types {
            assert!(
                EXAMPLES
                    .iter()
                    .any(|example| (example.kind, example.auth) == (kind.id, auth.id)),
                "{}/{}",
                kind.id,
                auth.id
            );
        }
    }
}

fn compare(file: &str, extension: &str, written: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/golden")
        .join(format!("{file}.{extension}"));
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, written).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }
    let golden =
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    assert_eq!(written, golden, "{}", path.display());
}
