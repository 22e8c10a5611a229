//! SAP Business Warehouse.

use super::address::HOST;
use super::sign_in::{PASSWORD, USERNAME, basic};
use crate::{AuthType, Field, Grammar, Kind, Role};

pub(super) const KIND: Kind = Kind {
    id: "SapBw",
    aliases: &[],
    name: "SAP BW",
    target: "{server}/{systemNumber}/{clientId}",
    auth_types: &[AuthType {
        authentication_type: None,
        ..basic(&[
            Field {
                name: "server",
                label: "Server",
                ..HOST
            },
            Field {
                name: "systemNumber",
                label: "System number",
                hint: "Two digits, 00 for example",
                grammar: Grammar::TwoDigits,
                required: true,
                role: Role::Destination,
                max_chars: 2,
                ..Field::TEXT
            },
            Field {
                name: "clientId",
                label: "Client",
                hint: "Three digits, 800 for example",
                grammar: Grammar::ThreeDigits,
                required: true,
                role: Role::Destination,
                max_chars: 3,
                ..Field::TEXT
            },
            USERNAME,
            PASSWORD,
        ])
    }],
};
