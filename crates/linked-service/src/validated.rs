//! A form that has been checked.

use crate::{AuthType, Field, Kind};

/// A form that keeps every rule of its kind and authentication type. It holds no secret.
#[derive(Debug)]
pub struct Validated<'p> {
    pub(crate) kind: &'static Kind,
    pub(crate) auth: &'static AuthType,
    /// Every property with a value, in the table's order, defaults filled in.
    pub(crate) values: Vec<(&'static Field, &'p str)>,
    /// The certificate that is trusted, and whether there is TLS. Apart from the others, because they are in nothing that is written.
    pub(crate) unwritten: Vec<(&'static Field, &'p str)>,
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

    /// Every property that has a value, in the table's order, with defaults filled in; last, what is in nothing that is written.
    pub fn properties(&self) -> impl Iterator<Item = (&'static Field, &'p str)> {
        self.values
            .iter()
            .copied()
            .chain(self.unwritten.iter().copied())
    }

    /// The value of a property.
    pub(crate) fn value(&self, name: &str) -> Option<&'p str> {
        self.values
            .iter()
            .find(|(field, _)| field.name == name)
            .map(|(_, value)| *value)
    }

    /// A template with the fields' values in it: `{field}`, or `{one|other}` for the first that has a value.
    pub(crate) fn filled(&self, template: &str, shown: impl Fn(&Field, &str) -> String) -> String {
        let mut out = String::new();
        for (position, part) in template.split('{').enumerate() {
            let text = match part.split_once('}') {
                Some((names, text)) if position > 0 => {
                    let first = names
                        .split('|')
                        .find_map(|name| self.values.iter().find(|(field, _)| field.name == name));
                    if let Some((field, value)) = first {
                        out.push_str(&shown(field, value));
                    }
                    text
                }
                _ => part,
            };
            out.push_str(text);
        }
        out
    }
}
