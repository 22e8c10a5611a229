//! Which keywords a connection string has, and what goes into each.

use std::borrow::Cow;

use zeroize::Zeroizing;

use crate::connection_string::{push_pair, push_pair_to_semicolon};
use crate::{Condition, Input, Placement, Validated};

/// One keyword of an authentication type's connection string.
#[derive(Debug, PartialEq, Eq)]
pub struct Keyword {
    /// The keyword, spelled as documented.
    pub name: &'static str,
    /// Where its value comes from.
    pub value: KeywordValue,
    /// How its value is quoted.
    pub quoting: Quoting,
    /// All of these must hold, or the keyword is left out.
    pub when: &'static [Condition],
}

/// Where a keyword's value comes from.
#[derive(Debug, PartialEq, Eq)]
pub enum KeywordValue {
    /// The field of this name.
    Field(&'static str),
    /// Always this.
    Fixed(&'static str),
    /// Text with fields' values in it, as `{field}`.
    Template(&'static str),
}

/// How a keyword's value is quoted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quoting {
    /// As ADO.NET does.
    AdoNet,
    /// As Azure Storage reads it: everything up to the semicolon, equals signs included.
    ToSemicolon,
}

impl Keyword {
    /// A keyword that takes the field of the same name.
    pub const fn of(field: &'static str) -> Keyword {
        Keyword::named(field, field)
    }

    /// A keyword that takes the field of another name.
    pub const fn named(name: &'static str, field: &'static str) -> Keyword {
        Keyword {
            name,
            value: KeywordValue::Field(field),
            quoting: Quoting::AdoNet,
            when: &[],
        }
    }

    /// A keyword that is always the same.
    pub const fn fixed(name: &'static str, value: &'static str) -> Keyword {
        Keyword {
            name,
            value: KeywordValue::Fixed(value),
            quoting: Quoting::AdoNet,
            when: &[],
        }
    }

    /// Whether the field's value goes into this keyword.
    pub(crate) fn mentions(&self, field: &str) -> bool {
        match self.value {
            KeywordValue::Field(name) => name == field,
            KeywordValue::Fixed(_) => false,
            KeywordValue::Template(template) => template
                .split('{')
                .skip(1)
                .any(|part| part.split('}').next() == Some(field)),
        }
    }
}

impl Validated<'_> {
    /// The whole connection string with the secrets in it, as the data-movement process needs it. `secret` gives the
    /// text of a secret by its field's name; one that it does not have is left out.
    pub fn connection_string<'s>(
        &self,
        secret: impl Fn(&str) -> Option<&'s str>,
    ) -> Zeroizing<String> {
        let pairs = self.pairs(|name| secret(name));
        // Room for every character doubled, so that the text is never moved and leaves no copy behind.
        let room = pairs
            .iter()
            .map(|(name, value, _)| 2 * (name.len() + value.len()) + 4)
            .sum();
        let mut out = Zeroizing::new(String::with_capacity(room));
        for (name, value, quoting) in &pairs {
            match quoting {
                Quoting::AdoNet => push_pair(&mut out, name, value),
                Quoting::ToSemicolon => push_pair_to_semicolon(&mut out, name, value),
            }
        }
        out
    }

    /// Keywords and values in order. Secrets are borrowed: no copy of one is made here.
    fn pairs<'v>(
        &'v self,
        secret: impl Fn(&str) -> Option<&'v str>,
    ) -> Vec<(&'static str, Cow<'v, str>, Quoting)> {
        let text = |name: &str| match self.auth.field(name) {
            Some(field) if field.is_secret() => secret(name),
            Some(field) => self
                .value(name)
                .map(|value| self.spelled(field.input, value)),
            None => None,
        };
        let mut pairs = Vec::new();
        let mut push = |name, value: Option<Cow<'v, str>>, quoting| {
            pairs.extend(value.map(|value| (name, value, quoting)));
        };
        if self.auth.keywords.is_empty() {
            push(
                "authenticationType",
                self.auth.authentication_type.map(Cow::Borrowed),
                Quoting::AdoNet,
            );
            for field in self.auth.fields {
                push(
                    field.name,
                    text(field.name).map(Cow::Borrowed),
                    Quoting::AdoNet,
                );
            }
        }
        for keyword in self.auth.keywords {
            if keyword
                .when
                .iter()
                .all(|condition| condition.holds(|field| self.value(field)))
            {
                push(
                    keyword.name,
                    match keyword.value {
                        KeywordValue::Field(field) => text(field).map(Cow::Borrowed),
                        KeywordValue::Fixed(fixed) => Some(Cow::Borrowed(fixed)),
                        KeywordValue::Template(template) => Some(Cow::Owned(
                            self.filled(template, |_, value| value.to_owned()),
                        )),
                    },
                    keyword.quoting,
                );
            }
        }
        pairs
    }

    /// ADO.NET writes its switches with a capital.
    fn spelled<'v>(&self, input: Input, value: &'v str) -> &'v str {
        match (self.auth.placement, input, value) {
            (Placement::ConnectionString, Input::Switch, "true") => "True",
            (Placement::ConnectionString, Input::Switch, _) => "False",
            _ => value,
        }
    }
}
