//! Amazon S3. Its address is the same for everybody.

use super::sign_in::basic;
use crate::{AuthType, Field, Grammar, Kind, Role};

pub(super) const KIND: Kind = Kind {
    id: "AwsAccessKey",
    aliases: &[],
    name: "Amazon S3",
    target: "",
    auth_types: &[AuthType {
        id: "AccessKey",
        name: "Access key",
        authentication_type: None,
        ..basic(&[
            Field {
                name: "accessKeyID",
                aliases: &["accessKeyId"],
                label: "Access key ID",
                hint: "AKIA…",
                grammar: Grammar::Identifier,
                required: true,
                role: Role::Account,
                max_chars: 128,
                ..Field::TEXT
            },
            Field {
                name: "secretAccessKey",
                label: "Secret access key",
                ..Field::SECRET
            },
        ])
    }],
};
