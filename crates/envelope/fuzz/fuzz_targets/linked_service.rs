//! A form of any kind with anything in its fields: checking it ends, and what passes has a destination and its JSON.
#![no_main]

use std::collections::BTreeMap;

use libfuzzer_sys::fuzz_target;
use linked_service::{SecretState, catalogue, validate};

fuzz_target!(|input: (u8, Vec<String>)| {
    let (choice, values) = input;
    let ways: Vec<_> = catalogue()
        .iter()
        .flat_map(|kind| kind.auth_types.iter().map(move |auth| (kind, auth)))
        .collect();
    let (kind, auth) = ways[usize::from(choice) % ways.len()];
    let (mut properties, mut secrets) = (BTreeMap::new(), Vec::new());
    let mut values = values.into_iter();
    for field in auth.fields {
        let value = values.next().unwrap_or_default();
        if field.is_secret() {
            secrets.push((field.name, SecretState::Replaced { bytes: value.len() }));
        } else if !value.is_empty() {
            properties.insert(field.name.to_owned(), value);
        }
    }
    if let Ok(form) = validate(kind.id, auth.id, &properties, &secrets) {
        assert!(!form.destination().is_empty());
        assert!(!form.target().contains(char::is_control));
        let json = form.linked_service_json("Name", "gateway", "reference");
        let value: serde_json::Value = serde_json::from_str(&json).expect("is JSON");
        assert!(value["name"] == "Name");
    }
});
