//! The shape that DB2, Sybase and PostgreSQL have in common: a server, a database, a schema, and three ways to sign in.

use super::address::{DATABASE, SERVER};
use super::sign_in::{PASSWORD, USERNAME, WINDOWS_USERNAME, anonymous, basic, windows};
use crate::{AuthType, Field};
use language::words;

pub(super) const TARGET: &str = "{server}/{database}";

pub(super) const AUTH_TYPES: &[AuthType] = &[
    basic(&[SERVER, DATABASE, SCHEMA, USERNAME, PASSWORD]),
    windows(&[SERVER, DATABASE, SCHEMA, WINDOWS_USERNAME, PASSWORD]),
    anonymous(&[SERVER, DATABASE, SCHEMA]),
];

pub(super) const SCHEMA: Field = Field {
    name: "schema",
    label: words("label-schema"),
    max_chars: 128,
    ..Field::TEXT
};
