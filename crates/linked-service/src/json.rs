//! The linked service's JSON, as data factories have it, with the reference where it is documented to stand.

use std::collections::BTreeMap;

use crate::connection_string::push_pair;
use crate::{AuthType, Field, Input, Kind, Placement, Validated, grammar};

/// The member with the connection string. A field of this name is one that somebody else has written: it stands as it is.
const CONNECTION_STRING: &str = "connectionString";

impl Validated<'_> {
    /// The linked service's JSON: `name` and `gateway` as given, `reference` in the documented place, and no secret.
    pub fn linked_service_json(&self, name: &str, gateway: &str, reference: &str) -> String {
        let mut members = self.members(Some(reference));
        members.push(("gatewayName", quoted(gateway)));
        let name = ["  \"name\": ", &quoted(name), ",\n"].concat();
        self.document(&name, &members)
    }

    /// What stands in `typeProperties`, with the reference to a credential if there is one.
    fn members(&self, reference: Option<&str>) -> Vec<(&'static str, String)> {
        let mut members = Vec::new();
        if let Some(authentication) = self.auth.authentication_type {
            members.push(("authenticationType", quoted(authentication)));
        }
        for (field, value) in &self.values {
            let mentioned = |name| {
                let mut keywords = self.auth.keywords.iter();
                name == CONNECTION_STRING || keywords.any(|keyword| keyword.mentions(name))
            };
            if !mentioned(field.name) {
                members.push((field.name, member(field, value)));
            }
        }
        match self.auth.placement {
            Placement::ConnectionString => {
                let mut string = match self.value(CONNECTION_STRING) {
                    Some(given) => given.trim_end_matches([';', ' ']).to_owned(),
                    None => self.connection_string(|_| None).to_string(),
                };
                if let Some(reference) = reference {
                    push_pair(&mut string, "EncryptedCredential", reference);
                }
                members.push((CONNECTION_STRING, quoted(&string)));
            }
            Placement::Nowhere => {}
            Placement::EncryptedCredential => {
                let quoted = reference.map(|reference| ("encryptedCredential", quoted(reference)));
                members.extend(quoted);
            }
        }
        members
    }

    /// `head` is what stands before the properties.
    fn document(&self, head: &str, members: &[(&str, String)]) -> String {
        let mut out = String::from("{\n");
        out.push_str(head);
        out.push_str("  \"properties\": {\n    \"type\": ");
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

/// What a form shows, as the JSON of a linked service without name, gateway, reference and secret: to be copied to another one.
/// Nothing is checked; a property that is absent or empty takes its field's default.
pub fn settings_json(
    kind: &'static Kind,
    auth: &'static AuthType,
    properties: &BTreeMap<String, String>,
) -> String {
    let mut shown = Validated {
        kind,
        auth,
        values: Vec::new(),
        unwritten: Vec::new(),
    };
    for field in auth.fields.iter().filter(|field| !field.is_secret()) {
        let given = properties.get(field.name).map(String::as_str);
        let value = given.filter(|value| !value.is_empty()).or(field.default);
        shown.values.extend(value.map(|value| (field, value)));
    }
    shown.document("", &shown.members(None))
}

/// A port is a JSON number and a switch a JSON boolean, if it is spelled as one.
fn member(field: &Field, value: &str) -> String {
    let is_bare = matches!(field.input, Input::Port | Input::Switch);
    if is_bare && grammar::check(field, value).is_ok() {
        value.to_owned()
    } else {
        quoted(value)
    }
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default() // Fails on maps and writers only.
}
