//! Fluent files made into what is served: read by Fluent's own parser, checked against the English ones, and written as [`Words`] reads them.

mod pattern;

use std::collections::BTreeMap;

use fluent_syntax::ast::{Entry, Resource};
use fluent_syntax::parser;
use intl_pluralrules::{PluralCategory, PluralRuleType, PluralRules};
use thiserror::Error;
use unic_langid::LanguageIdentifier;

use crate::{LOCALES, Locale, Words};
use pattern::{Line, Terms};

/// A language's files are not what they should be.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum CompileError {
    /// Not Fluent.
    #[error("{tag}: {error}")]
    Syntax {
        /// The language.
        tag: &'static str,
        /// What the parser says.
        error: String,
    },
    /// A message that says what is not understood here, or what a line cannot hold.
    #[error("{tag}: {id}: {reason}")]
    Message {
        /// The language.
        tag: &'static str,
        /// The message.
        id: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A message is missing, in excess or given twice.
    #[error("{tag}: {id} is {reason}")]
    Ids {
        /// The language.
        tag: &'static str,
        /// The message.
        id: String,
        /// Missing, unknown, given twice, or without the English one's variables.
        reason: &'static str,
    },
}

/// A language as it is served.
///
/// # Errors
/// When its files are not Fluent, or not the same messages with the same variables as the English ones.
pub fn compile(locale: &Locale) -> Result<String, CompileError> {
    let english = lines(&LOCALES[0])?;
    let mut own: BTreeMap<String, Line> = BTreeMap::new();
    let fault = |id: String, reason| CompileError::Ids {
        tag: locale.tag,
        id,
        reason,
    };
    for (id, line) in lines(locale)? {
        if own.insert(id.clone(), line).is_some() {
            return Err(fault(id, "given twice"));
        }
    }
    let mut served = Vec::new();
    for (id, meant) in english {
        let Some(line) = own.remove(&id) else {
            return Err(fault(id, "missing"));
        };
        if line.variables != meant.variables {
            return Err(fault(id, "without the variables of the English one"));
        }
        served.push(line.text);
    }
    match own.into_keys().next() {
        Some(id) => Err(fault(id, "unknown")),
        None => Ok(served.join("\n")),
    }
}

/// English, for a program that was not given a language.
pub(crate) fn english() -> Words {
    // The files are part of this crate: its tests compile them.
    let served = compile(&LOCALES[0]).unwrap_or_default();
    Words::new(Box::leak(served.into_boxed_str()), |number| {
        plural_category("en", number)
    })
}

/// The plural category of a number in a language, by CLDR.
pub fn plural_category(tag: &str, number: u64) -> String {
    let rules = tag
        .parse::<LanguageIdentifier>()
        .ok()
        .and_then(|tag| PluralRules::create(tag, PluralRuleType::CARDINAL).ok());
    let category = rules.and_then(|rules| rules.select(number).ok());
    match category {
        Some(PluralCategory::ZERO) => "zero",
        Some(PluralCategory::ONE) => "one",
        Some(PluralCategory::TWO) => "two",
        Some(PluralCategory::FEW) => "few",
        Some(PluralCategory::MANY) => "many",
        _ => "other",
    }
    .to_owned()
}

/// All messages and attributes of a language, in the files' order.
fn lines(locale: &Locale) -> Result<Vec<(String, Line)>, CompileError> {
    let mut resources = Vec::new();
    for file in locale.files {
        let resource = parser::parse(file).map_err(|(_, errors)| CompileError::Syntax {
            tag: locale.tag,
            error: errors.first().map(ToString::to_string).unwrap_or_default(),
        })?;
        resources.push(resource);
    }
    let terms = terms(&resources);
    let mut lines = Vec::new();
    for entry in resources.iter().flat_map(|resource| &resource.body) {
        let Entry::Message(message) = entry else {
            continue;
        };
        let mut push = |id: String, pattern| {
            let line =
                Line::of(pattern, &terms, locale.dir).map_err(|reason| CompileError::Message {
                    tag: locale.tag,
                    id: id.clone(),
                    reason,
                })?;
            lines.push((id, line));
            Ok(())
        };
        let id = message.id.name;
        if let Some(value) = &message.value {
            push(id.to_owned(), value)?;
        }
        for attribute in &message.attributes {
            push([id, ".", attribute.id.name].concat(), &attribute.value)?;
        }
    }
    Ok(lines)
}

fn terms<'r>(resources: &'r [Resource<&'static str>]) -> Terms<'r> {
    let entries = resources.iter().flat_map(|resource| &resource.body);
    entries
        .filter_map(|entry| match entry {
            Entry::Term(term) => Some((term.id.name, &term.value)),
            _ => None,
        })
        .collect()
}
