//! The linked service's JSON, as data factories have it, with the reference where it is documented to stand.

use std::borrow::Cow;

use zeroize::Zeroizing;

use crate::{Input, Keyword, KeywordValue, Placement, Validated, push_pair};

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
            .map(|(name, value)| 2 * (name.len() + value.len()) + 4)
            .sum();
        let mut out = Zeroizing::new(String::with_capacity(room));
        for (name, value) in &pairs {
            push_pair(&mut out, name, value);
        }
        out
    }

    /// The linked service's JSON: `name` and `gateway` as given, `reference` in the documented place, and no secret.
    pub fn linked_service_json(&self, name: &str, gateway: &str, reference: &str) -> String {
        let mut members: Vec<(&str, String)> = Vec::new();
        if let Some(authentication) = self.auth.authentication_type {
            members.push(("authenticationType", quoted(authentication)));
        }
        for (field, value) in &self.values {
            if !self
                .auth
                .keywords
                .iter()
                .any(|keyword| keyword.mentions(field.name))
            {
                members.push((field.name, member(field.input, value)));
            }
        }
        match self.kind.placement {
            Placement::ConnectionString => {
                let mut string = self.connection_string(|_| None);
                push_pair(&mut string, "EncryptedCredential", reference);
                members.push(("connectionString", quoted(&string)));
            }
            Placement::EncryptedCredential => {
                members.push(("encryptedCredential", quoted(reference)));
            }
        }
        members.push(("gatewayName", quoted(gateway)));

        let mut out = String::from("{\n  \"name\": ");
        out.push_str(&quoted(name));
        out.push_str(",\n  \"properties\": {\n    \"type\": ");
        out.push_str(&quoted(self.kind.id));
        out.push_str(",\n    \"typeProperties\": {");
        for (position, (name, value)) in members.iter().enumerate() {
            out.push_str(if position == 0 {
                "\n      "
            } else {
                ",\n      "
            });
            out.push_str(&quoted(name));
            out.push_str(": ");
            out.push_str(value);
        }
        out.push_str("\n    }\n  }\n}\n");
        out
    }

    /// Keywords and values in order. Secrets are borrowed: no copy of one is made here.
    fn pairs<'v>(
        &'v self,
        secret: impl Fn(&str) -> Option<&'v str>,
    ) -> Vec<(&'static str, Cow<'v, str>)> {
        let text = |name: &str| match self.auth.field(name) {
            Some(field) if field.is_secret() => secret(name),
            Some(field) => self
                .value(name)
                .map(|value| self.spelled(field.input, value)),
            None => None,
        };
        let mut pairs = Vec::new();
        let mut push =
            |name, value: Option<Cow<'v, str>>| pairs.extend(value.map(|value| (name, value)));
        if self.auth.keywords.is_empty() {
            push(
                "authenticationType",
                self.auth.authentication_type.map(Cow::Borrowed),
            );
            for field in self.auth.fields {
                push(field.name, text(field.name).map(Cow::Borrowed));
            }
        }
        for Keyword { name, value, when } in self.auth.keywords {
            if when
                .iter()
                .all(|condition| condition.holds(|field| self.value(field)))
            {
                push(
                    name,
                    match value {
                        KeywordValue::Field(field) => text(field).map(Cow::Borrowed),
                        KeywordValue::Fixed(fixed) => Some(Cow::Borrowed(*fixed)),
                        KeywordValue::Template(template) => Some(Cow::Owned(
                            self.filled(template, |_, _, value| value.to_owned()),
                        )),
                    },
                );
            }
        }
        pairs
    }

    /// ADO.NET writes its switches with a capital.
    fn spelled<'v>(&self, input: Input, value: &'v str) -> &'v str {
        match (self.kind.placement, input, value) {
            (Placement::ConnectionString, Input::Switch, "true") => "True",
            (Placement::ConnectionString, Input::Switch, _) => "False",
            _ => value,
        }
    }
}

/// Ports are JSON numbers and switches JSON booleans: both are checked to be spelled so already.
fn member(input: Input, value: &str) -> String {
    match input {
        Input::Port | Input::Switch => value.to_owned(),
        _ => quoted(value),
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
