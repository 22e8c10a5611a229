//! MySQL.

use super::address;
use super::relational::{self, TARGET};
use super::sign_in::{PASSWORD, USER_NAME, basic};
use crate::{Field, Kind};

pub(super) const KIND: Kind = Kind {
    id: "OnPremisesMySql",
    aliases: &["OnPremisesMySQLLinkedService"],
    name: "MySQL",
    target: TARGET,
    auth_types: &[basic(&[
        Field {
            hint: "mysql01.corp.example, or with a port other than 3306, mysql01.corp.example:3307",
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
