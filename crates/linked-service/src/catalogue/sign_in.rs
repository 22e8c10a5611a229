//! Who signs in, and the ways to do so that most kinds share.

use crate::aliases::aliases;
use crate::{AuthType, Field, Holds, Input, KeyFile, Placement, Role};
use language::{Wording, same, words};

/// A user name and a password, which the reference in `encryptedCredential` stands for.
pub(super) const fn basic(fields: &'static [Field]) -> AuthType {
    AuthType {
        id: "Basic",
        name: words("auth-user-name-and-password"),
        json_type: None,
        placement: Placement::EncryptedCredential,
        authentication_type: Some("Basic"),
        fields,
        constraints: &[],
        keywords: &[],
    }
}

/// The gateway signs in as a Windows user.
pub(super) const fn windows(fields: &'static [Field]) -> AuthType {
    AuthType {
        id: "Windows",
        name: words("auth-windows-authentication"),
        authentication_type: Some("Windows"),
        ..basic(fields)
    }
}

/// Nobody signs in.
pub(super) const fn anonymous(fields: &'static [Field]) -> AuthType {
    AuthType {
        id: "Anonymous",
        name: words("auth-anonymous"),
        authentication_type: Some("Anonymous"),
        ..basic(fields)
    }
}

/// The letter case of a name never matters on reading, so that `userName` needs no mention.
pub(super) const USERNAME: Field = Field {
    name: "username",
    aliases: aliases(&["userid", "User Id"]),
    label: words("label-user-name"),
    hint: words("hint-user-for-example"),
    required: true,
    role: Role::Account,
    ..Field::TEXT
};

/// The same under MySQL's, ODBC's, HDFS's and HTTP's spelling.
pub(super) const USER_NAME: Field = Field {
    name: "userName",
    ..USERNAME
};

pub(super) const WINDOWS_USERNAME: Field = Field {
    hint: WINDOWS_HINT,
    ..USERNAME
};

pub(super) const WINDOWS_HINT: Wording = same("DOMAIN\\user");

pub(super) const PASSWORD: Field = Field {
    name: "password",
    label: words("label-password"),
    ..Field::SECRET
};

/// A key file that is protected by what is in the field `passphrase`, if by anything.
pub(super) const fn key_file(holds: Holds, passphrase: &'static str) -> Field {
    Field {
        input: Input::KeyFile(KeyFile { holds, passphrase }),
        max_chars: 7168,
        ..Field::SECRET
    }
}
