//! Everything is said as Fluent's own runtime says it: every message and attribute, in every language, with numbers that take
//! every plural form.

#![allow(clippy::unwrap_used, reason = "in a test's own functions")]

use std::collections::BTreeSet;

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};
use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use language::{Argument, LOCALES, Locale, Words, compile, plural_category};

/// Of every plural category in these languages there is one.
const NUMBERS: [u64; 9] = [0, 1, 2, 3, 10, 11, 99, 100, 102];

#[test]
fn every_message_in_every_language() {
    let mut said = 0;
    for locale in &LOCALES {
        let bundle = bundle(locale);
        let served: &'static str = compile(locale).unwrap().leak();
        let words = Words::new(served, rule_of(locale.tag));
        for (place, (id, attribute, variables)) in messages(&LOCALES[0]).into_iter().enumerate() {
            let message = bundle.get_message(&id).unwrap();
            let pattern = match &attribute {
                None => message.value().unwrap(),
                Some(name) => message.get_attribute(name).unwrap().value(),
            };
            for number in NUMBERS {
                let name = |variable: &str| format!("<{variable}>");
                let texts: Vec<String> = variables.iter().map(|variable| name(variable)).collect();
                let mut expected = FluentArgs::new();
                let mut arguments = Vec::new();
                for (variable, text) in variables.iter().zip(&texts) {
                    if is_number(variable) {
                        expected.set(variable.clone(), FluentValue::from(number));
                        arguments.push(Argument::Number(number));
                    } else {
                        expected.set(variable.clone(), FluentValue::from(text.as_str()));
                        arguments.push(Argument::Text(text));
                    }
                }
                let mut errors = Vec::new();
                let expected = bundle.format_pattern(pattern, Some(&expected), &mut errors);
                assert!(errors.is_empty(), "{} {id}: {errors:?}", locale.tag);
                let own = words.say(place, &arguments);
                assert_eq!(
                    own,
                    expected.replace('\n', " "),
                    "{} {id} {number}",
                    locale.tag
                );
                said += 1;
            }
        }
    }
    assert!(said > 10_000, "only {said}");
}

/// Numbers have these names, texts any other.
fn is_number(variable: &str) -> bool {
    [
        "count", "limit", "minutes", "position", "seconds", "status", "version",
    ]
    .contains(&variable)
}

fn rule_of(tag: &str) -> fn(u64) -> String {
    match tag {
        "en" => |number| plural_category("en", number),
        "de" => |number| plural_category("de", number),
        "ja" => |number| plural_category("ja", number),
        "ar" => |number| plural_category("ar", number),
        "zh" => |number| plural_category("zh", number),
        other => panic!("no plural rule for {other}"),
    }
}

fn bundle(locale: &Locale) -> FluentBundle<FluentResource> {
    let mut bundle = FluentBundle::new(vec![locale.tag.parse().unwrap()]);
    bundle.set_use_isolating(locale.dir == "rtl");
    for file in locale.files {
        let resource = FluentResource::try_new(file.to_owned()).unwrap();
        bundle.add_resource(resource).unwrap();
    }
    bundle
}

/// Id, attribute and variables in order.
fn messages(locale: &Locale) -> Vec<(String, Option<String>, BTreeSet<String>)> {
    let mut messages = Vec::new();
    for file in locale.files {
        for entry in fluent_syntax::parser::parse(file).unwrap().body {
            let Entry::Message(message) = entry else {
                continue;
            };
            let id = message.id.name.to_owned();
            if let Some(value) = &message.value {
                messages.push((id.clone(), None, variables(value)));
            }
            for attribute in &message.attributes {
                let name = attribute.id.name.to_owned();
                messages.push((id.clone(), Some(name), variables(&attribute.value)));
            }
        }
    }
    messages
}

fn variables(pattern: &Pattern<&str>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for element in &pattern.elements {
        let PatternElement::Placeable { expression } = element else {
            continue;
        };
        let (inline, variants) = match expression {
            Expression::Inline(inline) => (inline, &[][..]),
            Expression::Select { selector, variants } => (selector, &variants[..]),
        };
        if let InlineExpression::VariableReference { id } = inline {
            found.insert(id.name.to_owned());
        }
        found.extend(
            variants
                .iter()
                .flat_map(|variant| variables(&variant.value)),
        );
    }
    found
}
