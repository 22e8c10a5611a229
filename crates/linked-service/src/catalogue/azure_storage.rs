//! Azure Storage, with the account's key or a shared access signature.

use super::sign_in::basic;
use crate::{AuthType, Choice, Field, Grammar, Input, Keyword, Kind, Placement, Quoting, Role};
use language::{same, words};

pub(super) const KIND: Kind = Kind {
    id: "AzureStorage",
    aliases: &[],
    name: "Azure Storage",
    target: "{AccountName}",
    auth_types: &[ACCOUNT_KEY, SAS],
};

const ACCOUNT_KEY: AuthType = AuthType {
    id: "AccountKey",
    name: words("auth-account-key"),
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
            label: words("label-account-name"),
            hint: words("hint-storage-account"),
            grammar: Grammar::StorageAccount,
            required: true,
            role: Role::Destination,
            max_chars: 24,
            ..Field::TEXT
        },
        Field {
            name: "DefaultEndpointsProtocol",
            label: words("label-protocol"),
            hint: words("hint-without-https"),
            input: Input::Choice(&[
                Choice {
                    value: "https",
                    label: same("HTTPS"),
                },
                Choice {
                    value: "http",
                    label: words("label-http-not-encrypted"),
                },
            ]),
            required: true,
            default: Some("https"),
            role: Role::Destination,
            ..Field::TEXT
        },
        Field {
            name: "AccountKey",
            label: words("label-account-key"),
            ..Field::SECRET
        },
    ])
};

/// Whoever has the address may read the store: all of it is secret.
const SAS: AuthType = AuthType {
    id: "SAS",
    name: words("auth-sas"),
    json_type: Some("AzureStorageSas"),
    authentication_type: None,
    ..basic(&[Field {
        name: "sasUri",
        label: same("SAS URI"),
        hint: words("hint-sas-uri"),
        ..Field::SECRET
    }])
};
