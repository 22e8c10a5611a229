//! Checking a filled-in form, without seeing a secret.

use std::collections::BTreeMap;
use std::fmt;

use crate::{Constraint, Field, FieldError, Rule, Validated, catalogue, grammar};

/// What happens to one secret. All that a check may know of it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum SecretState {
    /// A new value of this many UTF-8 bytes.
    Replaced {
        /// Its length in UTF-8 bytes.
        bytes: usize,
    },
    /// The stored value stays.
    Kept,
    /// The stored value goes.
    Cleared,
}

impl fmt::Debug for SecretState {
    /// Without the length, which tells something of the secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            SecretState::Replaced { .. } => "Replaced",
            SecretState::Kept => "Kept",
            SecretState::Cleared => "Cleared",
        })
    }
}

/// Checks a filled-in form against the tables: in the page before sealing, in the gateway after opening.
///
/// Kind, authentication type and field names are taken in their canonical spelling only, so that a thing is stored
/// under one name. A property that is absent or empty takes its field's default.
///
/// # Errors
/// Every rule that is broken, each with its field, in the table's order; unknown names come last.
pub fn validate<'p>(
    kind: &str,
    auth: &str,
    properties: &'p BTreeMap<String, String>,
    secrets: &[(&str, SecretState)],
) -> Result<Validated<'p>, Vec<FieldError>> {
    let whole = |field: &str, rule| {
        vec![FieldError {
            field: field.to_owned(),
            rule,
        }]
    };
    let kind = catalogue()
        .iter()
        .find(|known| known.id == kind)
        .ok_or_else(|| whole("kind", Rule::UnknownKind))?;
    let auth = kind
        .auth_type(auth)
        .ok_or_else(|| whole("auth", Rule::UnknownAuthType))?;

    let mut errors = Errors(Vec::new());
    let mut validated = Validated {
        kind,
        auth,
        values: Vec::new(),
        unwritten: Vec::new(),
    };
    for field in auth.fields {
        if field.is_secret() {
            if properties.contains_key(field.name) {
                errors.note(field.name, Err(Rule::MustBeSecret));
            }
            errors.note(
                field.name,
                check_secret(field, state_of(secrets, field.name)),
            );
        } else {
            if state_of(secrets, field.name).is_some() {
                errors.note(field.name, Err(Rule::MustNotBeSecret));
            }
            let given = properties
                .get(field.name)
                .map(String::as_str)
                .filter(|value| !value.is_empty());
            match given.or(field.default) {
                Some(value) => {
                    errors.note(field.name, grammar::check(field, value));
                    validated.values.push((field, value));
                }
                None if field.required => errors.note(field.name, Err(Rule::Required)),
                None => {}
            }
        }
    }
    for field in kind.unwritten() {
        let value = properties.get(field.name).map(String::as_str);
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            errors.note(field.name, grammar::check(field, value));
            validated.unwritten.push((field, value));
        }
    }
    for constraint in auth.constraints {
        check_constraint(constraint, &validated, secrets, &mut errors);
    }
    let names = properties
        .keys()
        .map(String::as_str)
        .chain(secrets.iter().map(|secret| secret.0));
    let is_known = |name: &str| {
        let is_unwritten = kind.unwritten().iter().any(|field| field.name == name);
        auth.field(name).is_some() || is_unwritten && properties.contains_key(name)
    };
    for name in names.filter(|name| !is_known(name)) {
        errors.note(name, Err(Rule::UnknownField));
    }
    if errors.0.is_empty() {
        Ok(validated)
    } else {
        Err(errors.0)
    }
}

struct Errors(Vec<FieldError>);

impl Errors {
    /// Keeps the first rule that a field breaks.
    fn note(&mut self, field: &str, outcome: Result<(), Rule>) {
        let Err(rule) = outcome else { return };
        let field: String = field
            .chars()
            .take(64)
            .map(|c| {
                if c.is_control() {
                    char::REPLACEMENT_CHARACTER
                } else {
                    c
                }
            })
            .collect();
        if !self.0.iter().any(|error| error.field == field) {
            self.0.push(FieldError { field, rule });
        }
    }
}

fn check_secret(field: &Field, state: Option<SecretState>) -> Result<(), Rule> {
    match state {
        Some(SecretState::Replaced { bytes }) if bytes > field.max_chars => Err(Rule::TooLong {
            limit: field.max_chars,
        }),
        // Also for an optional secret: to have none is to leave it out or to clear it, never to store nothing.
        Some(SecretState::Replaced { bytes: 0 }) => Err(Rule::Required),
        Some(SecretState::Replaced { .. } | SecretState::Kept) => Ok(()),
        Some(SecretState::Cleared) | None if field.required => Err(Rule::Required),
        Some(SecretState::Cleared) | None => Ok(()),
    }
}

fn state_of(secrets: &[(&str, SecretState)], name: &str) -> Option<SecretState> {
    let found = secrets.iter().find(|secret| secret.0 == name);
    found.map(|secret| secret.1)
}

fn check_constraint(
    constraint: &Constraint,
    validated: &Validated<'_>,
    secrets: &[(&str, SecretState)],
    errors: &mut Errors,
) {
    let secret =
        |name: &&str| state_of(secrets, name).filter(|state| *state != SecretState::Cleared);
    let given = |name: &&str| validated.value(name).is_some() || secret(name).is_some();
    match constraint {
        Constraint::ExactlyOne(names) => {
            if names.iter().filter(|name| given(name)).count() != 1 {
                names
                    .iter()
                    .for_each(|name| errors.note(name, Err(Rule::ExactlyOne(names))));
            }
        }
        Constraint::Together(names) => {
            let steps = || {
                names
                    .iter()
                    .map(|name| secret(name).map(|state| state == SecretState::Kept))
            };
            if steps().any(|step| Some(step) != steps().next()) {
                names
                    .iter()
                    .for_each(|name| errors.note(name, Err(Rule::Together(names))));
            }
        }
        Constraint::RequiredWhen(name, condition) => {
            if !given(name) && condition.holds(|field| validated.value(field)) {
                errors.note(name, Err(Rule::Required));
            }
        }
    }
}
