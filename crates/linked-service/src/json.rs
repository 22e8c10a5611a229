//! The linked service's JSON, as data factories have it, with the reference where it is documented to stand.

use crate::connection_string::push_pair;
use crate::{Input, Placement, Validated};

/// The member with the connection string. A field of this name is one that somebody else has written: it stands as it is.
const CONNECTION_STRING: &str = "connectionString";

impl Validated<'_> {
    /// The linked service's JSON: `name` and `gateway` as given, `reference` in the documented place, and no secret.
    pub fn linked_service_json(&self, name: &str, gateway: &str, reference: &str) -> String {
        let mut members: Vec<(&str, String)> = Vec::new();
        if let Some(authentication) = self.auth.authentication_type {
            members.push(("authenticationType", quoted(authentication)));
        }
        for (field, value) in &self.values {
            let mentioned = |name| {
                let mut keywords = self.auth.keywords.iter();
                name == CONNECTION_STRING || keywords.any(|keyword| keyword.mentions(name))
            };
            if !mentioned(field.name) {
                members.push((field.name, member(field.input, value)));
            }
        }
        match self.auth.placement {
            Placement::ConnectionString => {
                let mut string = match self.value(CONNECTION_STRING) {
                    Some(given) => given.trim_end_matches([';', ' ']).to_owned(),
                    None => self.connection_string(|_| None).to_string(),
                };
                push_pair(&mut string, "EncryptedCredential", reference);
                members.push((CONNECTION_STRING, quoted(&string)));
            }
            Placement::Nowhere => {}
            Placement::EncryptedCredential => {
                members.push(("encryptedCredential", quoted(reference)));
            }
        }
        members.push(("gatewayName", quoted(gateway)));

        let mut out = String::from("{\n  \"name\": ");
        out.push_str(&quoted(name));
        out.push_str(",\n  \"properties\": {\n    \"type\": ");
        out.push_str(&quoted(self.auth.json_type.unwrap_or(self.kind.id)));
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
