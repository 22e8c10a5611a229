//! OData.

use super::address;
use super::sign_in::{PASSWORD, USERNAME, WINDOWS_USERNAME, anonymous, basic, windows};
use crate::{Field, Kind};
use language::same;

pub(super) const KIND: Kind = Kind {
    id: "OData",
    aliases: &[],
    name: "OData",
    target: "{url}",
    auth_types: &[
        basic(&[URL, USERNAME, PASSWORD]),
        windows(&[URL, WINDOWS_USERNAME, PASSWORD]),
        anonymous(&[URL]),
    ],
};

const URL: Field = Field {
    hint: same("https://odata.corp.example/sales.svc"),
    ..address::URL
};
