//! Azure SQL Database, and Azure Synapse, which is reached in the same way.

use super::sign_in::{self, basic};
use super::sql_server;
use crate::aliases::aliases;
use crate::{AuthType, Field, Grammar, Keyword, Kind, Placement};
use language::words;

pub(super) const DATABASE_KIND: Kind = Kind {
    id: "AzureSqlDatabase",
    aliases: &[],
    name: "Azure SQL Database",
    target: TARGET,
    auth_types: AUTH_TYPES,
};

pub(super) const SYNAPSE_KIND: Kind = Kind {
    id: "AzureSqlDW",
    aliases: &[],
    name: "Azure Synapse (SQL DW)",
    target: TARGET,
    auth_types: AUTH_TYPES,
};

const TARGET: &str = "{Server}/{Database}";

/// `Encrypt` is no field: these servers refuse a connection without TLS, so there is nothing to choose.
const AUTH_TYPES: &[AuthType] = &[AuthType {
    id: "SQL",
    name: words("auth-sql-authentication"),
    placement: Placement::ConnectionString,
    authentication_type: None,
    keywords: &[
        Keyword::of("Server"),
        Keyword::of("Database"),
        Keyword::of("User ID"),
        Keyword::of("Password"),
        Keyword::fixed("Encrypt", "True"),
        Keyword::of("Connection Timeout"),
    ],
    ..basic(&[
        Field {
            name: "Server",
            aliases: aliases(&["Data Source", "Address", "Addr", "Network Address"]),
            hint: words("hint-azure-sql-server"),
            ..sql_server::SERVER
        },
        Field {
            name: "Database",
            aliases: aliases(&["Initial Catalog"]),
            ..sql_server::DATABASE
        },
        Field {
            name: "User ID",
            aliases: aliases(&["UID", "User", "username", "userid"]),
            max_chars: 128,
            ..sign_in::USERNAME
        },
        Field {
            name: "Password",
            aliases: aliases(&["PWD"]),
            ..sign_in::PASSWORD
        },
        Field {
            name: "Connection Timeout",
            aliases: aliases(&["Connect Timeout", "Timeout"]),
            label: words("label-connection-timeout"),
            grammar: Grammar::Number,
            required: true,
            default: Some("30"),
            max_chars: 5,
            ..Field::TEXT
        },
    ])
}];
