//! MongoDB.

use super::address::{self, HOST, port};
use super::sign_in::{PASSWORD, USERNAME, anonymous, basic};
use crate::{Field, Kind, Role};

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
                label: "Authentication database",
                hint: "The database that knows the user, if it is neither admin nor the one above",
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
    label: "Server",
    ..HOST
};

const PORT: Field = port("27017");

const DATABASE: Field = Field {
    name: "databaseName",
    ..address::DATABASE
};
