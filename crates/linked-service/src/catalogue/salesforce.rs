//! Salesforce.

use super::address::URL;
use super::sign_in::{PASSWORD, USERNAME, basic};
use crate::{AuthType, Field, Grammar, Kind};
use language::{same, words};

pub(super) const KIND: Kind = Kind {
    id: "Salesforce",
    aliases: &[],
    name: "Salesforce",
    target: "{environmentUrl}",
    auth_types: &[AuthType {
        name: words("auth-with-security-token"),
        authentication_type: None,
        ..basic(&[
            Field {
                name: "environmentUrl",
                label: words("label-environment"),
                hint: words("hint-salesforce-environment"),
                grammar: Grammar::Https,
                default: Some("https://login.salesforce.com"),
                ..URL
            },
            Field {
                hint: same("etl@corp.example"),
                ..USERNAME
            },
            PASSWORD,
            Field {
                name: "securityToken",
                label: words("label-security-token"),
                hint: words("hint-security-token"),
                ..Field::SECRET
            },
        ])
    }],
};
