//! A filled-in form to start from, for any kind and authentication type.

use std::collections::BTreeMap;

use linked_service::{
    AuthType, Condition, Constraint, Field, FieldError, Grammar, Input, Kind, SecretState,
    Validated, catalogue, validate,
};

/// A form as the page would send it.
#[derive(Clone)]
pub(crate) struct Form {
    pub(crate) kind: &'static Kind,
    pub(crate) auth: &'static AuthType,
    pub(crate) properties: BTreeMap<String, String>,
    pub(crate) secrets: BTreeMap<&'static str, SecretState>,
}

impl Form {
    /// Every field filled in with something that fits; of alternatives, the first.
    pub(crate) fn full(kind: &'static Kind, auth: &'static AuthType) -> Form {
        let mut form = Form {
            kind,
            auth,
            properties: BTreeMap::new(),
            secrets: BTreeMap::new(),
        };
        for field in auth.fields {
            if field.is_secret() {
                form.secrets
                    .insert(field.name, SecretState::Replaced { bytes: 12 });
            } else {
                form.properties
                    .insert(field.name.to_owned(), sample(field).to_owned());
            }
        }
        for constraint in auth.constraints {
            if let Constraint::ExactlyOne(names) = constraint {
                names[1..].iter().for_each(|name| form.leave_out(name));
            }
        }
        form
    }

    /// Every kind with every authentication type.
    pub(crate) fn all() -> impl Iterator<Item = Form> {
        catalogue().iter().flat_map(|kind| {
            kind.auth_types
                .iter()
                .map(move |auth| Form::full(kind, auth))
        })
    }

    pub(crate) fn leave_out(&mut self, name: &str) {
        self.properties.remove(name);
        self.secrets.remove(name);
    }

    pub(crate) fn with(mut self, name: &str, value: &str) -> Form {
        self.properties.insert(name.to_owned(), value.to_owned());
        self
    }

    pub(crate) fn states(&self) -> Vec<(&'static str, SecretState)> {
        let states = self.secrets.iter();
        states.map(|(name, state)| (*name, *state)).collect()
    }

    pub(crate) fn check(&self) -> Result<Validated<'_>, Vec<FieldError>> {
        validate(self.kind.id, self.auth.id, &self.properties, &self.states())
    }

    /// The one error that this form has for the field, or a panic that shows them all: errors hold no values.
    pub(crate) fn error(&self, name: &str) -> Option<linked_service::Rule> {
        let errors = self.check().err().unwrap_or_default();
        let mut rules = errors
            .iter()
            .filter(|error| error.field == name)
            .map(|error| error.rule);
        let first = rules.next();
        assert!(
            rules.next().is_none(),
            "{}/{}: two errors for {name}: {errors:?}",
            self.kind.id,
            self.auth.id
        );
        first
    }

    /// Whether the field has to have a value in this form, by itself or by a constraint.
    pub(crate) fn needs(&self, field: &Field) -> bool {
        field.required && field.default.is_none()
            || self
                .auth
                .constraints
                .iter()
                .any(|constraint| match constraint {
                    Constraint::ExactlyOne(names) => {
                        names.contains(&field.name) && self.has(field.name)
                    }
                    Constraint::Together(names) => names.contains(&field.name),
                    Constraint::RequiredWhen(name, Condition::Is(other, value)) => {
                        *name == field.name
                            && self
                                .properties
                                .get(*other)
                                .is_some_and(|given| given == value)
                    }
                    Constraint::RequiredWhen(name, Condition::Given(other)) => {
                        *name == field.name && self.has(other)
                    }
                })
    }

    fn has(&self, name: &str) -> bool {
        self.properties.contains_key(name) || self.secrets.contains_key(name)
    }
}

/// A value that fits the field.
pub(crate) fn sample(field: &Field) -> &'static str {
    match (field.input, field.grammar) {
        (Input::Port, _) => "2022",
        (Input::Url, _) => "https://files.corp.example/export/",
        (Input::Choice(choices), _) => choices[0].value,
        (Input::Switch, _) => field.default.unwrap_or("true"),
        (_, Grammar::Fingerprint) => "SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU",
        (_, Grammar::Thumbprint) => "00112233445566778899AABBCCDDEEFF00112233",
        (_, Grammar::Sha256) => "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff",
        (_, Grammar::Host | Grammar::HostAndPort | Grammar::HostList | Grammar::DataSource) => {
            "store01.corp.example"
        }
        (_, Grammar::FileShare) => "\\\\files01\\exports",
        (_, Grammar::Odbc) => "DSN=Sales",
        (_, Grammar::StorageAccount) => "sales",
        (_, Grammar::Guid) => "01234567-89ab-cdef-0123-456789abcdef",
        (_, Grammar::Number) => "60",
        (_, Grammar::TwoDigits) => "00",
        (_, Grammar::ThreeDigits) => "800",
        (_, Grammar::Line | Grammar::Identifier | Grammar::Https) => "Sales",
    }
}

/// Another value that fits it.
pub(crate) fn other(field: &Field) -> &'static str {
    match (field.input, field.grammar) {
        (Input::Switch, _) if sample(field) == "true" => "false",
        (Input::Switch, _) => "true",
        (Input::Choice(choices), _) => choices[1].value,
        (Input::Port, _) => "2023",
        (Input::Url, _) => "https://files.corp.example/Export/",
        (_, Grammar::Fingerprint) => "MD5:00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff",
        (_, Grammar::Thumbprint) => "99112233445566778899AABBCCDDEEFF00112233",
        (_, Grammar::Sha256) => "99112233445566778899aabbccddeeff00112233445566778899aabbccddeeff",
        (_, Grammar::FileShare) => "\\\\files02\\exports",
        (_, Grammar::Odbc) => "DSN=Other",
        (_, Grammar::StorageAccount) => "sales2",
        (_, Grammar::Guid) => "99234567-89ab-cdef-0123-456789abcdef",
        (_, Grammar::Number) => "90",
        (_, Grammar::TwoDigits) => "01",
        (_, Grammar::ThreeDigits) => "100",
        _ => "sales",
    }
}
