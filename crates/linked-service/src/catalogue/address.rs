//! Where a store is, and whom the gateway believes to be it.

use crate::{Field, Grammar, Input, Role};
use language::{same, words};

/// A server with a port of its own field.
pub(super) const HOST: Field = Field {
    name: "host",
    label: words("label-host"),
    hint: same("store01.corp.example"),
    input: Input::Host,
    grammar: Grammar::Host,
    required: true,
    role: Role::Destination,
    ..Field::TEXT
};

/// A server whose port stands behind its name, unless it is the usual one.
pub(super) const SERVER: Field = Field {
    name: "server",
    label: words("label-server"),
    hint: words("hint-db2-server"),
    grammar: Grammar::HostAndPort,
    ..HOST
};

/// A port with the store's usual one as its default.
pub(super) const fn port(usual: &'static str) -> Field {
    Field {
        name: "port",
        label: words("label-port"),
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
    label: same("URL"),
    input: Input::Url,
    required: true,
    role: Role::Destination,
    max_chars: 2048,
    ..Field::TEXT
};

pub(super) const DATABASE: Field = Field {
    name: "database",
    label: words("label-database"),
    hint: words("hint-database"),
    required: true,
    role: Role::Destination,
    max_chars: 128,
    ..Field::TEXT
};

pub(super) const CHECK_CERTIFICATE: Field = Field {
    name: "enableServerCertificateValidation",
    label: words("label-check-certificate"),
    hint: words("hint-without-check-of-certificate"),
    input: Input::Switch,
    default: Some("true"),
    role: Role::Destination,
    ..Field::TEXT
};
