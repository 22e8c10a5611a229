//! SAP HANA.

use super::address;
use super::sign_in::{PASSWORD, USERNAME, WINDOWS_USERNAME, basic, windows};
use crate::{Field, Kind};
use language::same;

pub(super) const KIND: Kind = Kind {
    id: "SapHana",
    aliases: &[],
    name: "SAP HANA",
    target: "{server}",
    auth_types: &[
        basic(&[SERVER, USERNAME, PASSWORD]),
        windows(&[SERVER, WINDOWS_USERNAME, PASSWORD]),
    ],
};

const SERVER: Field = Field {
    hint: same("hana01.corp.example:30015"),
    ..address::SERVER
};
