//! HTTP, with a user name and password, a client's certificate, or nothing.

use super::address::{self, CHECK_CERTIFICATE};
use super::sign_in::{PASSWORD, USER_NAME, WINDOWS_HINT, anonymous, basic, key_file, windows};
use crate::{AuthType, Constraint, Field, Grammar, Holds, Kind, Role};
use language::{same, words};

pub(super) const KIND: Kind = Kind {
    id: "Http",
    aliases: &[],
    name: "HTTP",
    target: "{url}",
    auth_types: &[
        BASIC,
        AuthType {
            id: "Digest",
            name: words("auth-digest"),
            authentication_type: Some("Digest"),
            ..BASIC
        },
        windows(&[
            URL,
            CHECK_CERTIFICATE,
            Field {
                hint: WINDOWS_HINT,
                ..USER_NAME
            },
            PASSWORD,
        ]),
        CLIENT_CERTIFICATE,
        anonymous(&[URL, CHECK_CERTIFICATE]),
    ],
};

const BASIC: AuthType = basic(&[URL, CHECK_CERTIFICATE, USER_NAME, PASSWORD]);

/// The certificate and its key are given here, or were put into the certificate store of the gateway's machine.
const CLIENT_CERTIFICATE: AuthType = AuthType {
    id: "ClientCertificate",
    name: words("auth-client-certificate"),
    authentication_type: Some("ClientCertificate"),
    constraints: &[Constraint::ExactlyOne(&[
        "embeddedCertData",
        "certThumbprint",
    ])],
    ..basic(&[
        URL,
        CHECK_CERTIFICATE,
        Field {
            name: "certThumbprint",
            label: words("label-certificate-thumbprint"),
            hint: words("hint-certificate-thumbprint"),
            grammar: Grammar::Thumbprint,
            role: Role::Account,
            max_chars: 40,
            ..Field::TEXT
        },
        Field {
            name: "embeddedCertData",
            label: words("label-certificate-file"),
            hint: words("hint-certificate-file"),
            required: false,
            ..key_file(Holds::Certificate, PASSWORD.name)
        },
        Field {
            required: false,
            ..PASSWORD
        },
    ])
};

const URL: Field = Field {
    label: words("label-base-url"),
    hint: same("https://files.corp.example/export/"),
    ..address::URL
};
