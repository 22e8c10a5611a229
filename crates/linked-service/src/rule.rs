//! The rules that a filled-in form can break.

use std::fmt;

/// A field and the rule that it breaks. Names the field, never its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// The field's wire name; `kind` or `auth` where those are wrong. A name that this kind does not have is cut
    /// to 64 characters, and control characters in it are replaced.
    pub field: String,
    /// What is wrong.
    pub rule: Rule,
}

impl fmt::Display for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.field)?;
        f.write_str(": ")?;
        self.rule.fmt(f)
    }
}

impl std::error::Error for FieldError {}

/// A rule that a value broke. `Display` says it to a person; [`Rule::as_str`] is the stable code for a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// A value is needed.
    Required,
    /// More than `limit` characters; for a secret, bytes.
    TooLong {
        /// The longest that is accepted.
        limit: usize,
    },
    /// A control character, a line break or a character that reorders text.
    ControlCharacter,
    /// A space at the beginning or the end.
    OuterSpace,
    /// Not a whole number in plain digits.
    NotANumber,
    /// Not a TCP port from 1 to 65535.
    OutOfRange,
    /// Not a host name or address.
    NotAHost,
    /// Not hosts with commas between them.
    NotAHostList,
    /// Not a SQL Server Data Source.
    NotADataSource,
    /// Not an `http` or `https` URL.
    NotAUrl,
    /// Not an `https` URL.
    NotAnHttpsUrl,
    /// A URL with a user name or password in it, which would be stored readable.
    CredentialInUrl,
    /// Something other than letters, digits and `_ $ # . -`.
    NotAnIdentifier,
    /// Not a host key's fingerprint.
    NotAFingerprint,
    /// Not 40 hex digits.
    NotAThumbprint,
    /// Not a file share.
    NotAFileShare,
    /// Not the connection string of an ODBC driver.
    NotAConnectionString,
    /// A connection string with a user name or a secret in it, which would be stored readable.
    CredentialInConnectionString,
    /// Not a name that an Azure Storage account can have.
    NotAStorageAccount,
    /// Not a GUID.
    NotAGuid,
    /// Not exactly two digits.
    NotTwoDigits,
    /// Not exactly three digits.
    NotThreeDigits,
    /// None of the choices.
    NotAChoice,
    /// Neither `true` nor `false`.
    NotASwitch,
    /// Not a field of this kind and authentication type.
    UnknownField,
    /// A secret among the readable properties.
    MustBeSecret,
    /// A readable property among the secrets.
    MustNotBeSecret,
    /// Exactly one of these must have a value.
    ExactlyOne(&'static [&'static str]),
    /// These are given and changed together.
    Together(&'static [&'static str]),
    /// No such kind of data store.
    UnknownKind,
    /// No such authentication type for this kind.
    UnknownAuthType,
}

impl Rule {
    /// The stable code.
    pub fn as_str(&self) -> &'static str {
        match self {
            Rule::Required => "required",
            Rule::TooLong { .. } => "too_long",
            Rule::ControlCharacter => "control_character",
            Rule::OuterSpace => "outer_space",
            Rule::NotANumber => "not_a_number",
            Rule::OutOfRange => "out_of_range",
            Rule::NotAHost => "not_a_host",
            Rule::NotAHostList => "not_a_host_list",
            Rule::NotADataSource => "not_a_data_source",
            Rule::NotAUrl => "not_a_url",
            Rule::NotAnHttpsUrl => "not_an_https_url",
            Rule::CredentialInUrl => "credential_in_url",
            Rule::NotAnIdentifier => "not_an_identifier",
            Rule::NotAFingerprint => "not_a_fingerprint",
            Rule::NotAThumbprint => "not_a_thumbprint",
            Rule::NotAFileShare => "not_a_file_share",
            Rule::NotAConnectionString => "not_a_connection_string",
            Rule::CredentialInConnectionString => "credential_in_connection_string",
            Rule::NotAStorageAccount => "not_a_storage_account",
            Rule::NotAGuid => "not_a_guid",
            Rule::NotTwoDigits => "not_two_digits",
            Rule::NotThreeDigits => "not_three_digits",
            Rule::NotAChoice => "not_a_choice",
            Rule::NotASwitch => "not_a_switch",
            Rule::UnknownField => "unknown_field",
            Rule::MustBeSecret => "must_be_secret",
            Rule::MustNotBeSecret => "must_not_be_secret",
            Rule::ExactlyOne(_) => "exactly_one",
            Rule::Together(_) => "together",
            Rule::UnknownKind => "unknown_kind",
            Rule::UnknownAuthType => "unknown_auth_type",
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Rule::Required => "Fill this in.",
            Rule::TooLong { limit } => return write!(f, "Too long: the limit is {limit}."),
            Rule::ControlCharacter => "Remove control characters and line breaks.",
            Rule::OuterSpace => "Remove the space at the beginning or the end.",
            Rule::NotANumber => "Use a whole number, in digits only.",
            Rule::OutOfRange => "Use a number from 1 to 65535.",
            Rule::NotAHost => "Use a host name or an IP address.",
            Rule::NotAHostList => {
                "Use host names or IP addresses with commas between them, without spaces."
            }
            Rule::NotADataSource => "Use host, host,port or host\\instance.",
            Rule::NotAUrl => "Use a web address that begins with https:// or http://.",
            Rule::NotAnHttpsUrl => "Use a web address that begins with https://.",
            Rule::CredentialInUrl => {
                "Take the user name and password out of the address; they have fields of their own."
            }
            Rule::NotAnIdentifier => "Use letters, digits and _ $ # . - only.",
            Rule::NotAFingerprint => {
                "Use the host key's fingerprint: SHA256:… or aa:bb:cc:… with 16 pairs."
            }
            Rule::NotAThumbprint => {
                "Use the certificate's thumbprint: 40 hex digits without spaces."
            }
            Rule::NotAFileShare => {
                "Use \\\\server\\share without a backslash at the end, or Local."
            }
            Rule::NotAConnectionString => "Use keyword=value pairs with semicolons between them.",
            Rule::CredentialInConnectionString => {
                "Take user name, password and tokens out of this; they have fields of their own."
            }
            Rule::NotAStorageAccount => "Use 3 to 24 lower-case letters and digits.",
            Rule::NotAGuid => {
                "Use 32 hex digits in groups of 8, 4, 4, 4 and 12 with hyphens between."
            }
            Rule::NotTwoDigits => "Use exactly two digits.",
            Rule::NotThreeDigits => "Use exactly three digits.",
            Rule::NotAChoice => "Choose one of the values offered.",
            Rule::NotASwitch => "Choose yes or no.",
            Rule::UnknownField => "There is no such field here.",
            Rule::MustBeSecret => "This is a secret and must be sent as one.",
            Rule::MustNotBeSecret => "This is not a secret and cannot be sent as one.",
            Rule::ExactlyOne(names) => return sentence(f, "Fill in exactly one of ", names, "."),
            Rule::Together(names) => {
                return sentence(f, "Give or leave out together: ", names, ".");
            }
            Rule::UnknownKind => "There is no such kind of data store.",
            Rule::UnknownAuthType => "This kind of data store has no such authentication type.",
        })
    }
}

fn sentence(f: &mut fmt::Formatter<'_>, before: &str, names: &[&str], after: &str) -> fmt::Result {
    f.write_str(before)?;
    for (position, name) in names.iter().enumerate() {
        if position > 0 {
            f.write_str(if position + 1 == names.len() {
                " and "
            } else {
                ", "
            })?;
        }
        f.write_str(name)?;
    }
    f.write_str(after)
}
