//! HDFS, through WebHDFS.

use super::address;
use super::sign_in::{PASSWORD, USER_NAME, anonymous, windows};
use crate::{Field, Kind};
use language::{same, words};

pub(super) const KIND: Kind = Kind {
    id: "Hdfs",
    aliases: &["HdfsLinkedService"],
    name: "HDFS",
    target: "{url}",
    auth_types: &[
        windows(&[
            URL,
            Field {
                hint: words("hint-kerberos-user"),
                ..USER_NAME
            },
            PASSWORD,
        ]),
        anonymous(&[
            URL,
            Field {
                hint: words("hint-hadoop-user"),
                required: false,
                ..USER_NAME
            },
        ]),
    ],
};

const URL: Field = Field {
    hint: same("http://namenode01.corp.example:50070/webhdfs/v1/"),
    ..address::URL
};
