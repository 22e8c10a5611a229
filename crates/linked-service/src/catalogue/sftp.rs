//! SFTP, with a password or a private key.

use super::address::{self, port};
use super::sign_in::{PASSWORD, USERNAME, basic, key_file};
use crate::{AuthType, Condition, Constraint, Field, Grammar, Holds, Input, Kind, Role};

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
    name: "Private key (SSH)",
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
            label: "Private key",
            hint: "Paste, drop or choose the key file: PEM, DER, OpenSSH or PuTTY",
            ..key_file(Holds::PrivateKey, "passPhrase")
        },
        Field {
            name: "passPhrase",
            aliases: &["passphrase"],
            label: "Passphrase",
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
    hint: "sftp.corp.example",
    ..address::HOST
};

const PORT: Field = Field {
    hint: "The SSH server's port",
    ..port("22")
};

const HOST_KEY_FINGERPRINT: Field = Field {
    name: "hostKeyFingerprint",
    aliases: &["hostKeyFingerPrint"],
    label: "Host key fingerprint",
    hint: "What ssh-keygen -l prints for the server's key: SHA256:… or ssh-rsa 2048 aa:bb:…",
    grammar: Grammar::Fingerprint,
    role: Role::Destination,
    ..Field::TEXT
};

const SKIP_HOST_KEY_VALIDATION: Field = Field {
    name: "skipHostKeyValidation",
    label: "Skip host key validation",
    hint: "Another machine could pass for the server and read the password.",
    input: Input::Switch,
    default: Some("false"),
    role: Role::Destination,
    ..Field::TEXT
};
