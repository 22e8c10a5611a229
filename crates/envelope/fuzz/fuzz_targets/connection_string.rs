//! Anything that is pasted: reading it ends, no list or message depends on a secret in it, and what was read comes back
//! from every form in which it can be written.
#![no_main]

use std::collections::BTreeMap;

use libfuzzer_sys::fuzz_target;
use linked_service::connection_string::{Form, NotRecognised, Recognised, recognise, write};
use linked_service::{Rule, SecretState, validate};

fuzz_target!(|text: &str| {
    let read = match recognise(text, None) {
        Ok(read) => read,
        Err(NotRecognised::Malformed(_, error)) => {
            assert!(error.position <= text.len());
            return;
        }
        Err(_) => return,
    };
    assert!(recognise(text, Some(read.kind)).is_ok());
    for (name, secret) in &read.secrets {
        check_that_nothing_shows(text, &read, name, secret);
    }
    if is_well_formed(&read) {
        for form in Form::ALL {
            check_round_trip(&read, form);
        }
    }
});

/// With another secret in its place, all that is shown is the same.
fn check_that_nothing_shows(text: &str, read: &Recognised, name: &str, secret: &str) {
    if secret.len() < 4 || text.matches(secret).count() != 1 {
        return;
    }
    let other = "Q".repeat(secret.len());
    let Ok(changed) = recognise(&text.replace(secret, &other), Some(read.kind)) else {
        return;
    };
    // Otherwise the text has the same letters somewhere else, and the secret in another spelling.
    if changed
        .secrets
        .iter()
        .any(|(of, value)| *of == name && **value == other)
    {
        assert!(changed.ignored == read.ignored);
        assert!(changed.warnings == read.warnings);
        assert!(changed.properties == read.properties);
    }
}

/// Whether every value that is there is one that its field can have.
fn is_well_formed(read: &Recognised) -> bool {
    let properties = read.properties.iter();
    let properties = properties
        .map(|(name, value)| ((*name).to_owned(), value.clone()))
        .collect();
    let secrets = read.secrets.iter();
    let secrets: Vec<_> = secrets
        .map(|(name, value)| (*name, SecretState::Replaced { bytes: value.len() }))
        .collect();
    let checked = validate(read.kind.id, read.auth.id, &properties, &secrets);
    let errors = checked.err().unwrap_or_default();
    errors
        .iter()
        .all(|error| matches!(error.rule, Rule::Required | Rule::Together(_)))
}

fn check_round_trip(read: &Recognised, form: Form) {
    let values = values(read);
    let text = write(form, read.kind, read.auth, &|name| {
        values.get(name).copied()
    });
    let Some(text) = text.filter(|text| !text.is_empty()) else {
        return;
    };
    let Ok(again) = recognise(&text, Some(read.kind)) else {
        // Nothing but what has no place in this form was there.
        assert!(values.is_empty(), "{form:?}");
        return;
    };
    assert!(again.auth.id == read.auth.id, "{form:?}");
    assert!(self::values(&again) == values, "{form:?}");
}

/// Names and values, without those that are the default anyway.
fn values(read: &Recognised) -> BTreeMap<&'static str, &str> {
    let properties = read.properties.iter().filter(|(name, value)| {
        read.auth
            .field(name)
            .is_some_and(|field| field.default != Some(value.as_str()))
    });
    let properties = properties.map(|(name, value)| (*name, value.as_str()));
    properties
        .chain(
            read.secrets
                .iter()
                .map(|(name, value)| (*name, value.as_str())),
        )
        .collect()
}
