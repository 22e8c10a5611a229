//! Any store with an ODBC driver on the gateway's machine.

use super::sign_in::{PASSWORD, USER_NAME, anonymous, basic};
use crate::{AuthType, Field, Grammar, Kind, Placement, Role};
use language::words;

pub(super) const KIND: Kind = Kind {
    id: "OnPremisesOdbc",
    aliases: &["OnPremisesOdbcLinkedService"],
    name: "ODBC",
    target: "{connectionString}",
    auth_types: &[
        AuthType {
            placement: Placement::ConnectionString,
            ..basic(&[CONNECTION_STRING, USER_NAME, PASSWORD, CREDENTIAL])
        },
        AuthType {
            placement: Placement::ConnectionString,
            ..anonymous(&[CONNECTION_STRING, CREDENTIAL])
        },
    ],
};

/// In the driver's own words. It stands in the JSON as it was typed, and has no default but what the driver does.
const CONNECTION_STRING: Field = Field {
    name: "connectionString",
    label: words("label-connection-string"),
    hint: words("hint-odbc-connection-string"),
    grammar: Grammar::Odbc,
    required: true,
    role: Role::Destination,
    max_chars: 2048,
    ..Field::TEXT
};

/// What only the driver knows the names of.
const CREDENTIAL: Field = Field {
    name: "credential",
    label: words("label-credential"),
    hint: words("hint-odbc-credential"),
    required: false,
    ..Field::SECRET
};
