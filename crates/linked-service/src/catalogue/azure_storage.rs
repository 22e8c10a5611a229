//! Azure Storage, with the account's key or a shared access signature.

use super::sign_in::basic;
use crate::{AuthType, Choice, Field, Grammar, Input, Keyword, Kind, Placement, Quoting, Role};

pub(super) const KIND: Kind = Kind {
    id: "AzureStorage",
    aliases: &[],
    name: "Azure Storage",
    target: "{AccountName}",
    auth_types: &[ACCOUNT_KEY, SAS],
};

const ACCOUNT_KEY: AuthType = AuthType {
    id: "AccountKey",
    name: "Account key",
    placement: Placement::ConnectionString,
    authentication_type: None,
    keywords: &[
        Keyword::of("DefaultEndpointsProtocol"),
        Keyword::of("AccountName"),
        Keyword {
            quoting: Quoting::ToSemicolon,
            ..Keyword::of("AccountKey")
        },
    ],
    ..basic(&[
        Field {
            name: "AccountName",
            label: "Account name",
            hint: "salesfiles, for example",
            grammar: Grammar::StorageAccount,
            required: true,
            role: Role::Destination,
            max_chars: 24,
            ..Field::TEXT
        },
        Field {
            name: "DefaultEndpointsProtocol",
            label: "Protocol",
            hint: "Without HTTPS the files can be read on the network.",
            input: Input::Choice(&[
                Choice {
                    value: "https",
                    label: "HTTPS",
                },
                Choice {
                    value: "http",
                    label: "HTTP, not encrypted",
                },
            ]),
            required: true,
            default: Some("https"),
            role: Role::Destination,
            ..Field::TEXT
        },
        Field {
            name: "AccountKey",
            label: "Account key",
            ..Field::SECRET
        },
    ])
};

/// Whoever has the address may read the store: all of it is secret.
const SAS: AuthType = AuthType {
    id: "SAS",
    name: "Shared access signature (SAS)",
    json_type: Some("AzureStorageSas"),
    authentication_type: None,
    ..basic(&[Field {
        name: "sasUri",
        label: "SAS URI",
        hint: "The whole address with its signature: https://….blob.core.windows.net/…?sv=…&sig=…",
        ..Field::SECRET
    }])
};
