//! A credential that is stored already: what the gateway tells of it, and what becomes of its secrets. Of these it tells names only.

use language::Wording;
use std::rc::Rc;

use envelope::UnixSeconds;
use linked_service::{AuthType, Constraint, Kind};

use super::{Form, Work};
use crate::text;

/// What is known of a credential that is stored for the ticket's linked service.
#[derive(Clone, Debug)]
pub enum Existing {
    /// The gateway was asked; the form works as for a new one meanwhile.
    Asked,
    /// There is none.
    Nothing,
    /// The gateway has not said, or nothing that this page understands.
    Unread,
    /// This one.
    Stored(Rc<Stored>),
}

/// The part of a [stored credential](envelope::protocol::StoredCredential) that a form can begin with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// The kind of data store.
    pub kind: &'static Kind,
    /// How the gateway signs in there.
    pub auth: &'static AuthType,
    /// Values by field name.
    pub properties: Vec<(&'static str, String)>,
    /// Names of the secrets.
    pub secrets: Vec<&'static str>,
    /// How often a credential was stored for the linked service.
    pub version: u64,
    /// Who has set it.
    pub set_by: String,
    /// When.
    pub set_at: UnixSeconds,
}

impl Stored {
    /// The value of a field that is not secret; empty if it has none.
    pub fn value(&self, name: &str) -> &str {
        let stored = self.properties.iter().find(|stored| stored.0 == name);
        stored.map_or("", |stored| &stored.1)
    }
}

/// What becomes of a secret when the form is saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// It is typed: none is stored.
    Type,
    /// The stored one stays.
    Keep,
    /// It is typed, in the place of the stored one.
    Replace,
    /// It is typed, because the stored one cannot stay.
    TypeAgain,
    /// The stored one goes.
    Clear,
}

/// Something that has changed, so that a stored secret would go elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moved {
    /// The field's name in the catalogue.
    pub field: &'static str,
    /// What people call it.
    pub label: Wording,
}

impl Form {
    /// What is stored already.
    pub fn stored(&self) -> Option<&Stored> {
        match &self.existing {
            Existing::Stored(stored) => Some(stored),
            _ => None,
        }
    }

    /// The value of a field that is not secret: what was typed, or what is stored, or its default.
    pub fn value(&self, name: &str) -> &str {
        let typed = self.properties.iter().find(|typed| typed.0 == name);
        let default = || {
            let field = self.fields().find(|field| field.name == name);
            field.and_then(|field| field.default).unwrap_or("")
        };
        match typed {
            Some(typed) => &typed.1,
            None => self.stored_value(name).unwrap_or_else(default),
        }
    }

    /// The JSON of what is shown, without a secret, to be copied to another linked service.
    pub fn settings(&self) -> Option<String> {
        let properties = self.shown_properties();
        Some(linked_service::settings_json(
            self.kind?,
            self.auth?,
            &properties,
        ))
    }

    /// What becomes of a secret.
    pub fn step(&self, name: &str) -> Step {
        let kept = self.stored().filter(|stored| {
            self.is_of_kind(stored)
                && self.auth.is_some_and(|auth| auth.id == stored.auth.id)
                && stored.secrets.contains(&name)
        });
        if kept.is_none() {
            return Step::Type;
        }
        let chosen = self
            .steps
            .iter()
            .find(|chosen| are_one(self.auth, chosen.0, name));
        match chosen.map_or(Step::Keep, |chosen| chosen.1) {
            Step::Clear => Step::Clear,
            _ if !self.can_keep(name) => Step::TypeAgain,
            chosen => chosen,
        }
    }

    /// Whether what is stored as this secret may be kept: not elsewhere, and not where the gateway wants it again.
    pub fn can_keep(&self, name: &str) -> bool {
        let required = |wanted: &&str| are_one(self.auth, wanted, name);
        self.moved().is_empty() && !self.required.iter().any(required)
    }

    /// What has changed of that which decides where a stored secret goes, and for whom. Another kind or authentication type is
    /// the whole of it.
    pub fn moved(&self) -> Vec<Moved> {
        let Some(stored) = self.stored().filter(|stored| !stored.secrets.is_empty()) else {
            return Vec::new();
        };
        let mut moved = Vec::new();
        let mut push = |field, label| moved.push(Moved { field, label });
        if !self.is_of_kind(stored) {
            push(text::KIND_FIELD, Wording::Of(text::KIND));
        } else if self.auth.is_none_or(|auth| auth.id != stored.auth.id) {
            push(text::AUTH_FIELD, Wording::Of(text::AUTH));
        } else {
            for field in self.fields().chain(self.unwritten()) {
                if field.moves(stored.value(field.name), self.value(field.name)) {
                    push(field.name, field.label);
                }
            }
        }
        moved
    }

    /// Whether what has changed can be changed back: not where the ticket wants another kind.
    pub fn can_move_back(&self) -> bool {
        self.stored()
            .is_some_and(|stored| self.claims.kind.is_none() || self.is_of_kind(stored))
    }

    /// How one signs in to a data store of this kind where nothing else was chosen: as it is stored.
    pub(super) fn usual_auth(&self, kind: &'static Kind) -> Option<&'static AuthType> {
        match self.stored() {
            Some(stored) if stored.kind.id == kind.id => Some(stored.auth),
            _ => kind.auth_types.first(),
        }
    }

    /// The stored value of a field of the shown kind.
    pub(super) fn stored_value(&self, name: &str) -> Option<&str> {
        let stored = self.stored().filter(|stored| self.is_of_kind(stored))?;
        Some(stored.value(name)).filter(|value| !value.is_empty())
    }

    /// Takes what the gateway has said. What was typed or chosen stays, and once Save is pressed, all that was seen then.
    pub(super) fn found(&mut self, existing: Existing) {
        match (&existing, self.stored()) {
            (Existing::Stored(stored), _) if self.work == Work::Idle => {
                let kind = self.kind.unwrap_or(stored.kind);
                self.existing = existing;
                self.required.clear();
                let mut typed = self.properties.iter();
                let chosen = typed.any(|typed| typed.0 == text::AUTH_FIELD);
                let auth = self.auth.filter(|_| chosen);
                let auth = auth.or_else(|| self.usual_auth(kind));
                self.show_fields(Some(kind), auth);
            }
            (_, Some(_)) => {}
            (Existing::Stored(_), None) => self.existing = Existing::Unread,
            (_, None) => self.existing = existing,
        }
    }

    /// Decides what becomes of a secret, and of those that are one thing with it.
    pub(super) fn choose(&mut self, name: &'static str, step: Step) {
        let auth = self.auth;
        let mut chosen = self.steps.iter_mut();
        match chosen.find(|chosen| are_one(auth, chosen.0, name)) {
            Some(chosen) => chosen.1 = step,
            None => self.steps.push((name, step)),
        }
        self.faults
            .retain(|fault| !are_one(auth, &fault.field, name));
    }

    /// Puts the stored values back where a stored secret goes; what only changes how stays as it was typed.
    pub(super) fn move_back(&mut self) {
        let Existing::Stored(stored) = self.existing.clone() else {
            return;
        };
        if !self.can_move_back() {
            return;
        }
        self.show_fields(Some(stored.kind), Some(stored.auth));
        self.forget(text::AUTH_FIELD);
        for moved in self.moved() {
            self.forget(moved.field);
        }
        self.restored += 1;
    }

    /// The gateway does not keep these.
    pub(super) fn require(&mut self, names: &[String]) {
        for field in self.fields() {
            if names.iter().any(|name| name == field.name) {
                self.required.push(field.name);
            }
        }
    }

    fn is_of_kind(&self, stored: &Stored) -> bool {
        self.kind.is_some_and(|kind| kind.id == stored.kind.id)
    }
}

/// Whether two secrets are parts of one thing, or the same.
fn are_one(auth: Option<&'static AuthType>, one: &str, other: &str) -> bool {
    let constraints = auth.map_or(&[][..], |auth| auth.constraints);
    one == other
        || constraints.iter().any(|constraint| match constraint {
            Constraint::Together(names) => names.contains(&one) && names.contains(&other),
            _ => false,
        })
}

#[cfg(test)]
pub(crate) mod tests;
