//! MySQL.

use super::address;
use super::relational::{self, TARGET};
use super::sign_in::{PASSWORD, USER_NAME, basic};
use crate::{Field, Kind};
use language::words;

pub(super) const KIND: Kind = Kind {
    id: "OnPremisesMySql",
    aliases: &["OnPremisesMySQLLinkedService"],
    name: "MySQL",
    target: TARGET,
    auth_types: &[basic(&[
        Field {
            hint: words("hint-mysql-server"),
            ..address::SERVER
        },
        Field {
            max_chars: 64,
            ..address::DATABASE
        },
        Field {
            max_chars: 64,
            ..relational::SCHEMA
        },
        Field {
            max_chars: 80,
            ..USER_NAME
        },
        PASSWORD,
    ])],
};
