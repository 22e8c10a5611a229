//! MySQL.

use crate::{AuthType, Field, Grammar, Input, Kind, Placement, Role};

pub(super) const KIND: Kind = Kind {
    id: "OnPremisesMySql",
    aliases: &["OnPremisesMySQLLinkedService"],
    name: "MySQL",
    placement: Placement::EncryptedCredential,
    target: "{server}/{database}",
    auth_types: &[BASIC],
};

const BASIC: AuthType = AuthType {
    id: "Basic",
    name: "User name and password",
    authentication_type: Some("Basic"),
    fields: &[
        Field {
            name: "server",
            label: "Server",
            hint: "mysql01.corp.example, or with a port other than 3306, mysql01.corp.example:3307",
            input: Input::Host,
            grammar: Grammar::HostAndPort,
            required: true,
            role: Role::Destination,
            ..Field::TEXT
        },
        Field {
            name: "database",
            label: "Database",
            hint: "sales, for example",
            required: true,
            role: Role::Destination,
            max_chars: 64,
            ..Field::TEXT
        },
        Field {
            name: "schema",
            label: "Schema",
            max_chars: 64,
            ..Field::TEXT
        },
        Field {
            name: "userName",
            aliases: &["username"],
            label: "User name",
            hint: "etl_reader, for example",
            required: true,
            role: Role::Account,
            max_chars: 80,
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
