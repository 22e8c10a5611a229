//! FTP, with TLS unless that is switched off.

use super::address::{CHECK_CERTIFICATE, HOST, port};
use super::sign_in::{PASSWORD, USERNAME, anonymous, basic};
use crate::{Field, Input, Kind, Role};
use language::words;

pub(super) const KIND: Kind = Kind {
    id: "FtpServer",
    aliases: &[],
    name: "FTP",
    target: "{host}:{port}",
    auth_types: &[
        basic(&[
            HOST,
            PORT,
            ENABLE_SSL,
            CHECK_CERTIFICATE,
            USERNAME,
            PASSWORD,
        ]),
        anonymous(&[HOST, PORT, ENABLE_SSL, CHECK_CERTIFICATE]),
    ],
};

const PORT: Field = port("21");

const ENABLE_SSL: Field = Field {
    name: "enableSsl",
    label: words("label-encrypt"),
    hint: words("hint-without-it-files-can-be-read"),
    input: Input::Switch,
    default: Some("true"),
    role: Role::Destination,
    ..Field::TEXT
};
