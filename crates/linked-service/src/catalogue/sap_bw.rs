//! SAP Business Warehouse.

use super::address::HOST;
use super::sign_in::{PASSWORD, USERNAME, basic};
use crate::{AuthType, Field, Grammar, Kind, Role};
use language::words;

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
                label: words("label-server"),
                ..HOST
            },
            Field {
                name: "systemNumber",
                label: words("label-system-number"),
                hint: words("hint-two-digits"),
                grammar: Grammar::TwoDigits,
                required: true,
                role: Role::Destination,
                max_chars: 2,
                ..Field::TEXT
            },
            Field {
                name: "clientId",
                label: words("label-client"),
                hint: words("hint-three-digits"),
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
