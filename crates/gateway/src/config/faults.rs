//! Every mistake in a configuration at once, each with its line, key and rule. No value is repeated: it might be a secret in the
//! wrong place.
//!
//! The deserializer stops at the first mistake. So the text is read again without it, until nothing is left to say.

mod words;

use std::fmt;
use std::ops::Range;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use toml::Spanned;
use toml::de::{DeTable, DeValue, Deserializer};

use super::Config;

/// More readings than this are not for a person who wants to know what to mend.
const MOST: usize = 100;
/// What takes the place of a required key that is missing or wrong, so that the rest can be looked at.
const STAND_IN: &str = "id = \"stand-in\"\nname = \"stand-in\"\nnames = [\"localhost\"]\n";
/// The rule for a key that is not there.
const MISSING: &str = "is missing";
/// How alike two names must be for the one to be meant by the other.
const ALIKE: f64 = 0.8;

/// One mistake.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// The line, from 1; none for what is missing altogether, or wrong outside the file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// The key with its section, such as `limits.connections`; empty where the text is no TOML.
    pub key: String,
    /// What is wrong, or what it must be.
    pub rule: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}: ")?;
        }
        match self.key.as_str() {
            "" => f.write_str(&self.rule),
            // A key may be quoted, and then be anything.
            key => write!(
                f,
                "`{}` {}",
                key.replace(char::is_control, "\u{fffd}"),
                self.rule
            ),
        }
    }
}

/// Reads a configuration, or says all that is wrong with it.
pub(super) fn read(text: &str) -> Result<Config, Vec<Fault>> {
    let document = parsed(text).map_err(|fault| vec![fault])?;
    let whole = document.clone();
    let mut left = document;
    let mut faults: Vec<Fault> = Vec::new();
    for _ in 0..MOST {
        let error = match Config::deserialize(Deserializer::from(left.clone())) {
            Err(error) => error,
            Ok(config) => {
                faults.extend(config.faults().into_iter().map(|(key, rule)| Fault {
                    line: line_of(text, whole.get_ref(), key),
                    key: key.to_owned(),
                    rule: rule.to_owned(),
                }));
                return match faults.is_empty() {
                    true => Ok(config),
                    false => Err(faults),
                };
            }
        };
        let (path, fault) = fault(text, whole.get_ref(), &error);
        // What is missing only because it was set aside for something in it.
        let is_outside = |told: &Fault| {
            fault.rule == MISSING && told.key.starts_with(&format!("{}.", fault.key))
        };
        let is_told = faults
            .iter()
            .any(|told| told.key == fault.key || is_outside(told));
        if !is_told {
            faults.push(fault);
        }
        if !set_aside(left.get_mut(), &path) {
            break;
        }
    }
    Err(faults)
}

/// Reads another text that an administrator may have written, or says the first thing that is wrong with it.
pub(crate) fn read_one<T: DeserializeOwned>(text: &str) -> Result<T, Fault> {
    let document = parsed(text)?;
    T::deserialize(Deserializer::from(document.clone()))
        .map_err(|error| fault(text, document.get_ref(), &error).1)
}

fn parsed(text: &str) -> Result<Spanned<DeTable<'_>>, Fault> {
    DeTable::parse(text).map_err(|error| Fault {
        line: error.span().map(|span| line_at(text, span.start)),
        key: String::new(),
        rule: format!("is no TOML: {}", error.message()),
    })
}

/// What an error is about, and what is wrong there.
fn fault(text: &str, document: &DeTable<'_>, error: &toml::de::Error) -> (Vec<String>, Fault) {
    let path = place(document, error);
    let key = path.join(".");
    let fault = Fault {
        line: line_of(text, document, &key),
        rule: rule(error.message(), &path),
        key,
    };
    (path, fault)
}

/// The names that stand in a section, or outside of sections; empty where anything may.
pub(super) fn known_keys(section: Option<&str>) -> Vec<String> {
    // A name that nobody gave to a key: the deserializer answers with those that there are.
    let probe = match section {
        None => format!("{STAND_IN}\"?\" = 0"),
        Some(section) => format!("{STAND_IN}[{section}]\n\"?\" = 0"),
    };
    let refused = toml::from_str::<Config>(&probe).err();
    let message = refused.map(|error| error.message().to_owned());
    message.map_or_else(Vec::new, |message| expected(&message))
}

/// The path of the key that an error is about.
fn place(document: &DeTable<'_>, error: &toml::de::Error) -> Vec<String> {
    // What is missing outside of sections has an empty place.
    let span = error.span().filter(|span| !span.is_empty());
    let mut path = span.map_or_else(Vec::new, |span| innermost(document, &span));
    let message = error.message();
    if let Some(name) = of_wrong_type(document, &path, message) {
        path.push(name);
    }
    // These name a key that is not there, or is there and has no place of its own in the error.
    let is_about_key = ["unknown field", "missing field"]
        .iter()
        .any(|what| message.starts_with(what));
    if let Some(name) = quoted(message).next().filter(|_| is_about_key)
        && path.last().is_none_or(|last| last != name)
    {
        path.push(name.to_owned());
    }
    path
}

/// In a section of which the error says no more: the one key whose value is of the type that was refused.
fn of_wrong_type(document: &DeTable<'_>, path: &[String], message: &str) -> Option<String> {
    let refused = message.strip_prefix("invalid type: ")?;
    let mut section = document;
    for name in path {
        let (_, value) = section.iter().find(|(key, _)| key.get_ref() == name)?;
        let DeValue::Table(inner) = value.get_ref() else {
            return None;
        };
        section = inner;
    }
    let is_it = |value: &DeValue<'_>| match value {
        DeValue::String(_) => refused.starts_with("string"),
        DeValue::Integer(_) => refused.starts_with("integer"),
        DeValue::Boolean(_) => refused.starts_with("boolean"),
        DeValue::Array(_) => refused.starts_with("sequence"),
        _ => false,
    };
    let mut suspects = section.iter().filter(|(_, value)| is_it(value.get_ref()));
    match (path, suspects.next(), suspects.next()) {
        ([_, ..], Some((key, _)), None) => Some(key.get_ref().to_string()),
        _ => None,
    }
}

fn innermost(table: &DeTable<'_>, span: &Range<usize>) -> Vec<String> {
    let covers = |outer: Range<usize>| outer.start <= span.start && span.end <= outer.end;
    for (key, value) in table {
        let inner = match value.get_ref() {
            DeValue::Table(inner) => innermost(inner, span),
            DeValue::Array(items) => {
                let tables = items.iter().filter_map(|item| match item.get_ref() {
                    DeValue::Table(inner) => Some(innermost(inner, span)),
                    _ => None,
                });
                let mut found = tables.filter(|inner| !inner.is_empty());
                found.next().unwrap_or_default()
            }
            _ => Vec::new(),
        };
        if !inner.is_empty() || covers(key.span()) || covers(value.span()) {
            return std::iter::once(key.get_ref().to_string())
                .chain(inner)
                .collect();
        }
    }
    Vec::new()
}

/// Takes what an error is about out of the document. False when nothing can be taken out.
fn set_aside<'t>(document: &mut DeTable<'t>, path: &[String]) -> bool {
    let Some((name, parents)) = path.split_last() else {
        return false;
    };
    if let Some(table) = inner(document, parents)
        && remove(table, name)
    {
        return true;
    }
    match parents.split_last() {
        // A section without something that it needs.
        Some((section, outer)) => {
            inner(document, outer).is_some_and(|table| remove(table, section))
        }
        None => stand_in(document, name),
    }
}

fn inner<'d, 't>(document: &'d mut DeTable<'t>, path: &[String]) -> Option<&'d mut DeTable<'t>> {
    let mut table = document;
    for name in path {
        let (_, value) = table.iter_mut().find(|(key, _)| key.get_ref() == name)?;
        let DeValue::Table(inner) = value.get_mut() else {
            return None;
        };
        table = inner;
    }
    Some(table)
}

fn remove(table: &mut DeTable<'_>, name: &str) -> bool {
    table.remove(name).is_some()
}

fn stand_in(document: &mut DeTable<'_>, name: &str) -> bool {
    let Ok(all) = DeTable::parse(STAND_IN) else {
        return false;
    };
    let found = all
        .into_inner()
        .into_iter()
        .find(|(key, _)| key.get_ref() == name);
    match found {
        Some((key, value)) => document.insert(key, value).is_none(),
        None => false,
    }
}

/// What is wrong, in words without values.
fn rule(message: &str, path: &[String]) -> String {
    let mean = |names: &[String], typed: &str| match closest(names, typed) {
        Some(name) => format!("; did you mean `{name}`?"),
        None => String::new(),
    };
    if message.starts_with("missing field") {
        return MISSING.to_owned();
    }
    let expected = expected(message);
    if message.starts_with("unknown field") {
        let typed = path.last().map_or("", String::as_str);
        if path.len() > 1 && known_keys(None).iter().any(|name| name == typed) {
            return "is unknown in this section: it stands before the first [section]".to_owned();
        }
        return format!("is unknown{}", mean(&expected, typed));
    }
    if message.starts_with("unknown variant") {
        let typed = quoted(message).next().unwrap_or_default();
        let names: Vec<_> = expected.iter().map(|name| format!("\"{name}\"")).collect();
        return format!(
            "must be one of {}{}",
            names.join(", "),
            mean(&expected, typed)
        );
    }
    let has_value = ["invalid type", "invalid value", "invalid length"];
    // The last of them: a value before it may have these words, too.
    match message.rsplit_once(", expected ") {
        Some((_, expected)) if has_value.iter().any(|what| message.starts_with(what)) => {
            format!("must be {}", words::plain(expected, &path.join(".")))
        }
        _ => words::refusal(message),
    }
}

fn closest<'a>(names: &'a [String], typed: &str) -> Option<&'a String> {
    let likeness = |name: &String| strsim::jaro_winkler(name, typed);
    let best = names
        .iter()
        .max_by(|one, other| likeness(one).total_cmp(&likeness(other)));
    best.filter(|name| likeness(name) > ALIKE)
}

/// The names that an error offers: "unknown field `x`, expected one of `a`, `b`".
fn expected(message: &str) -> Vec<String> {
    let offered = message
        .split_once(", expected ")
        .map_or("", |(_, offered)| offered);
    quoted(offered).map(str::to_owned).collect()
}

fn quoted(message: &str) -> impl Iterator<Item = &str> {
    message.split('`').skip(1).step_by(2)
}

/// The line of a key, or of its section if it is not there.
fn line_of(text: &str, document: &DeTable<'_>, key: &str) -> Option<usize> {
    let mut table = document;
    let mut line = None;
    for name in key.split('.') {
        let Some((key, value)) = table.iter().find(|(key, _)| key.get_ref() == name) else {
            break;
        };
        line = Some(line_at(text, key.span().start));
        match value.get_ref() {
            DeValue::Table(inner) => table = inner,
            _ => break,
        }
    }
    line
}

fn line_at(text: &str, offset: usize) -> usize {
    let before = &text.as_bytes()[..offset.min(text.len())];
    1 + before.iter().filter(|byte| **byte == b'\n').count()
}
