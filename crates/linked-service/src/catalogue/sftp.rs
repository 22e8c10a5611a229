//! SFTP, with a password or a private key.

use super::address::{self, port};
use super::sign_in::{PASSWORD, USERNAME, basic, key_file};
use crate::aliases::aliases;
use crate::{AuthType, Condition, Constraint, Field, Grammar, Holds, Input, Kind, Role};
use language::{same, words};

pub(super) const KIND: Kind = Kind {
    id: "Sftp",
    aliases: &[],
    name: "SFTP",
    target: "{host}:{port}",
    auth_types: &[BASIC, SSH_PUBLIC_KEY],
};

const BASIC: AuthType = AuthType {
    constraints: HOST_KEY,
    ..basic(&[
        HOST,
        PORT,
        HOST_KEY_FINGERPRINT,
        SKIP_HOST_KEY_VALIDATION,
        USERNAME,
        PASSWORD,
    ])
};

/// `privateKeyPath`, a file on the gateway's machine, is left out on purpose: whoever may name a path may use every
/// key that the gateway can read.
const SSH_PUBLIC_KEY: AuthType = AuthType {
    id: "SshPublicKey",
    name: words("auth-private-key"),
    authentication_type: Some("SshPublicKey"),
    constraints: HOST_KEY,
    ..basic(&[
        HOST,
        PORT,
        HOST_KEY_FINGERPRINT,
        SKIP_HOST_KEY_VALIDATION,
        USERNAME,
        Field {
            name: "privateKeyContent",
            label: words("label-private-key"),
            hint: words("hint-private-key"),
            ..key_file(Holds::PrivateKey, "passPhrase")
        },
        Field {
            name: "passPhrase",
            aliases: aliases(&["passphrase"]),
            label: words("label-passphrase"),
            required: false,
            max_chars: 1024,
            ..Field::SECRET
        },
    ])
};

const HOST_KEY: &[Constraint] = &[Constraint::RequiredWhen(
    "hostKeyFingerprint",
    Condition::Is("skipHostKeyValidation", "false"),
)];

const HOST: Field = Field {
    hint: same("sftp.corp.example"),
    ..address::HOST
};

const PORT: Field = Field {
    hint: words("hint-ssh-port"),
    ..port("22")
};

const HOST_KEY_FINGERPRINT: Field = Field {
    name: "hostKeyFingerprint",
    aliases: aliases(&["hostKeyFingerPrint"]),
    label: words("label-host-key-fingerprint"),
    hint: words("hint-host-key-fingerprint"),
    grammar: Grammar::Fingerprint,
    role: Role::Destination,
    ..Field::TEXT
};

const SKIP_HOST_KEY_VALIDATION: Field = Field {
    name: "skipHostKeyValidation",
    label: words("label-skip-host-key-validation"),
    hint: words("hint-without-check-of-host-key"),
    input: Input::Switch,
    default: Some("false"),
    role: Role::Destination,
    ..Field::TEXT
};
