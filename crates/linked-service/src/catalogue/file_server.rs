//! Files on a Windows or Samba share, or on the gateway's own machine.

use super::sign_in::{PASSWORD, WINDOWS_USERNAME, windows};
use crate::aliases::aliases;
use crate::{AuthType, Field, Grammar, Kind, Role};
use language::words;

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
                label: words("label-share"),
                hint: words("hint-file-share"),
                grammar: Grammar::FileShare,
                required: true,
                role: Role::Destination,
                ..Field::TEXT
            },
            Field {
                name: "userid",
                aliases: aliases(&["username", "User Id"]),
                ..WINDOWS_USERNAME
            },
            PASSWORD,
        ])
    }],
};
