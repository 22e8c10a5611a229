//! Checking a filled-in form, without seeing a secret.

use std::collections::BTreeMap;
use std::fmt;

use crate::{AuthType, Constraint, Field, FieldError, Kind, Rule, catalogue, grammar};

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

/// A form that keeps every rule of its kind and authentication type. It holds no secret.
#[derive(Debug)]
pub struct Validated<'p> {
    pub(crate) kind: &'static Kind,
    pub(crate) auth: &'static AuthType,
    /// Every property with a value, in the table's order, defaults filled in.
    pub(crate) values: Vec<(&'static Field, &'p str)>,
}

impl<'p> Validated<'p> {
    /// The kind of data store.
    pub fn kind(&self) -> &'static Kind {
        self.kind
    }

    /// The authentication type.
    pub fn auth_type(&self) -> &'static AuthType {
        self.auth
    }

    /// Every property that has a value, in the table's order, with defaults filled in.
    pub fn properties(&self) -> impl Iterator<Item = (&'static Field, &'p str)> {
        self.values.iter().copied()
    }

    /// The value of a property.
    pub(crate) fn value(&self, name: &str) -> Option<&'p str> {
        self.values
            .iter()
            .find(|(field, _)| field.name == name)
            .map(|(_, value)| *value)
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
    secrets: &BTreeMap<&str, SecretState>,
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
    };
    for field in auth.fields {
        if field.is_secret() {
            errors.note(field.name, check_secret(field, secrets.get(field.name)));
        } else {
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
    for constraint in auth.constraints {
        check_constraint(constraint, &validated, secrets, &mut errors);
    }
    for name in properties.keys() {
        errors.note(name, check_name(auth, name, Place::Property));
    }
    for name in secrets.keys() {
        errors.note(name, check_name(auth, name, Place::Secret));
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

fn check_secret(field: &Field, state: Option<&SecretState>) -> Result<(), Rule> {
    match state {
        Some(SecretState::Replaced { bytes }) if *bytes > field.max_chars => Err(Rule::TooLong {
            limit: field.max_chars,
        }),
        // Also for an optional secret: to have none is to leave it out or to clear it, never to store nothing.
        Some(SecretState::Replaced { bytes: 0 }) => Err(Rule::Required),
        Some(SecretState::Replaced { .. } | SecretState::Kept) => Ok(()),
        Some(SecretState::Cleared) | None if field.required => Err(Rule::Required),
        Some(SecretState::Cleared) | None => Ok(()),
    }
}

fn check_constraint(
    constraint: &Constraint,
    validated: &Validated<'_>,
    secrets: &BTreeMap<&str, SecretState>,
    errors: &mut Errors,
) {
    let secret = |name: &&str| {
        secrets
            .get(name)
            .copied()
            .filter(|state| *state != SecretState::Cleared)
    };
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

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Property,
    Secret,
}

fn check_name(auth: &AuthType, name: &str, place: Place) -> Result<(), Rule> {
    let field = auth.field(name).ok_or(Rule::UnknownField)?;
    match (field.is_secret(), place) {
        (true, Place::Property) => Err(Rule::MustBeSecret),
        (false, Place::Secret) => Err(Rule::MustNotBeSecret),
        _ => Ok(()),
    }
}
