//! Files on a Windows or Samba share, or on the gateway's own machine.

use super::sign_in::{PASSWORD, WINDOWS_USERNAME, windows};
use crate::{AuthType, Field, Grammar, Kind, Role};

pub(super) const KIND: Kind = Kind {
    id: "OnPremisesFileServer",
    aliases: &["OnPremisesFileSystemLinkedService"],
    name: "File server",
    target: "{host}",
    auth_types: &[AuthType {
        authentication_type: None,
        ..windows(&[
            Field {
                name: "host",
                label: "Share",
                hint: "\\\\files01\\exports, or Local for the gateway's own machine",
                grammar: Grammar::FileShare,
                required: true,
                role: Role::Destination,
                ..Field::TEXT
            },
            Field {
                name: "userid",
                aliases: &["username", "User Id"],
                ..WINDOWS_USERNAME
            },
            PASSWORD,
        ])
    }],
};
