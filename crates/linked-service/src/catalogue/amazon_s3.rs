//! Amazon S3. Its address is the same for everybody.

use super::sign_in::basic;
use crate::aliases::aliases;
use crate::{AuthType, Field, Grammar, Kind, Role};
use language::{same, words};

pub(super) const KIND: Kind = Kind {
    id: "AwsAccessKey",
    aliases: &[],
    name: "Amazon S3",
    target: "",
    auth_types: &[AuthType {
        id: "AccessKey",
        name: words("auth-access-key"),
        authentication_type: None,
        ..basic(&[
            Field {
                name: "accessKeyID",
                aliases: aliases(&["accessKeyId"]),
                label: words("label-access-key-id"),
                hint: same("AKIA…"),
                grammar: Grammar::Identifier,
                required: true,
                role: Role::Account,
                max_chars: 128,
                ..Field::TEXT
            },
            Field {
                name: "secretAccessKey",
                label: words("label-secret-access-key"),
                ..Field::SECRET
            },
        ])
    }],
};
