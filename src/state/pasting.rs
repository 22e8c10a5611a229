//! A connection string that was pasted: what the form takes from it. Of its secrets this knows the names.

use std::rc::Rc;

use language::Message;
use linked_service::{AuthType, Kind};

use super::{Form, Step};
use crate::text;

/// What came of pasting.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Paste {
    /// Nothing was pasted yet.
    #[default]
    Nothing,
    /// The fields have it.
    Taken(Rc<Pasted>),
    /// It was not taken, for the reason that the sentence gives. Nothing has changed.
    Refused(String),
}

/// What a connection string says, but for its secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pasted {
    /// What people call the form of the text.
    pub form: Message,
    /// The kind of data store.
    pub kind: &'static Kind,
    /// How one signs in there.
    pub auth: &'static AuthType,
    /// Values by field name.
    pub properties: Vec<(&'static str, String)>,
    /// The names of the secret fields that were filled.
    pub secrets: Vec<&'static str>,
    /// Keywords that are not used.
    pub ignored: Vec<String>,
    /// What else there is to know.
    pub warnings: Vec<Message>,
}

impl Pasted {
    /// What people call some of its fields.
    pub fn labels<'n>(&self, names: impl Iterator<Item = &'n str>) -> Vec<&'static str> {
        names
            .filter_map(|name| Some(self.auth.field(name)?.label.text()))
            .collect()
    }
}

impl Form {
    /// Fills the form. What the text does not mention stays as it is.
    pub(super) fn take_pasted(&mut self, pasted: Pasted) {
        self.show_fields(Some(pasted.kind), Some(pasted.auth));
        self.put(text::AUTH_FIELD, pasted.auth.id.to_owned());
        for (name, value) in &pasted.properties {
            self.put(name, value.clone());
        }
        for name in &pasted.secrets {
            self.choose(name, Step::Replace);
        }
        // Lists that were touched are drawn anew.
        self.restored += 1;
        self.trouble = None;
        self.paste = Paste::Taken(Rc::new(pasted));
    }
}

#[cfg(test)]
mod tests;
