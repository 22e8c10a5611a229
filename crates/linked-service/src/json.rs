//! The linked service's JSON, as data factories have it, with the reference where it is documented to stand.

use crate::connection_string::push_pair;
use crate::{Input, Placement, Validated};

impl Validated<'_> {
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
}

/// Ports are JSON numbers and switches JSON booleans: both are checked to be spelled so already.
fn member(input: Input, value: &str) -> String {
    match input {
        Input::Port | Input::Switch => value.to_owned(),
        _ => quoted(value),
    }
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default() // Fails on maps and writers only.
}
