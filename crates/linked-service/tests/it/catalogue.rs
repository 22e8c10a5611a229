//! What must hold for every table, so that a kind can be added by writing one.

use std::collections::BTreeSet;

use linked_service::{
    AuthType, Condition, Constraint, Field, Grammar, Holds, Input, KeyFile, KeywordValue,
    Placement, Role, catalogue, kind,
};

use crate::form::Form;

fn auth_types() -> impl Iterator<Item = (String, &'static AuthType)> {
    catalogue().iter().flat_map(|kind| {
        kind.auth_types
            .iter()
            .map(move |auth| (format!("{}/{}", kind.id, auth.id), auth))
    })
}

fn fields() -> impl Iterator<Item = (String, &'static Field)> {
    auth_types().flat_map(|(place, auth)| {
        auth.fields
            .iter()
            .map(move |field| (format!("{place}/{}", field.name), field))
    })
}

#[test]
fn ids_and_aliases_name_one_kind() {
    let mut seen = BTreeSet::new();
    for known in catalogue() {
        let own = known.auth_types.iter().filter_map(|auth| auth.json_type);
        for id in known.aliases.iter().copied().chain([known.id]).chain(own) {
            assert!(seen.insert(id.to_ascii_lowercase()), "{id} names two kinds");
            for spelling in [
                id.to_owned(),
                id.to_ascii_lowercase(),
                id.to_ascii_uppercase(),
            ] {
                assert_eq!(
                    kind(&spelling).map(|found| found.id),
                    Some(known.id),
                    "{spelling}"
                );
            }
        }
        let ids: BTreeSet<_> = known.auth_types.iter().map(|auth| auth.id).collect();
        assert_eq!(
            ids.len(),
            known.auth_types.len(),
            "{}: an authentication type twice",
            known.id
        );
        assert!(
            !known.name.is_empty() && !known.auth_types.is_empty(),
            "{}",
            known.id
        );
    }
    assert!(kind("OnPremises").is_none());
    assert!(kind("").is_none());
}

#[test]
fn names_and_aliases_are_unique_within_an_authentication_type() {
    for (place, auth) in auth_types() {
        for field in auth.fields {
            for name in field.aliases.all().iter().chain([&field.name]) {
                for spelling in [
                    name.to_string(),
                    name.to_ascii_lowercase(),
                    name.to_ascii_uppercase(),
                ] {
                    let found = auth.field_spelled(&spelling).map(|found| found.name);
                    assert_eq!(found, Some(field.name), "{place}: {spelling}");
                }
            }
            assert_eq!(auth.field(field.name), Some(field), "{place}");
        }
    }
}

#[test]
fn every_field_says_what_it_is() {
    for (place, field) in fields() {
        assert!(!field.name.is_empty() && !field.label.is_empty(), "{place}");
        assert!(field.max_chars > 0, "{place}");
        assert_ne!(
            Some(field.hint.text()),
            field.default,
            "{place}: a default in the hint"
        );
        let secret = matches!(field.input, Input::Secret | Input::KeyFile(_));
        assert_eq!(
            secret,
            field.role == Role::Secret,
            "{place}: a secret by one sign and not by the other"
        );
        assert!(
            !secret || field.default.is_none(),
            "{place}: a secret has no default"
        );
        let host = matches!(
            field.grammar,
            Grammar::Host | Grammar::HostAndPort | Grammar::HostList | Grammar::DataSource
        );
        assert_eq!(
            host,
            field.input == Input::Host,
            "{place}: a host by one sign and not by the other"
        );
        if let Input::Choice(choices) = field.input {
            let values: BTreeSet<_> = choices.iter().map(|choice| choice.value).collect();
            assert_eq!(values.len(), choices.len(), "{place}: a choice twice");
            assert!(choices.iter().all(|choice| !choice.label.is_empty() && choice.value.len() <= field.max_chars));
        }
    }
}

/// What holds between a key file and its passphrase, and which fields are key files.
#[test]
fn a_key_file_names_the_optional_secret_that_is_its_passphrase() {
    let mut found = BTreeSet::new();
    for kind in catalogue() {
        for auth in kind.auth_types {
            for field in auth.fields {
                let Input::KeyFile(KeyFile { holds, passphrase }) = field.input else {
                    continue;
                };
                let other = auth.field(passphrase).unwrap();
                assert_eq!(other.input, Input::Secret, "{passphrase}");
                assert!(!other.required, "{passphrase}: not every file has one");
                found.insert((kind.id, field.name, passphrase, holds == Holds::Certificate));
            }
        }
    }
    let expected = [
        ("Sftp", "privateKeyContent", "passPhrase", false),
        ("Http", "embeddedCertData", "password", true),
    ];
    assert_eq!(found, BTreeSet::from(expected));
}

/// Switches change what is sent in the clear or whom the gateway believes: each is named here with what it is.
#[test]
fn switches_have_safe_defaults_and_belong_to_the_destination() {
    let switches: BTreeSet<_> = fields()
        .filter(|(_, field)| field.input == Input::Switch)
        .map(|(_, field)| (field.name, field.default, field.role == Role::Destination))
        .collect();
    let expected = [
        ("Encrypt", Some("true"), true),
        ("TrustServerCertificate", Some("false"), true),
        ("enableServerCertificateValidation", Some("true"), true),
        ("enableSsl", Some("true"), true),
        ("skipHostKeyValidation", Some("false"), true),
    ];
    assert_eq!(switches, BTreeSet::from(expected));
}

#[test]
fn every_kind_validates_with_samples_and_with_only_what_is_needed() {
    for full in Form::all() {
        let place = format!("{}/{}", full.kind.id, full.auth.id);
        assert_eq!(full.check().map(|_| ()), Ok(()), "{place}");
        let mut least = full.clone();
        for field in full.auth.fields.iter().filter(|field| !full.needs(field)) {
            least.leave_out(field.name);
        }
        let least = least.check().map(|validated| {
            validated
                .properties()
                .map(|(field, value)| (field.name, value.to_owned()))
                .collect::<Vec<_>>()
        });
        let least = least.unwrap_or_else(|errors| panic!("{place}: {errors:?}"));
        for field in full.auth.fields {
            if let Some(default) = field.default {
                assert!(
                    least.contains(&(field.name, default.to_owned())),
                    "{place}/{}",
                    field.name
                );
            }
        }
    }
}

#[test]
fn tables_name_only_fields_that_exist() {
    for kind in catalogue() {
        for name in braces(kind.target)
            .into_iter()
            .flat_map(|names| names.split('|'))
        {
            assert!(
                kind.auth_types
                    .iter()
                    .any(|auth| auth.field(name).is_some_and(|field| !field.is_secret())),
                "{}: no field {name}",
                kind.id
            );
        }
        for auth in kind.auth_types {
            let known = |name: &str| {
                assert!(
                    auth.field(name).is_some(),
                    "{}/{}: no field {name}",
                    kind.id,
                    auth.id
                );
            };
            for constraint in auth.constraints {
                match constraint {
                    Constraint::ExactlyOne(names) => names.iter().for_each(|name| known(name)),
                    Constraint::Together(names) => names.iter().for_each(|name| {
                        known(name);
                        assert!(
                            auth.field(name).is_some_and(Field::is_secret),
                            "{name}: only secrets go together"
                        );
                    }),
                    Constraint::RequiredWhen(
                        name,
                        Condition::Is(other, _) | Condition::Given(other),
                    ) => {
                        known(name);
                        known(other);
                    }
                }
            }
            for keyword in auth.keywords {
                for Condition::Is(field, _) | Condition::Given(field) in keyword.when {
                    known(field);
                }
                match keyword.value {
                    KeywordValue::Field(field) => known(field),
                    KeywordValue::Fixed(_) => {}
                    KeywordValue::Template(template) => {
                        braces(template).into_iter().for_each(known);
                    }
                }
            }
        }
    }
}

/// A template has no quoting, so what goes into one must not be able to leave its place.
#[test]
fn templates_take_only_closed_values() {
    for (place, auth) in auth_types() {
        for keyword in auth.keywords {
            if let KeywordValue::Template(template) = keyword.value {
                for name in braces(template) {
                    let field = auth
                        .field(name)
                        .unwrap_or_else(|| panic!("{place}: {name}"));
                    let closed = matches!(field.grammar, Grammar::Host | Grammar::Identifier)
                        || field.input == Input::Port;
                    assert!(closed && !field.is_secret(), "{place}: {name} is open text");
                }
            }
        }
    }
}

#[test]
fn every_secret_reaches_the_connection_string() {
    for (place, auth) in auth_types().filter(|(_, auth)| !auth.keywords.is_empty()) {
        for field in auth.fields.iter().filter(|field| field.is_secret()) {
            let reached = auth
                .keywords
                .iter()
                .any(|keyword| keyword.value == KeywordValue::Field(field.name));
            assert!(reached, "{place}: {} is in no keyword", field.name);
        }
    }
}

/// A connection string is made of keywords, or somebody else's is a field.
#[test]
fn placement_and_keywords_agree() {
    for (place, auth) in auth_types() {
        let in_string = auth.placement == Placement::ConnectionString;
        let given = auth.field("connectionString").is_some();
        assert_eq!(in_string, !auth.keywords.is_empty() || given, "{place}");
        assert!(auth.keywords.is_empty() || !given, "{place}");
        assert!(
            auth.keywords.is_empty() || auth.authentication_type.is_none(),
            "{place}"
        );
    }
}

/// What is stored under one name by a reference is a secret; without one, nothing may be.
#[test]
fn every_secret_has_a_reference() {
    for (place, auth) in auth_types().filter(|(_, auth)| auth.placement == Placement::Nowhere) {
        assert!(!auth.fields.iter().any(Field::is_secret), "{place}");
    }
}

/// There is no way to send a password to Azure's databases in the clear.
#[test]
fn azure_sql_is_always_encrypted() {
    for id in ["AzureSqlDatabase", "AzureSqlDW"] {
        let auth_types = kind(id).map_or(&[][..], |kind| kind.auth_types);
        assert!(!auth_types.is_empty());
        for auth in auth_types {
            assert!(auth.field_spelled("Encrypt").is_none(), "{id}");
            let encrypt = auth
                .keywords
                .iter()
                .find(|keyword| keyword.name == "Encrypt");
            let encrypt = encrypt.unwrap_or_else(|| panic!("{id} does not say Encrypt"));
            assert_eq!(
                (&encrypt.value, encrypt.when),
                (&KeywordValue::Fixed("True"), &[][..])
            );
            assert!(
                auth.fields
                    .iter()
                    .any(|field| field.hint.text().contains("Encrypt=True")),
                "{id}: not shown"
            );
        }
    }
}

fn braces(template: &str) -> Vec<&str> {
    template
        .split('{')
        .skip(1)
        .map(|part| part.split('}').next().unwrap_or_default())
        .collect()
}
