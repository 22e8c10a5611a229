//! A field: one thing to fill in, and everything that is known about it.

use language::{Wording, same};

use crate::aliases::{Aliases, aliases};

/// One field of an authentication type.
///
/// The tables write a field as what differs from [`Field::TEXT`].
#[derive(Debug, PartialEq, Eq)]
pub struct Field {
    /// Name among the credential's properties or secrets: the documented JSON or connection-string spelling.
    pub name: &'static str,
    /// Other documented spellings, read and never written.
    pub aliases: Aliases,
    /// What people call it.
    pub label: Wording,
    /// An example or an explanation; never a default.
    pub hint: Wording,
    /// How it is asked for.
    pub input: Input,
    /// What its text has to look like, beyond what `input` says.
    pub grammar: Grammar,
    /// Whether it must have a value.
    pub required: bool,
    /// A real value that holds where nothing else is given.
    pub default: Option<&'static str>,
    /// What it is for.
    pub role: Role,
    /// Longest value: in characters, for a secret in UTF-8 bytes.
    pub max_chars: usize,
}

impl Field {
    /// A plain optional line of text that changes how, not where.
    pub const TEXT: Field = Field {
        name: "",
        aliases: aliases(&[]),
        label: same(""),
        hint: same(""),
        input: Input::Text,
        grammar: Grammar::Line,
        required: false,
        default: None,
        role: Role::Option,
        max_chars: 255,
    };

    /// A required secret on one line.
    pub const SECRET: Field = Field {
        input: Input::Secret,
        required: true,
        role: Role::Secret,
        max_chars: 4096,
        ..Field::TEXT
    };

    /// Whether the value is sealed and never shown.
    pub fn is_secret(&self) -> bool {
        self.role == Role::Secret
    }
}

/// How a field is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    /// One line.
    Text,
    /// A host name or address, with whatever the field's [`Grammar`] allows around it.
    Host,
    /// A TCP port, 1 to 65535.
    Port,
    /// An `http` or `https` URL without credentials.
    Url,
    /// One of these.
    Choice(&'static [Choice]),
    /// `true` or `false`.
    Switch,
    /// One line that nobody may see.
    Secret,
    /// A key file, text or bytes, that nobody may see.
    KeyFile(KeyFile),
}

/// What belongs to an [`Input::KeyFile`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyFile {
    /// What has to be in it.
    pub holds: Holds,
    /// The name of the field for its passphrase.
    pub passphrase: &'static str,
}

/// What a key file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// A private key, in any format of its own.
    PrivateKey,
    /// A certificate with its private key: PKCS#12, also known as PFX.
    Certificate,
}

/// One answer to an [`Input::Choice`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The value as it is stored.
    pub value: &'static str,
    /// What people read.
    pub label: Wording,
}

/// What the text of an [`Input::Text`], [`Input::Host`] or [`Input::Url`] has to look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grammar {
    /// Anything on one line.
    Line,
    /// A host name, an IPv4 or an IPv6 address.
    Host,
    /// A host, optionally with `:port`; an IPv6 address with a port is in brackets.
    HostAndPort,
    /// Hosts with commas between them.
    HostList,
    /// SQL Server's Data Source: `host`, `host,port`, `host\instance`, `.` or `(local)`, optionally after `tcp:`.
    DataSource,
    /// Letters, digits and `_ $ # . -`, as in an Oracle SID or service name.
    Identifier,
    /// An SSH host key's fingerprint: MD5 in colon-separated hex or SHA-256 in base64, optionally after type and size.
    Fingerprint,
    /// A certificate's SHA-1 thumbprint: 40 hex digits.
    Thumbprint,
    /// A certificate's SHA-256: 64 lower-case hex digits.
    Sha256,
    /// `\\server\share`, which may go on with folders, or `Local`.
    FileShare,
    /// The part of an ODBC connection string that may be read by anybody.
    Odbc,
    /// An `https` URL.
    Https,
    /// An Azure Storage account's name: 3 to 24 lower-case letters and digits.
    StorageAccount,
    /// 32 hex digits in five groups.
    Guid,
    /// A whole number.
    Number,
    /// Exactly two digits.
    TwoDigits,
    /// Exactly three digits.
    ThreeDigits,
}

/// What a field is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Decides where a secret is sent or who can read it on the way: a stored secret is kept only while it stays the same.
    Destination,
    /// Who signs in. A stored secret is kept only while it stays the same.
    Account,
    /// Anything else that may change freely.
    Option,
    /// A secret.
    Secret,
}
