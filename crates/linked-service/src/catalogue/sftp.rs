//! SFTP, with a password or a private key.

use crate::{AuthType, Condition, Constraint, Field, Grammar, Input, Kind, Placement, Role};

pub(super) const KIND: Kind = Kind {
    id: "Sftp",
    aliases: &[],
    name: "SFTP",
    placement: Placement::EncryptedCredential,
    target: "{host}:{port}",
    auth_types: &[BASIC, SSH_PUBLIC_KEY],
};

const BASIC: AuthType = AuthType {
    id: "Basic",
    name: "User name and password",
    authentication_type: Some("Basic"),
    fields: &[
        HOST,
        PORT,
        HOST_KEY_FINGERPRINT,
        SKIP_HOST_KEY_VALIDATION,
        USERNAME,
        Field {
            name: "password",
            label: "Password",
            ..Field::SECRET
        },
    ],
    constraints: HOST_KEY,
    keywords: &[],
};

/// `privateKeyPath`, a file on the gateway's machine, is left out on purpose: whoever may name a path may use every
/// key that the gateway can read.
const SSH_PUBLIC_KEY: AuthType = AuthType {
    id: "SshPublicKey",
    name: "Private key (SSH)",
    authentication_type: Some("SshPublicKey"),
    fields: &[
        HOST,
        PORT,
        HOST_KEY_FINGERPRINT,
        SKIP_HOST_KEY_VALIDATION,
        USERNAME,
        Field {
            name: "privateKeyContent",
            label: "Private key",
            hint: "The key file's whole text, from -----BEGIN to -----END with its line breaks",
            input: Input::SecretLines,
            max_chars: 7168,
            ..Field::SECRET
        },
        Field {
            name: "passPhrase",
            aliases: &["passphrase"],
            label: "Passphrase",
            hint: "Only if the key file is protected by one",
            required: false,
            max_chars: 1024,
            ..Field::SECRET
        },
    ],
    constraints: HOST_KEY,
    keywords: &[],
};

const HOST_KEY: &[Constraint] = &[Constraint::RequiredWhen(
    "hostKeyFingerprint",
    Condition::Is("skipHostKeyValidation", "false"),
)];

const HOST: Field = Field {
    name: "host",
    label: "Host",
    hint: "sftp.corp.example",
    input: Input::Host,
    grammar: Grammar::Host,
    required: true,
    role: Role::Destination,
    ..Field::TEXT
};

const PORT: Field = Field {
    name: "port",
    label: "Port",
    hint: "The SSH server's port",
    input: Input::Port,
    required: true,
    default: Some("22"),
    role: Role::Destination,
    max_chars: 5,
    ..Field::TEXT
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

const USERNAME: Field = Field {
    name: "username",
    aliases: &["userName"],
    label: "User name",
    hint: "etl_reader, for example",
    required: true,
    role: Role::Account,
    ..Field::TEXT
};
