//! Which pair goes into which field: one rule for every form and every kind.

use zeroize::Zeroizing;

use super::address::{self, Address};
use super::meaning::{Answer, Meaning, concerns_tls};
use super::parts::Parts;
use super::{Pair, Recognised, Warning};
use crate::grammar::is_word;
use crate::{AuthType, Field, Input, KeywordValue, Kind};

/// What is listed in the place of a keyword that is no word, and may be a piece of a secret.
const NO_WORD: &str = "(not a keyword)";

/// The authentication type of this kind that most of the pairs fit, and how well they do.
pub(super) fn best(kind: &'static Kind, pairs: &[Pair]) -> Option<(&'static AuthType, usize)> {
    let mut best: Option<(&AuthType, usize)> = None;
    for auth in kind.auth_types {
        let fit = pairs.iter().map(|pair| fit(auth, pair)).sum();
        if best.is_none_or(|(_, most)| fit > most) {
            best = Some((auth, fit));
        }
    }
    best
}

/// How well a pair fits: in tenths of a field, with what chooses the authentication type above all.
fn fit(auth: &AuthType, pair: &Pair) -> usize {
    let meaning = Meaning::of(&pair.keyword);
    match meaning {
        Some(Meaning::Integrated) => 1000 * usize::from(integrated(pair) == is_windows(auth)),
        Some(Meaning::Authentication) => 1000 * usize::from(is_called(auth, &pair.value)),
        _ if auth.field_spelled(&pair.keyword).is_some() => 11,
        Some(meaning) if address::belongs(auth, meaning) => 10,
        _ => 10 * usize::from(field_of(auth, &pair.keyword).is_some()),
    }
}

fn integrated(pair: &Pair) -> bool {
    matches!(Answer::of(&pair.value), Some(Answer::Yes))
}

fn is_windows(auth: &AuthType) -> bool {
    auth.id == "Windows"
}

fn is_called(auth: &AuthType, name: &str) -> bool {
    auth.id.eq_ignore_ascii_case(name)
        || auth
            .authentication_type
            .is_some_and(|own| own.eq_ignore_ascii_case(name))
}

/// The field that a keyword means: in its own spelling, or else in anybody's.
pub(super) fn field_of(auth: &AuthType, keyword: &str) -> Option<&'static Field> {
    auth.field_spelled(keyword).or_else(|| {
        let meaning = Meaning::of(keyword)?;
        auth.fields
            .iter()
            .find(|field| Meaning::of(field.name) == Some(meaning))
    })
}

/// Puts the pairs into the fields. What has no field is listed.
pub(super) fn fill(mut parts: Parts, kind: &'static Kind, auth: &'static AuthType) -> Recognised {
    let mut properties = Vec::new();
    let mut secrets = Vec::new();
    let mut pairs = std::mem::take(&mut parts.pairs);
    let address = Address::take(auth, &mut pairs);
    for field in auth.fields {
        if field.input == Input::Host {
            let (text, warning) = address.host(field);
            warning.into_iter().for_each(|warning| parts.warn(warning));
            push_property(&mut properties, field, text);
            continue;
        }
        if field.input == Input::Port && !address.port().is_empty() {
            push_property(&mut properties, field, address.port().to_owned());
            continue;
        }
        // Of several, the last is meant; one in the field's own spelling before any other.
        let last = |spelled: fn(&AuthType, &str) -> Option<&'static Field>| {
            pairs.iter().rposition(|pair| {
                spelled(auth, &pair.keyword).is_some_and(|of| of.name == field.name)
            })
        };
        let Some(at) = last(AuthType::field_spelled).or_else(|| last(field_of)) else {
            continue;
        };
        if field.is_secret() {
            let value = pairs.remove(at).value;
            match missing(&value) {
                Some(warning) => parts.warn(warning),
                None => secrets.push((field.name, value)),
            }
        } else if let Some(text) = converted(field, &pairs[at].value, &mut parts) {
            pairs.remove(at);
            push_property(&mut properties, field, text);
        }
    }
    let mut ignored = parts.ignored;
    let mut warnings = parts.warnings;
    let mut warn = |warning| {
        if !warnings.contains(&warning) {
            warnings.push(warning);
        }
    };
    for pair in pairs {
        let meaning = Meaning::of(&pair.keyword);
        match meaning {
            Some(Meaning::Integrated) if integrated(&pair) == is_windows(auth) => continue,
            Some(Meaning::Integrated) if integrated(&pair) => {
                warn(Warning::WindowsAuthentication);
            }
            Some(Meaning::Authentication) if is_called(auth, &pair.value) => continue,
            Some(Meaning::Sealed) => warn(Warning::EncryptedCredential),
            Some(Meaning::Integrated) => {}
            _ if is_so_anyway(auth, &pair) => continue,
            // The certificate is checked, as it is where there is no field for it.
            Some(Meaning::Trust) if Answer::of(&pair.value) == Some(Answer::No) => {}
            _ if concerns_tls(&pair.keyword) => warn(Warning::Tls),
            _ => {}
        }
        let keyword = match is_word(&pair.keyword) {
            true => pair.keyword,
            false => NO_WORD.to_owned(),
        };
        if !ignored.contains(&keyword) {
            ignored.push(keyword);
        }
    }
    Recognised {
        form: parts.form,
        kind,
        auth,
        properties,
        secrets,
        ignored,
        warnings,
    }
}

/// Whether the store's connection string always says this.
fn is_so_anyway(auth: &AuthType, pair: &Pair) -> bool {
    auth.keywords.iter().any(|keyword| match keyword.value {
        KeywordValue::Fixed(value) => {
            keyword.name.eq_ignore_ascii_case(&pair.keyword)
                && Answer::of(value) == Answer::of(&pair.value)
        }
        _ => false,
    })
}

fn push_property(properties: &mut Vec<(&'static str, String)>, field: &Field, text: String) {
    if !text.is_empty() {
        properties.push((field.name, text));
    }
}

/// The value as the field has it, or nothing if it cannot be said there.
fn converted(field: &Field, value: &str, parts: &mut Parts) -> Option<String> {
    match field.input {
        Input::Switch => {
            let answer = Answer::of(value)?;
            if answer == Answer::StrictYes {
                parts.warn(Warning::StricterTls);
            }
            let text = if answer == Answer::No {
                "false"
            } else {
                "true"
            };
            Some(text.to_owned())
        }
        Input::Choice(choices) => {
            let found = choices
                .iter()
                .find(|choice| choice.value.eq_ignore_ascii_case(value));
            found.map(|choice| choice.value.to_owned())
        }
        _ => Some(value.to_owned()),
    }
}

/// Why this is no secret.
fn missing(value: &Zeroizing<String>) -> Option<Warning> {
    let enclosed = [('<', '>'), ('{', '}'), ('[', ']')]
        .iter()
        .any(|(open, close)| value.starts_with(*open) && value.ends_with(*close));
    if value.is_empty() {
        Some(Warning::EmptySecret)
    } else if value.chars().count() > 2 && value.chars().all(|c| matches!(c, '*' | '•' | '●')) {
        Some(Warning::Mask)
    } else if enclosed && (has(value, "password") || has(value, "your"))
        || has(value, "your") && has(value, "password")
    {
        Some(Warning::Placeholder)
    } else {
        None
    }
}

/// Whether the word is in it, in any letter case. Makes no copy.
fn has(value: &str, word: &str) -> bool {
    let mut windows = value.as_bytes().windows(word.len());
    windows.any(|window| window.eq_ignore_ascii_case(word.as_bytes()))
}
