//! HDFS, through WebHDFS.

use super::address;
use super::sign_in::{PASSWORD, USER_NAME, anonymous, windows};
use crate::{Field, Kind};

pub(super) const KIND: Kind = Kind {
    id: "Hdfs",
    aliases: &["HdfsLinkedService"],
    name: "HDFS",
    target: "{url}",
    auth_types: &[
        windows(&[
            URL,
            Field {
                hint: "DOMAIN\\user, or user@domain.example for Kerberos",
                ..USER_NAME
            },
            PASSWORD,
        ]),
        anonymous(&[
            URL,
            Field {
                hint: "Whom Hadoop is to take the gateway for: hadoop, for example",
                required: false,
                ..USER_NAME
            },
        ]),
    ],
};

const URL: Field = Field {
    hint: "http://namenode01.corp.example:50070/webhdfs/v1/",
    ..address::URL
};
