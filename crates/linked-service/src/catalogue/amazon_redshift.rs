//! Amazon Redshift.

use super::address::{DATABASE, HOST, port};
use super::sign_in::{PASSWORD, USERNAME, basic};
use crate::{AuthType, Field, Kind};
use language::{same, words};

pub(super) const KIND: Kind = Kind {
    id: "AmazonRedshift",
    aliases: &[],
    name: "Amazon Redshift",
    target: "{server}:{port}/{database}",
    auth_types: &[AuthType {
        authentication_type: None,
        ..basic(&[
            Field {
                name: "server",
                label: words("label-server"),
                hint: same("sales.abc123.eu-west-1.redshift.amazonaws.com"),
                ..HOST
            },
            port("5439"),
            DATABASE,
            USERNAME,
            PASSWORD,
        ])
    }],
};
