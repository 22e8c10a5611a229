//! What is written in any form comes back as it was.

use std::collections::BTreeMap;

use linked_service::connection_string::{Form, Recognised, recognise, write};
use linked_service::{AuthType, Kind, SecretState, validate};
use proptest::prelude::*;
use proptest::sample::Index;

use crate::form::Form as Filled;

/// Text made mostly of what quoting is about.
fn awkward() -> impl Strategy<Value = String> {
    let special = prop::sample::select(vec![
        '"', '\'', ';', '=', '{', '}', '(', ')', '[', ']', ' ', '@', ':', '/', '?', '#', '&', '+',
        ',', '\\', '%', '\t', '\n', '\0', '\u{a0}', '\u{feff}', 'a', '4', '1', 'é', '𝄞',
    ]);
    prop::collection::vec(prop_oneof![6 => special, 1 => any::<char>()], 1..24)
        .prop_map(String::from_iter)
}

type Values = BTreeMap<&'static str, String>;

/// Names and values, without those that are the default anyway.
fn values(read: &Recognised) -> Values {
    let plain = read.properties.iter().filter(|(name, value)| {
        read.auth
            .field(name)
            .is_some_and(|field| field.default != Some(value.as_str()))
    });
    let plain = plain.map(|(name, value)| (*name, value.clone()));
    let secrets = read.secrets.iter();
    plain
        .chain(secrets.map(|(name, value)| (*name, value.to_string())))
        .collect()
}

fn is_valid(kind: &Kind, auth: &AuthType, values: &Values) -> bool {
    let (mut properties, mut secrets) = (BTreeMap::new(), Vec::new());
    for (name, value) in values {
        match auth.field(name) {
            Some(field) if field.is_secret() => {
                secrets.push((*name, SecretState::Replaced { bytes: value.len() }));
            }
            _ => {
                properties.insert((*name).to_owned(), value.clone());
            }
        }
    }
    validate(kind.id, auth.id, &properties, &secrets).is_ok()
}

/// How often each form was written, and each time read again as it was.
fn round_trips(kind: &'static Kind, auth: &'static AuthType, values: &Values) -> Vec<Form> {
    let mut trips = Vec::new();
    for form in Form::ALL {
        let text = write(form, kind, auth, &|name| {
            values.get(name).map(String::as_str)
        });
        let Some(text) = text else { continue };
        let read = recognise(&text, Some(kind));
        let read = read.unwrap_or_else(|error| panic!("{form:?} of {}: {error}", kind.id));
        assert_eq!(read.auth.id, auth.id, "{form:?} of {}", kind.id);
        let read = self::values(&read);
        let names = |values: &Values| values.keys().copied().collect::<Vec<_>>();
        assert_eq!(
            names(&read),
            names(values),
            "{form:?} of {} {}",
            kind.id,
            auth.id
        );
        for (name, value) in values {
            assert!(
                read[name] == *value
                    || *name == "connectionString" && parts(&read[name]) == parts(value),
                "{form:?} of {}: {name} is not as it was",
                kind.id
            );
        }
        trips.push(form);
    }
    trips
}

/// The parts of a driver's own string, which may have semicolons and spaces between them that say nothing.
fn parts(value: &str) -> Vec<&str> {
    let parts = value.split(';').map(str::trim);
    parts.filter(|part| !part.is_empty()).collect()
}

/// A form of this kind as it is filled in, with these secrets and names.
fn filled(form: &Filled, awkward: &str) -> Values {
    let mut values = Values::new();
    for field in form.auth.fields {
        let value = match field.is_secret() {
            true => awkward.to_owned(),
            false => match form.properties.get(field.name) {
                Some(value) if field.default != Some(value.as_str()) => value.clone(),
                _ => continue,
            },
        };
        values.insert(field.name, value);
    }
    values
}

fn chosen(which: Index) -> Filled {
    let forms: Vec<Filled> = Filled::all().collect();
    forms[which.index(forms.len())].clone()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    #[test]
    fn every_secret_comes_back_from_every_form(secret in awkward(), which in any::<Index>()) {
        let form = chosen(which);
        prop_assert!(!round_trips(form.kind, form.auth, &filled(&form, &secret)).is_empty());
    }

    #[test]
    fn so_does_every_other_value(awkward in awkward(), which in any::<Index>(), field in any::<Index>()) {
        let form = chosen(which);
        let field = &form.auth.fields[field.index(form.auth.fields.len())];
        let mut values = filled(&form, "pass;word");
        values.insert(field.name, awkward);
        if is_valid(form.kind, form.auth, &values) {
            round_trips(form.kind, form.auth, &values);
        }
    }

    #[test]
    fn recognising_anything_ends_without_a_panic(text in awkward(), before in prop::sample::select(vec![
        "", "postgres://", "https://", "jdbc:oracle:thin:", "jdbc:sqlserver://", "jdbc:db2://", "Driver={", "host=", "(DESCRIPTION=",
        "{\"properties\":", "Server=", "mongodb+srv://", "a/", "jdbc:teradata://",
    ])) {
        let _ = recognise(&format!("{before}{text}"), None);
    }
}

/// Each form is written for the kinds that people have it for.
#[test]
fn every_form_is_written() {
    let mut trips = BTreeMap::new();
    for form in Filled::all() {
        for usual in round_trips(form.kind, form.auth, &filled(&form, "pass")) {
            let kinds: &mut Vec<&str> = trips.entry(usual.name().text()).or_default();
            kinds.push(form.kind.id);
        }
    }
    for (form, kind) in [
        (Form::AdoNet, "OnPremisesSqlServer"),
        (Form::Odbc, "OnPremisesSqlServer"),
        (Form::Odbc, "OnPremisesMySql"),
        (Form::Libpq, "OnPremisesPostgreSql"),
        (Form::Uri, "OnPremisesPostgreSql"),
        (Form::Uri, "OnPremisesMySql"),
        (Form::Uri, "Sftp"),
        (Form::Uri, "Http"),
        (Form::Jdbc, "OnPremisesSqlServer"),
        (Form::Jdbc, "OnPremisesOracle"),
        (Form::Jdbc, "OnPremisesPostgreSql"),
        (Form::EasyConnect, "OnPremisesOracle"),
    ] {
        assert!(
            trips
                .get(form.name().text())
                .is_some_and(|kinds| kinds.contains(&kind)),
            "{form:?} of {kind}"
        );
    }
}

/// A descriptor has no place for credentials, and a JSON document none for secrets.
#[test]
fn what_has_no_secrets_comes_back_without_them() {
    for form in Filled::all() {
        let validated = form.check().unwrap();
        let json = validated.linked_service_json("Name", "gateway", "reference");
        let read = recognise(&json, None)
            .unwrap_or_else(|error| panic!("{} {}: {error} {json}", form.kind.id, form.auth.id));
        assert_eq!((read.kind.id, read.auth.id), (form.kind.id, form.auth.id));
        let mut wanted = filled(&form, "");
        wanted.retain(|name, _| {
            form.auth
                .field(name)
                .is_some_and(|field| !field.is_secret())
        });
        assert_eq!(values(&read), wanted, "{}", form.kind.id);
    }
    let oracle = linked_service::kind("OnPremisesOracle").unwrap();
    let said = |name: &str| match name {
        "Host" => Some("2001:db8::1"),
        "Sid" => Some("ORCL"),
        _ => None,
    };
    let text = write(Form::Descriptor, oracle, &oracle.auth_types[0], &said).unwrap();
    let read = recognise(&text, None).unwrap();
    assert_eq!(read.form, Form::Descriptor);
    assert_eq!(
        values(&read),
        Values::from([
            ("Host", "2001:db8::1".to_owned()),
            ("Sid", "ORCL".to_owned())
        ])
    );
}

/// Room is made beforehand, so that a growing string leaves no half of a secret behind. One that grows doubles.
#[test]
fn the_string_is_never_moved_while_it_is_written() {
    for form in Filled::all() {
        for secret in ["\"'}{%\\".repeat(300), "é".repeat(900)] {
            let values = filled(&form, &secret);
            let value = |name: &str| values.get(name).map(String::as_str);
            let room: usize = (form.auth.fields.iter())
                .map(|field| field.name.len() + 3 * value(field.name).map_or(0, str::len) + 80)
                .sum();
            for target in Form::ALL {
                if let Some(text) = write(target, form.kind, form.auth, &value) {
                    let kind = form.kind.id;
                    assert!(text.capacity() < room + 400, "{target:?} of {kind}");
                }
            }
        }
    }
}
