//! What is to be set: a kind, an authentication type, its fields, and what becomes of each secret. Checked by the rules that the page and
//! the gateway have.

pub(crate) mod filling;
pub(crate) mod share;

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::Args;
use envelope::{Credential, Secret, SecretChange};
use linked_service::{AuthType, Field, Kind, SecretState, Validated, validate};

use crate::failure::Failure;
use crate::secret_source::{LastLineEnd, SecretSource, named_descriptor, named_file, secret_name};

/// What is to be set.
#[derive(Args, Clone, Debug)]
pub(crate) struct FormArguments {
    /// The kind of data store, such as OnPremisesSqlServer; also by the old cmdlet's names.
    #[arg(long, value_name = "TYPE", help_heading = STORE)]
    pub(crate) kind: Option<String>,
    /// The authentication type, such as SQL, Windows or Basic [default: the usual one].
    #[arg(long, value_name = "TYPE", help_heading = STORE)]
    pub(crate) auth: Option<String>,
    /// A field that is not secret, in any of its spellings; may be repeated.
    #[arg(short, long, value_name = "NAME=VALUE", value_parser = pair, help_heading = STORE)]
    pub(crate) property: Vec<(String, String)>,
    /// Read a connection string from standard input, whatever its form; its secrets are sealed.
    #[arg(long, group = "connection-string", help_heading = STORE)]
    pub(crate) connection_string_stdin: bool,
    /// Read a connection string from a file.
    #[arg(long, value_name = "FILE", group = "connection-string", help_heading = STORE)]
    pub(crate) connection_string_file: Option<PathBuf>,
    /// Read a connection string from a file descriptor.
    #[arg(long, value_name = "N", group = "connection-string", help_heading = STORE)]
    pub(crate) connection_string_fd: Option<i32>,
    /// Trust the data store's certificate with this SHA-256, whoever signed it, for this linked service. Compare it with the data store's
    /// administrator first; `credset test` shows the one that was met.
    #[arg(long, value_name = "SHA256", value_parser = fingerprint, help_heading = STORE)]
    pub(crate) trust_certificate: Option<String>,
    /// Have the data store spoken to without TLS, where the kind has no setting of its own for it: whoever answers, or is between, gets all
    /// but the password, and what it can be guessed from. It is stored with the credential.
    #[arg(long, conflicts_with = "trust_certificate", help_heading = STORE)]
    pub(crate) unencrypted: bool,
    #[command(flatten)]
    pub(crate) secrets: SecretArguments,
}

const STORE: &str = "What is set";
const SECRETS: &str = "Secrets";

/// Where the secrets come from.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct SecretArguments {
    /// Read the password (or the key, where there is no password) from standard input.
    #[arg(long, group = "password-source", help_heading = SECRETS)]
    pub(crate) password_stdin: bool,
    /// Read the password from a file.
    #[arg(long, value_name = "FILE", group = "password-source", help_heading = SECRETS)]
    pub(crate) password_file: Option<PathBuf>,
    /// Read the password from a file descriptor, as in 3<file.
    #[arg(long, value_name = "N", group = "password-source", help_heading = SECRETS)]
    pub(crate) password_fd: Option<i32>,
    /// Read the secret of this name from standard input.
    #[arg(long, value_name = "NAME", value_parser = secret_name, help_heading = SECRETS)]
    pub(crate) secret_stdin: Option<String>,
    /// Read a secret from a file: text, or a key file in any format; may be repeated.
    #[arg(long, value_name = "NAME=FILE", value_parser = named_file, help_heading = SECRETS)]
    pub(crate) secret_file: Vec<(String, PathBuf)>,
    /// Read a secret from a file descriptor; may be repeated.
    #[arg(long, value_name = "NAME=N", value_parser = named_descriptor, help_heading = SECRETS)]
    pub(crate) secret_fd: Vec<(String, i32)>,
    /// Ask for the secret of this name on the terminal; may be repeated. What is required and not given is asked for anyway.
    #[arg(long, value_name = "NAME", value_parser = secret_name, help_heading = SECRETS)]
    pub(crate) secret_prompt: Vec<String>,
    /// Leave the secret of this name as it is stored.
    #[arg(long, value_name = "NAME", value_parser = secret_name, help_heading = SECRETS)]
    pub(crate) keep: Vec<String>,
    /// Remove the stored secret of this name.
    #[arg(long, value_name = "NAME", value_parser = secret_name, help_heading = SECRETS)]
    pub(crate) clear: Vec<String>,
    /// A line end after the last character of a secret is part of it.
    #[arg(long, help_heading = SECRETS)]
    pub(crate) verbatim: bool,
}

/// `NAME=VALUE`.
///
/// # Errors
/// Without an equals sign.
pub(crate) fn pair(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("expected NAME=VALUE")?;
    Ok((name.trim().to_owned(), value.to_owned()))
}

/// A SHA-256 in any of the ways that programs write one; whether it is one is a rule of the field's.
fn fingerprint(text: &str) -> Result<String, String> {
    let digits = text.chars().filter(|char| !matches!(char, ':' | ' '));
    Ok(digits.map(|char| char.to_ascii_lowercase()).collect())
}

/// The field that says which certificate is trusted.
///
/// # Errors
/// For a kind that shows none.
pub(super) fn trusted_certificate(kind: &Kind) -> Result<&'static Field, Failure> {
    kind.trusted_certificate()
        .ok_or_else(|| Failure::usage(format!("--trust-certificate: {} shows none", kind.name)))
}

/// The field that says that there is no TLS.
///
/// # Errors
/// For a kind that has a setting of its own for that, or no TLS.
pub(super) fn encryption(kind: &Kind) -> Result<&'static Field, Failure> {
    kind.encryption().ok_or_else(|| {
        Failure::usage(format!(
            "--unencrypted: {} has a setting of its own for that, or no TLS",
            kind.name
        ))
    })
}

/// What a secret is called on the command line.
pub(super) enum Named {
    /// The password, or the only required secret.
    Password,
    /// The one of this name.
    Field(String),
}

impl SecretArguments {
    /// Every source, with the secret that it is for.
    pub(super) fn sources(&self) -> Vec<(Named, SecretSource)> {
        let mut sources = Vec::new();
        if self.password_stdin {
            sources.push((Named::Password, SecretSource::Stdin));
        }
        let file = self.password_file.clone().map(SecretSource::File);
        let descriptor = self.password_fd.map(SecretSource::Descriptor);
        let password = file.or(descriptor);
        sources.extend(password.map(|source| (Named::Password, source)));
        let stdin = self.secret_stdin.iter();
        sources.extend(stdin.map(|name| (Named::Field(name.clone()), SecretSource::Stdin)));
        for (name, path) in &self.secret_file {
            let source = SecretSource::File(path.clone());
            sources.push((Named::Field(name.clone()), source));
        }
        for (name, number) in &self.secret_fd {
            let source = SecretSource::Descriptor(*number);
            sources.push((Named::Field(name.clone()), source));
        }
        for name in &self.secret_prompt {
            sources.push((Named::Field(name.clone()), SecretSource::Prompt));
        }
        sources
    }

    /// What a line end after a secret is.
    pub(super) fn last_line_end(&self) -> LastLineEnd {
        match self.verbatim {
            true => LastLineEnd::Kept,
            false => LastLineEnd::Dropped,
        }
    }
}

impl FormArguments {
    /// Where the connection string comes from, if there is one.
    pub(super) fn connection_string(&self) -> Option<SecretSource> {
        if self.connection_string_stdin {
            return Some(SecretSource::Stdin);
        }
        let file = self.connection_string_file.clone().map(SecretSource::File);
        file.or(self.connection_string_fd.map(SecretSource::Descriptor))
    }
}

/// A filled-in form that keeps every rule. Like the secrets in it, it can be neither printed nor copied.
pub(crate) struct CredentialForm {
    kind: &'static Kind,
    auth: &'static AuthType,
    properties: BTreeMap<String, String>,
    secrets: BTreeMap<&'static str, SecretChange>,
}

impl CredentialForm {
    /// A form with these values.
    ///
    /// # Errors
    /// Every rule that is broken, with its field.
    pub(crate) fn checked(
        kind: &'static Kind,
        auth: &'static AuthType,
        properties: BTreeMap<String, String>,
        secrets: BTreeMap<&'static str, SecretChange>,
    ) -> Result<Self, Failure> {
        let form = Self {
            kind,
            auth,
            properties,
            secrets,
        };
        form.validated()?;
        Ok(form)
    }

    /// What the form says, without secrets.
    ///
    /// # Errors
    /// As for [`Self::checked`].
    pub(crate) fn validated(&self) -> Result<Validated<'_>, Failure> {
        let states: Vec<(&str, SecretState)> = self
            .secrets
            .iter()
            .map(|(name, change)| {
                let state = match change {
                    SecretChange::Replace(secret) => SecretState::Replaced {
                        bytes: secret.len(),
                    },
                    SecretChange::Keep => SecretState::Kept,
                    SecretChange::Clear => SecretState::Cleared,
                };
                (*name, state)
            })
            .collect();
        validate(self.kind.id, self.auth.id, &self.properties, &states).map_err(Failure::fields)
    }

    /// The kind of data store.
    pub(crate) fn kind(&self) -> &'static Kind {
        self.kind
    }

    /// The credential, to be sealed. The form keeps its secrets: the gateway may have changed its key by the time that the envelope arrives.
    pub(crate) fn credential(&self) -> Credential {
        let copied = |change: &SecretChange| match change {
            SecretChange::Replace(secret) => {
                // EXPOSE: what is sealed is consumed by it, and may have to be sealed once more.
                SecretChange::Replace(Secret::new(secret.expose().to_owned()))
            }
            SecretChange::Keep => SecretChange::Keep,
            SecretChange::Clear => SecretChange::Clear,
        };
        Credential {
            kind: self.kind.id.to_owned(),
            auth: self.auth.id.to_owned(),
            properties: self.properties.clone(),
            secrets: self
                .secrets
                .iter()
                .map(|(name, change)| ((*name).to_owned(), copied(change)))
                .collect(),
        }
    }
}
