//! Where a credential goes: for people, and for comparison.

use crate::{Field, Grammar, Input, Role, Validated, grammar};

impl Field {
    /// Whether going from one value to another takes a secret elsewhere: to another place, or to another account. Nothing given
    /// stands for the default. Where no field does, [`Validated::destination`] is the same.
    pub fn moves(&self, from: &str, to: &str) -> bool {
        let place = |value: &str| {
            let given = Some(value).filter(|value| !value.is_empty());
            given
                .or(self.default)
                .map(|value| grammar::canonical(self, value))
        };
        self.directs() && place(from) != place(to)
    }

    fn directs(&self) -> bool {
        matches!(self.role, Role::Destination | Role::Account)
    }
}

impl Validated<'_> {
    /// The far end as people read it, for example `sql01.corp:1433/Sales`; the kind's name where the address is a
    /// secret or everybody's. For display only: see [`Self::destination`].
    pub fn target(&self) -> String {
        let target = self.filled(self.kind.target, |field, value| {
            match (field.input, field.grammar) {
                (Input::Host, Grammar::DataSource) => value.replacen(',', ":", 1),
                (Input::Host, Grammar::Host) => grammar::bracketed(value),
                _ => value.to_owned(),
            }
        });
        if target.is_empty() {
            self.kind.name.to_owned()
        } else {
            target
        }
    }

    /// Who signs in, where that is not a secret.
    pub fn account(&self) -> Option<String> {
        let (_, value) = self
            .values
            .iter()
            .find(|(field, _)| field.role == Role::Account)?;
        Some((*value).to_owned())
    }

    /// Everything that decides where a secret goes, for whom, and who can read it on the way: kind, authentication
    /// type, destination fields and account. A stored secret may be kept only while this is the same.
    ///
    /// Each part is written with its length before it, so that two different destinations never give one text.
    pub fn destination(&self) -> String {
        let mut out = String::new();
        push_counted(&mut out, self.kind.id);
        push_counted(&mut out, self.auth.id);
        for (field, value) in self.properties() {
            if field.directs() {
                push_counted(&mut out, field.name);
                push_counted(&mut out, &grammar::canonical(field, value));
            }
        }
        out
    }
}

/// A netstring: length in bytes, colon, text, comma.
fn push_counted(out: &mut String, text: &str) {
    out.push_str(&text.len().to_string());
    out.push(':');
    out.push_str(text);
    out.push(',');
}
