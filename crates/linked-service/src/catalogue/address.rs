//! Where a store is, and whom the gateway believes to be it.

use crate::{Field, Grammar, Input, Role};

/// A server with a port of its own field.
pub(super) const HOST: Field = Field {
    name: "host",
    label: "Host",
    hint: "store01.corp.example",
    input: Input::Host,
    grammar: Grammar::Host,
    required: true,
    role: Role::Destination,
    ..Field::TEXT
};

/// A server whose port stands behind its name, unless it is the usual one.
pub(super) const SERVER: Field = Field {
    name: "server",
    label: "Server",
    hint: "db01.corp.example, or with another port than the usual one db01.corp.example:5001",
    grammar: Grammar::HostAndPort,
    ..HOST
};

/// A port with the store's usual one as its default.
pub(super) const fn port(usual: &'static str) -> Field {
    Field {
        name: "port",
        label: "Port",
        input: Input::Port,
        required: true,
        default: Some(usual),
        role: Role::Destination,
        max_chars: 5,
        ..Field::TEXT
    }
}

pub(super) const URL: Field = Field {
    name: "url",
    label: "URL",
    input: Input::Url,
    required: true,
    role: Role::Destination,
    max_chars: 2048,
    ..Field::TEXT
};

pub(super) const DATABASE: Field = Field {
    name: "database",
    label: "Database",
    hint: "sales, for example",
    required: true,
    role: Role::Destination,
    max_chars: 128,
    ..Field::TEXT
};

pub(super) const CHECK_CERTIFICATE: Field = Field {
    name: "enableServerCertificateValidation",
    label: "Check the server's certificate",
    hint: "Without it another machine could pass for the server and read the password.",
    input: Input::Switch,
    default: Some("true"),
    role: Role::Destination,
    ..Field::TEXT
};
