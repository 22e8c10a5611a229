//! MongoDB.

use super::address::{self, HOST, port};
use super::sign_in::{PASSWORD, USERNAME, anonymous, basic};
use crate::{Field, Kind, Role};
use language::words;

pub(super) const KIND: Kind = Kind {
    id: "OnPremisesMongoDb",
    aliases: &[],
    name: "MongoDB",
    target: "{server}:{port}/{databaseName}",
    auth_types: &[
        basic(&[
            SERVER,
            PORT,
            DATABASE,
            Field {
                name: "authSource",
                label: words("label-authentication-database"),
                hint: words("hint-authentication-database"),
                role: Role::Destination,
                max_chars: 128,
                ..Field::TEXT
            },
            USERNAME,
            PASSWORD,
        ]),
        anonymous(&[SERVER, PORT, DATABASE]),
    ],
};

const SERVER: Field = Field {
    name: "server",
    label: words("label-server"),
    ..HOST
};

const PORT: Field = port("27017");

const DATABASE: Field = Field {
    name: "databaseName",
    ..address::DATABASE
};
