//! Teradata: a server is all there is to its address.

use super::address::SERVER;
use super::sign_in::{PASSWORD, USERNAME, WINDOWS_USERNAME, anonymous, basic, windows};
use crate::Kind;

pub(super) const KIND: Kind = Kind {
    id: "OnPremisesTeradata",
    aliases: &["OnPremisesTeradataLinkedService"],
    name: "Teradata",
    target: "{server}",
    auth_types: &[
        basic(&[SERVER, USERNAME, PASSWORD]),
        windows(&[SERVER, WINDOWS_USERNAME, PASSWORD]),
        anonymous(&[SERVER]),
    ],
};
