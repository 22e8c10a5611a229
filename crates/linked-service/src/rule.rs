//! The rules that a filled-in form can break.

use std::fmt;

use language::{Message, Part, Sentence, message};

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
    /// Not 64 lower-case hex digits.
    NotASha256,
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
            Rule::NotASha256 => "not_a_certificate_hash",
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

impl Rule {
    /// The rule with this code, if the code is all there is to know of it.
    pub fn without_evidence(code: &str) -> Option<Rule> {
        WITHOUT_EVIDENCE
            .into_iter()
            .find(|rule| rule.as_str() == code)
    }

    /// What to do, in words.
    pub fn sentence(&self) -> Sentence {
        let message = match self {
            Rule::Required => const { message("rule-required") },
            Rule::TooLong { limit } => {
                return Sentence::new(
                    const { message("rule-too-long") },
                    [Part::Number(*limit as u64)],
                );
            }
            Rule::ControlCharacter => const { message("rule-control-character") },
            Rule::OuterSpace => const { message("rule-outer-space") },
            Rule::NotANumber => const { message("rule-not-a-number") },
            Rule::OutOfRange => const { message("rule-out-of-range") },
            Rule::NotAHost => const { message("rule-not-a-host") },
            Rule::NotAHostList => const { message("rule-not-a-host-list") },
            Rule::NotADataSource => const { message("rule-not-a-data-source") },
            Rule::NotAUrl => const { message("rule-not-a-url") },
            Rule::NotAnHttpsUrl => const { message("rule-not-an-https-url") },
            Rule::CredentialInUrl => const { message("rule-credential-in-url") },
            Rule::NotAnIdentifier => const { message("rule-not-an-identifier") },
            Rule::NotAFingerprint => const { message("rule-not-a-fingerprint") },
            Rule::NotAThumbprint => const { message("rule-not-a-thumbprint") },
            Rule::NotASha256 => const { message("rule-not-a-sha256") },
            Rule::NotAFileShare => const { message("rule-not-a-file-share") },
            Rule::NotAConnectionString => const { message("rule-not-a-connection-string") },
            Rule::CredentialInConnectionString => {
                const { message("rule-credential-in-connection-string") }
            }
            Rule::NotAStorageAccount => const { message("rule-not-a-storage-account") },
            Rule::NotAGuid => const { message("rule-not-a-guid") },
            Rule::NotTwoDigits => const { message("rule-not-two-digits") },
            Rule::NotThreeDigits => const { message("rule-not-three-digits") },
            Rule::NotAChoice => const { message("rule-not-a-choice") },
            Rule::NotASwitch => const { message("rule-not-a-switch") },
            Rule::UnknownField => const { message("rule-unknown-field") },
            Rule::MustBeSecret => const { message("rule-must-be-secret") },
            Rule::MustNotBeSecret => const { message("rule-must-not-be-secret") },
            Rule::ExactlyOne(names) => {
                return listing(const { message("rule-exactly-one") }, names);
            }
            Rule::Together(names) => return listing(const { message("rule-together") }, names),
            Rule::UnknownKind => const { message("rule-unknown-kind") },
            Rule::UnknownAuthType => const { message("rule-unknown-auth-type") },
        };
        message.into()
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.sentence().fmt(f)
    }
}

fn listing(message: Message, names: &[&str]) -> Sentence {
    Sentence::new(message, [Part::Same(names.join(", "))])
}

const WITHOUT_EVIDENCE: [Rule; 29] = [
    Rule::Required,
    Rule::ControlCharacter,
    Rule::OuterSpace,
    Rule::NotANumber,
    Rule::OutOfRange,
    Rule::NotAHost,
    Rule::NotAHostList,
    Rule::NotADataSource,
    Rule::NotAUrl,
    Rule::NotAnHttpsUrl,
    Rule::CredentialInUrl,
    Rule::NotAnIdentifier,
    Rule::NotAFingerprint,
    Rule::NotAThumbprint,
    Rule::NotASha256,
    Rule::NotAFileShare,
    Rule::NotAConnectionString,
    Rule::CredentialInConnectionString,
    Rule::NotAStorageAccount,
    Rule::NotAGuid,
    Rule::NotTwoDigits,
    Rule::NotThreeDigits,
    Rule::NotAChoice,
    Rule::NotASwitch,
    Rule::UnknownField,
    Rule::UnknownAuthType,
    Rule::MustBeSecret,
    Rule::MustNotBeSecret,
    Rule::UnknownKind,
];
