//! HTTP, with a user name and password.

use crate::{AuthType, Field, Input, Kind, Placement, Role};

pub(super) const KIND: Kind = Kind {
    id: "Http",
    aliases: &[],
    name: "HTTP",
    placement: Placement::EncryptedCredential,
    target: "{url}",
    auth_types: &[BASIC],
};

const BASIC: AuthType = AuthType {
    id: "Basic",
    name: "User name and password",
    authentication_type: Some("Basic"),
    fields: &[
        Field {
            name: "url",
            label: "Base URL",
            hint: "https://files.corp.example/export/",
            input: Input::Url,
            required: true,
            role: Role::Destination,
            max_chars: 2048,
            ..Field::TEXT
        },
        Field {
            name: "enableServerCertificateValidation",
            label: "Check the server's certificate",
            hint: "Without it another machine could pass for the server and read the password.",
            input: Input::Switch,
            default: Some("true"),
            role: Role::Destination,
            ..Field::TEXT
        },
        Field {
            name: "userName",
            aliases: &["username"],
            label: "User name",
            hint: "etl_reader, for example",
            required: true,
            role: Role::Account,
            ..Field::TEXT
        },
        Field {
            name: "password",
            label: "Password",
            ..Field::SECRET
        },
    ],
    constraints: &[],
    keywords: &[],
};
