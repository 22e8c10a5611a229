//! The JSON and the connection string of each kind and authentication type, as files that people have read.
//!
//! `UPDATE_GOLDEN=1 cargo test -p linked-service golden` writes them again; read the difference before committing it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use linked_service::{Placement, SecretState, reference, settings_json, validate};

use crate::examples::EXAMPLES;

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
        match validated.auth_type().placement {
            Placement::Nowhere => {}
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
