//! The catalogue as a JSON Schema (2020-12): what somebody else's form or script has to fill in, for each kind and
//! authentication type.
//!
//! An example and not a part of the crate, so that none of it is in the page.

use linked_service::{AuthType, Condition, Constraint, Field, Input, Kind, catalogue};
use serde_json::{Map, Value, json};

use super::pattern;

/// The schema as the text of a file: always the same for the same catalogue.
///
/// # Errors
/// None that a schema could cause; serialising says that it can fail.
pub(super) fn text() -> serde_json::Result<String> {
    let mut text = serde_json::to_string_pretty(&schema())?;
    text.push('\n');
    Ok(text)
}

/// The schema.
pub(super) fn schema() -> Value {
    let mut definitions = pattern::definitions();
    let mut ways = Vec::new();
    for kind in catalogue() {
        for auth in kind.auth_types {
            let name = [kind.id, auth.id].join(".");
            ways.push(reference(&name));
            definitions.insert(name, credential(kind, auth));
        }
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Credential of a linked service",
        "description": "What a form for a data store's credential holds. A document of this kind has no \"secrets\": they are \
            described for whoever draws a form, and leave it sealed only. A property without a value is left out. The \
            gateway checks more than a schema can say.",
        "oneOf": ways,
        "$defs": definitions,
    })
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/$defs/{name}") })
}

fn credential(kind: &Kind, auth: &AuthType) -> Value {
    let object = |secret: bool| {
        let fields = || {
            auth.fields
                .iter()
                .filter(|field| field.is_secret() == secret)
        };
        let unwritten = kind.unwritten().iter().filter(|_| !secret);
        let described: Map<_, _> = fields()
            .chain(unwritten)
            .map(|field| (field.name.to_owned(), described(field)))
            .collect();
        let required: Vec<_> = fields()
            .filter(|field| field.required && field.default.is_none())
            .map(|field| field.name)
            .collect();
        json!({ "type": "object", "additionalProperties": false, "properties": described, "required": required })
    };
    let mut schema = json!({
        "title": format!("{}, {}", kind.name, auth.name.text()),
        "type": "object",
        "additionalProperties": false,
        "required": ["kind", "auth", "properties"],
        "properties": {
            "kind": { "const": kind.id },
            "auth": { "const": auth.id },
            "properties": object(false),
            "secrets": object(true),
        },
    });
    let rules: Vec<_> = auth
        .constraints
        .iter()
        .map(|constraint| rule(auth, constraint))
        .collect();
    if !rules.is_empty() {
        schema["allOf"] = rules.into();
    }
    schema
}

fn described(field: &Field) -> Value {
    let mut schema = match field.input {
        Input::Secret | Input::KeyFile(_) => {
            json!({ "type": "string", "minLength": 1, "writeOnly": true })
        }
        Input::Choice(choices) => {
            let values: Vec<_> = choices.iter().map(|choice| choice.value).collect();
            json!({ "type": "string", "enum": values })
        }
        Input::Switch => json!({ "type": "string", "enum": ["true", "false"] }),
        Input::Text | Input::Host | Input::Port | Input::Url => reference(pattern::name(field)),
    };
    schema["title"] = field.label.text().into();
    schema["maxLength"] = field.max_chars.into();
    if !field.hint.is_empty() {
        schema["description"] = field.hint.text().into();
    }
    if let Some(default) = field.default {
        schema["default"] = default.into();
    }
    schema
}

/// What holds between fields, as far as it can be said of a document that need not have its secrets.
fn rule(auth: &AuthType, constraint: &Constraint) -> Value {
    let given = |name: &str| given(auth, name);
    match constraint {
        Constraint::ExactlyOne(names) => {
            let one = json!({ "oneOf": names.iter().map(|name| given(name)).collect::<Vec<_>>() });
            let secret = |name: &&str| auth.field(name).is_some_and(Field::is_secret);
            if names.iter().any(secret) {
                json!({ "if": { "required": ["secrets"] }, "then": one })
            } else {
                one
            }
        }
        Constraint::Together(names) => {
            let needed = |name: &&str| ((*name).to_owned(), json!(names));
            let needed: Map<_, _> = names.iter().map(needed).collect();
            json!({ "properties": { "secrets": { "dependentRequired": needed } } })
        }
        Constraint::RequiredWhen(name, Condition::Given(other)) => {
            json!({ "if": given(other), "then": given(name) })
        }
        Constraint::RequiredWhen(name, Condition::Is(other, value)) => {
            let mut is = json!({ "properties": { *other: { "const": value } } });
            // What is left out has its default.
            if auth.field(other).and_then(|field| field.default) != Some(*value) {
                is["required"] = json!([other]);
            }
            json!({ "if": { "properties": { "properties": is } }, "then": given(name) })
        }
    }
}

fn given(auth: &AuthType, name: &str) -> Value {
    let secret = auth.field(name).is_some_and(Field::is_secret);
    let member = if secret { "secrets" } else { "properties" };
    json!({ "required": [member], "properties": { member: { "required": [name] } } })
}
