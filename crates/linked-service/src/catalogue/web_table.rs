//! A table in a web page. There is nothing to sign in with, and so nothing to refer to.

use super::address;
use super::sign_in::anonymous;
use crate::{AuthType, Field, Kind, Placement};
use language::same;

pub(super) const KIND: Kind = Kind {
    id: "Web",
    aliases: &[],
    name: "Web table",
    target: "{url}",
    auth_types: &[AuthType {
        placement: Placement::Nowhere,
        ..anonymous(&[Field {
            hint: same("https://www.example.org/tables/"),
            ..address::URL
        }])
    }],
};
