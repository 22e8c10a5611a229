//! Salesforce.

use super::address::URL;
use super::sign_in::{PASSWORD, USERNAME, basic};
use crate::{AuthType, Field, Grammar, Kind};

pub(super) const KIND: Kind = Kind {
    id: "Salesforce",
    aliases: &[],
    name: "Salesforce",
    target: "{environmentUrl}",
    auth_types: &[AuthType {
        name: "User name, password and security token",
        authentication_type: None,
        ..basic(&[
            Field {
                name: "environmentUrl",
                label: "Environment",
                hint: "https://test.salesforce.com for a sandbox, or your own domain",
                grammar: Grammar::Https,
                default: Some("https://login.salesforce.com"),
                ..URL
            },
            Field {
                hint: "etl@corp.example",
                ..USERNAME
            },
            PASSWORD,
            Field {
                name: "securityToken",
                label: "Security token",
                hint: "Salesforce sends it by mail when it is reset",
                ..Field::SECRET
            },
        ])
    }],
};
