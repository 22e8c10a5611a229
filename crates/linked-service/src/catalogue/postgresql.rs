//! PostgreSQL.

use super::address;
use super::relational::{self, TARGET};
use super::sign_in::{self, PASSWORD, WINDOWS_USERNAME, anonymous, basic, windows};
use crate::{Field, Kind};
use language::words;

pub(super) const KIND: Kind = Kind {
    id: "OnPremisesPostgreSql",
    aliases: &["OnPremisesPostgreSqlLinkedService"],
    name: "PostgreSQL",
    target: TARGET,
    auth_types: &[
        basic(&[SERVER, DATABASE, SCHEMA, USERNAME, PASSWORD]),
        windows(&[SERVER, DATABASE, SCHEMA, WINDOWS_USERNAME, PASSWORD]),
        anonymous(&[SERVER, DATABASE, SCHEMA]),
    ],
};

const SERVER: Field = Field {
    hint: words("hint-postgresql-server"),
    ..address::SERVER
};

const DATABASE: Field = Field {
    hint: words("hint-database-case-differs"),
    max_chars: 63,
    ..address::DATABASE
};

const SCHEMA: Field = Field {
    hint: words("hint-schema-case-differs"),
    max_chars: 63,
    ..relational::SCHEMA
};

const USERNAME: Field = Field {
    max_chars: 63,
    ..sign_in::USERNAME
};
