//! The JSON Schema takes what the checks take, and refuses what they refuse, as far as a schema can say it.

use jsonschema::Validator;
use serde_json::{Map, Value, json};

use crate::examples::{EXAMPLES, Example};
use crate::form::{Form, other, sample};
use crate::wrong::wrong;

#[path = "../../examples/schema/document.rs"]
mod document;
#[path = "../../examples/schema/pattern.rs"]
mod pattern;

fn validator() -> Validator {
    jsonschema::draft202012::new(&document::schema()).unwrap_or_else(|error| panic!("{error}"))
}

fn members(pairs: &[(&str, &str)]) -> Map<String, Value> {
    let member = |(name, value): &(&str, &str)| ((*name).to_owned(), json!(value));
    pairs.iter().map(member).collect()
}

fn of_example(example: &Example) -> Value {
    json!({ "kind": example.kind, "auth": example.auth, "properties": members(example.properties) })
}

fn of_form(form: &Form) -> Value {
    json!({ "kind": form.kind.id, "auth": form.auth.id, "properties": form.properties })
}

#[test]
fn it_is_a_json_schema() {
    let schema = document::schema();
    assert_eq!(
        schema["$schema"],
        "https://json-schema.org/draft/2020-12/schema"
    );
    if let Err(error) = jsonschema::draft202012::meta::validate(&schema) {
        panic!("{error}");
    }
    let text = document::text().unwrap_or_else(|error| panic!("{error}"));
    let again = document::text().unwrap_or_else(|error| panic!("{error}"));
    assert!(text == again && text.ends_with("}\n"));
    assert_eq!(serde_json::from_str::<Value>(&text).ok(), Some(schema));
}

#[test]
fn every_example_is_valid_with_and_without_its_secrets() {
    let validator = validator();
    for example in EXAMPLES {
        let mut document = of_example(example);
        assert!(validator.is_valid(&document), "{}", example.file);
        document["secrets"] = members(example.secrets).into();
        assert!(
            validator.is_valid(&document),
            "{} with secrets",
            example.file
        );
    }
}

#[test]
fn every_value_that_fits_is_valid() {
    let validator = validator();
    for form in Form::all() {
        for field in form.auth.fields.iter().filter(|field| !field.is_secret()) {
            if form.properties.contains_key(field.name) {
                for value in [sample(field), other(field)] {
                    let document = of_form(&form.clone().with(field.name, value));
                    assert!(validator.is_valid(&document), "{document}");
                }
            }
        }
    }
}

#[test]
fn every_broken_example_is_refused() {
    let validator = validator();
    for example in EXAMPLES {
        let whole = of_example(example);
        let refused = |document: &Value, why: &str| {
            assert!(
                !validator.is_valid(document),
                "{}: {why}: {document}",
                example.file
            );
        };
        let mut properties = vec![("unknown", "x".to_owned())];
        let kind = linked_service::kind(example.kind).and_then(|kind| kind.auth_type(example.auth));
        let auth = kind.unwrap_or_else(|| panic!("{}", example.file));
        for field in auth.fields {
            if field.is_secret() {
                properties.push((field.name, "x".to_owned()));
                continue;
            }
            let given = example
                .properties
                .iter()
                .any(|(name, _)| *name == field.name);
            if field.required && field.default.is_none() {
                assert!(given, "{}", example.file);
                let mut document = whole.clone();
                if let Some(properties) = document["properties"].as_object_mut() {
                    properties.remove(field.name);
                }
                refused(&document, "without a required field");
            }
            properties.extend(
                wrong(field)
                    .iter()
                    .map(|(value, _)| (field.name, (*value).to_owned())),
            );
            properties.push((field.name, "1".repeat(field.max_chars + 1)));
            for value in [
                "",
                " ",
                " 1",
                "1 ",
                "a\nb",
                "a\u{202e}b",
                "a\u{0}b",
                "\u{feff}a",
            ] {
                properties.push((field.name, value.to_owned()));
            }
            let mut number = whole.clone();
            number["properties"][field.name] = json!(1);
            refused(&number, "a number");
        }
        for (name, value) in properties {
            let mut document = whole.clone();
            document["properties"][name] = value.into();
            refused(&document, name);
        }
        for (member, value) in [
            ("kind", json!("Nothing")),
            ("kind", json!(example.kind.to_lowercase())),
            ("auth", json!("Nothing")),
            ("properties", json!(null)),
            ("secrets", json!({ "unknown": "x" })),
            ("password", json!("x")),
        ] {
            let mut document = whole.clone();
            document[member] = value;
            refused(&document, member);
        }
    }
}

#[test]
fn a_secret_is_described_and_write_only() {
    let schema = document::schema();
    for form in Form::all() {
        let name = format!("{}.{}", form.kind.id, form.auth.id);
        let secrets = &schema["$defs"][name]["properties"]["secrets"];
        let described = secrets["properties"].as_object().map_or(0, Map::len);
        assert_eq!(described, form.secrets.len());
        for field in form.auth.fields.iter().filter(|field| field.is_secret()) {
            assert_eq!(secrets["properties"][field.name]["writeOnly"], true);
            assert!(secrets["properties"][field.name].get("default").is_none());
            let required = secrets["required"]
                .as_array()
                .is_some_and(|names| names.contains(&json!(field.name)));
            assert_eq!(required, field.required, "{}", field.name);
        }
    }
}

#[test]
fn what_holds_between_fields_holds_in_the_schema() {
    let validator = validator();
    let valid =
        |kind: &str, auth: &str, properties: &[(&str, &str)], secrets: Option<&[(&str, &str)]>| {
            let mut document =
                json!({ "kind": kind, "auth": auth, "properties": members(properties) });
            if let Some(secrets) = secrets {
                document["secrets"] = members(secrets).into();
            }
            validator.is_valid(&document)
        };
    let oracle = |names: &[(&str, &str)]| {
        let mut properties = vec![("Host", "a"), ("User Id", "u")];
        properties.extend(names);
        valid("OnPremisesOracle", "Basic", &properties, None)
    };
    assert!(oracle(&[("Sid", "S")]) && oracle(&[("ServiceName", "S")]));
    assert!(!oracle(&[]) && !oracle(&[("Sid", "S"), ("ServiceName", "S")]));

    let sftp = |names: &[(&str, &str)]| {
        let mut properties = vec![("host", "a"), ("username", "u")];
        properties.extend(names);
        valid("Sftp", "Basic", &properties, None)
    };
    let md5 = "00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff";
    assert!(sftp(&[("skipHostKeyValidation", "true")]) && sftp(&[("hostKeyFingerprint", md5)]));
    assert!(!sftp(&[]) && !sftp(&[("skipHostKeyValidation", "false")]));

    let windows = |secrets: &[(&str, &str)]| {
        let properties = [("Data Source", "a"), ("Initial Catalog", "b")];
        valid("OnPremisesSqlServer", "Windows", &properties, Some(secrets))
    };
    assert!(windows(&[]) && windows(&[("username", "u"), ("password", "p")]));
    assert!(!windows(&[("username", "u")]) && !windows(&[("password", "p")]));

    let thumbprint = [
        ("url", "https://a/"),
        ("certThumbprint", "0123456789012345678901234567890123456789"),
    ];
    let http = |properties: &[(&str, &str)], secrets| {
        valid("Http", "ClientCertificate", properties, secrets)
    };
    assert!(
        http(&thumbprint, Some(&[])) && http(&thumbprint[..1], Some(&[("embeddedCertData", "x")]))
    );
    assert!(
        !http(&thumbprint, Some(&[("embeddedCertData", "x")]))
            && !http(&thumbprint[..1], Some(&[]))
    );
}
