//! PostgreSQL.

use crate::{AuthType, Field, Grammar, Input, Kind, Placement, Role};

pub(super) const KIND: Kind = Kind {
    id: "OnPremisesPostgreSql",
    aliases: &["OnPremisesPostgreSqlLinkedService"],
    name: "PostgreSQL",
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
            hint: "pg01.corp.example, or with a port other than 5432, pg01.corp.example:5433",
            input: Input::Host,
            grammar: Grammar::HostAndPort,
            required: true,
            role: Role::Destination,
            ..Field::TEXT
        },
        Field {
            name: "database",
            label: "Database",
            hint: "sales, for example. Upper and lower case differ.",
            required: true,
            role: Role::Destination,
            max_chars: 63,
            ..Field::TEXT
        },
        Field {
            name: "schema",
            label: "Schema",
            hint: "public, for example. Upper and lower case differ.",
            max_chars: 63,
            ..Field::TEXT
        },
        Field {
            name: "username",
            aliases: &["userName"],
            label: "User name",
            hint: "etl_reader, for example",
            required: true,
            role: Role::Account,
            max_chars: 63,
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
