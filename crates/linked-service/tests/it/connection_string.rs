//! Every secret that can be typed comes back from the connection string as typed.

use linked_service::connection_string::{parse, push_pair};
use proptest::prelude::*;

use crate::form::{Form, sample};

/// Text made mostly of what quoting is about.
fn awkward() -> impl Strategy<Value = String> {
    let special = prop::sample::select(vec![
        '"', '\'', ';', '=', '{', '}', ' ', '\t', '\n', '\r', '\0', '\\', '%', '\u{a0}', '\u{85}',
        '\u{feff}', '\u{2028}', 'a', 'é', '𝄞',
    ]);
    prop::collection::vec(prop_oneof![4 => special, 1 => any::<char>()], 0..40)
        .prop_map(String::from_iter)
}

fn keyword() -> impl Strategy<Value = String> {
    "[A-Za-z][A-Za-z =]{0,12}[A-Za-z=]"
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn any_pairs_come_back(pairs in prop::collection::vec((keyword(), awkward()), 0..6)) {
        let mut text = String::new();
        for (keyword, value) in &pairs {
            push_pair(&mut text, keyword, value);
        }
        let read = parse(&text).map(|read| {
            read.into_iter().map(|pair| (pair.keyword, pair.value.to_string())).collect::<Vec<_>>()
        });
        prop_assert_eq!(read, Ok(pairs));
    }

    #[test]
    fn parsing_anything_ends_without_a_panic(text in awkward()) {
        let _ = parse(&text);
    }
}

proptest! {
    // Each case goes through every authentication type.
    #![proptest_config(ProptestConfig { cases: 250, ..ProptestConfig::default() })]

    #[test]
    fn every_kind_gives_every_secret_back(first in awkward(), second in awkward()) {
        for form in Form::all() {
            let validated = form.check();
            let validated = validated.as_ref().unwrap_or_else(|errors| panic!("{errors:?}"));
            let text = validated.connection_string(|name| Some(if name.starts_with("pass") { &first } else { &second }));
            let read = parse(&text).unwrap_or_else(|error| panic!("{error:?}"));
            for field in form.auth.fields.iter().filter(|field| field.is_secret()) {
                let pair = read.iter().find(|pair| pair.keyword.eq_ignore_ascii_case(field.name));
                let typed = if field.name.starts_with("pass") { &first } else { &second };
                prop_assert!(pair.is_some_and(|pair| *pair.value == *typed), "{}: not as typed", field.name);
            }
        }
    }

    #[test]
    fn no_secret_changes_another_keyword(secret in awkward()) {
        for form in Form::all() {
            let validated = form.check();
            let validated = validated.as_ref().unwrap_or_else(|errors| panic!("{errors:?}"));
            let keywords = |text: &str| {
                let read = parse(text).unwrap_or_else(|error| panic!("{error:?}"));
                read.into_iter().map(|pair| pair.keyword).collect::<Vec<_>>()
            };
            let plain = validated.connection_string(|_| Some("plain"));
            prop_assert_eq!(keywords(&validated.connection_string(|_| Some(&secret))), keywords(&plain));
        }
    }

    /// Nothing that is typed into a property can add a keyword to the string or a member to the JSON.
    #[test]
    fn no_property_changes_another_keyword(value in awkward()) {
        for form in Form::all() {
            for field in form.auth.fields.iter().filter(|field| !field.is_secret()) {
                let changed = form.clone().with(field.name, &value);
                let Ok(validated) = changed.check() else { continue };
                let plain = form.clone().with(field.name, if value.is_empty() { "" } else { sample(field) });
                let plain = plain.check();
                let plain = plain.as_ref().unwrap_or_else(|errors| panic!("{errors:?}"));
                let keywords = |text: &str| {
                    let read = parse(text).unwrap_or_else(|error| panic!("{error:?}"));
                    read.into_iter().map(|pair| pair.keyword).collect::<Vec<_>>()
                };
                prop_assert_eq!(
                    keywords(&validated.connection_string(|_| None)),
                    keywords(&plain.connection_string(|_| None))
                );
                let members = |json: &str| {
                    let json: serde_json::Value = serde_json::from_str(json).unwrap_or_else(|error| panic!("{error:?}"));
                    let members = json["properties"]["typeProperties"].as_object().map(|members| members.keys().cloned().collect::<Vec<_>>());
                    (json["name"].as_str().map(str::to_owned), members)
                };
                prop_assert_eq!(
                    members(&validated.linked_service_json(&value, "gw", "cgref:gw/df/ls/1")),
                    (Some(value.clone()), members(&plain.linked_service_json("x", "gw", "cgref:gw/df/ls/1")).1)
                );
            }
        }
    }
}

/// Room is made beforehand, so that a growing string leaves no half of a secret behind.
#[test]
fn the_string_is_never_moved_while_it_is_written() {
    for form in Form::all() {
        let validated = form.check();
        let validated = validated
            .as_ref()
            .unwrap_or_else(|errors| panic!("{errors:?}"));
        let secret = "\"'".repeat(2000);
        let text = validated.connection_string(|_| Some(&secret));
        let pairs = parse(&text).unwrap_or_else(|error| panic!("{error:?}"));
        let room: usize = pairs
            .iter()
            .map(|pair| 2 * (pair.keyword.len() + pair.value.len()) + 4)
            .sum();
        assert!(text.len() <= room, "{}", form.kind.id);
        assert_eq!(text.capacity(), room, "{}", form.kind.id);
    }
}
