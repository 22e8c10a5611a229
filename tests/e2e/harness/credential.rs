//! Credentials to type, made from the catalogue: whatever kind is added there is tried here.

use std::collections::BTreeMap;

use base64ct::{Base64, Encoding as _};
use linked_service::{AuthType, Constraint, Field, Grammar, Holds, Input, Kind, Role};

/// One credential, as a person would fill the form.
pub(crate) struct CredentialToType {
    pub(crate) kind: &'static Kind,
    pub(crate) auth: &'static AuthType,
    /// Values of fields that are not secret; what is missing keeps its default.
    pub(crate) properties: BTreeMap<&'static str, String>,
    /// Values of the secret fields.
    pub(crate) secrets: BTreeMap<&'static str, String>,
}

/// One credential for each authentication type of each kind.
pub(crate) fn every_way_to_sign_in() -> Vec<CredentialToType> {
    let pairs = linked_service::catalogue()
        .iter()
        .flat_map(|kind| kind.auth_types.iter().map(move |auth| (kind, auth)));
    pairs
        .map(|(kind, auth)| CredentialToType::sample(kind, auth))
        .collect()
}

impl CredentialToType {
    /// Every field filled, except where only one of several may be.
    pub(crate) fn sample(kind: &'static Kind, auth: &'static AuthType) -> Self {
        let mut credential = Self {
            kind,
            auth,
            properties: BTreeMap::new(),
            secrets: BTreeMap::new(),
        };
        for field in auth.fields {
            if field.is_secret() {
                credential
                    .secrets
                    .insert(field.name, sample_secret(kind, auth, field));
            } else if !is_the_other_choice(auth, field)
                && let Some(value) = sample_property(field)
            {
                credential.properties.insert(field.name, value);
            }
        }
        credential
    }

    /// The sample for a kind by its JSON type and an authentication type by its id.
    pub(crate) fn sample_of(kind: &str, auth: &str) -> Self {
        let kind = linked_service::kind(kind).unwrap_or_else(|| panic!("no kind {kind}"));
        let auth = kind
            .auth_type(auth)
            .unwrap_or_else(|| panic!("no authentication type {auth}"));
        Self::sample(kind, auth)
    }

    /// With this value for its password.
    pub(crate) fn with_password(mut self, value: &str) -> Self {
        let name = self.password_field();
        self.secrets.insert(name, value.to_owned());
        self
    }

    /// The field for the password.
    pub(crate) fn password_field(&self) -> &'static str {
        let mut names = self
            .secrets
            .keys()
            .filter(|name| name.eq_ignore_ascii_case("password"));
        names
            .next()
            .unwrap_or_else(|| panic!("{} has no password", self.auth.name.text()))
    }
}

fn sample_property(field: &Field) -> Option<String> {
    let value = match (field.input, field.grammar) {
        (Input::Switch | Input::Choice(_), _) => return None,
        (Input::Port, _) => "4711",
        (Input::Url, _) => "https://files.corp.example/export/",
        (_, Grammar::DataSource) => "sql01.corp.example",
        (_, Grammar::Host | Grammar::HostAndPort | Grammar::HostList) => "db01.corp.example",
        (_, Grammar::Identifier) => "SALES",
        (_, Grammar::Fingerprint) => "ssh-rsa 2048 16:27:ac:a5:76:28:2d:36:63:1b:56:4d:eb:df:a6:48",
        (_, Grammar::Thumbprint) => "0123456789abcdef0123456789abcdef01234567",
        (_, Grammar::Sha256) => return None,
        (_, Grammar::FileShare) => "\\\\files01\\exports",
        (_, Grammar::Odbc) => "Driver={SQL Server};Server=sql01;Database=Sales",
        (_, Grammar::StorageAccount) => "salesfiles",
        (_, Grammar::Guid) => "01234567-89ab-cdef-0123-456789abcdef",
        (_, Grammar::Number) => "60",
        (_, Grammar::TwoDigits) => "00",
        (_, Grammar::ThreeDigits) => "800",
        (_, Grammar::Line) if field.role == Role::Account => "etl_reader",
        (_, Grammar::Line | Grammar::Https) => "Sales",
    };
    Some(value.to_owned())
}

/// Of fields of which exactly one may be filled, the first is.
fn is_the_other_choice(auth: &AuthType, field: &Field) -> bool {
    auth.constraints.iter().any(|constraint| match constraint {
        Constraint::ExactlyOne(names) => names.iter().skip(1).any(|name| *name == field.name),
        _ => false,
    })
}

fn sample_secret(kind: &Kind, auth: &AuthType, field: &Field) -> String {
    let opens_a_key_file =
        |other: &Field| matches!(other.input, Input::KeyFile(key) if key.passphrase == field.name);
    match field.input {
        Input::KeyFile(key) => match key.holds {
            Holds::PrivateKey => PRIVATE_KEY.to_owned(),
            Holds::Certificate => Base64::encode_string(CERTIFICATE),
        },
        _ if auth.fields.iter().any(opens_a_key_file) => PASSPHRASE.to_owned(),
        _ if field.name.eq_ignore_ascii_case("username") => "CORP\\svc-copy".to_owned(),
        _ => format!("{}·{}·{}; p%ss\"w{{o}}rd'", kind.id, auth.id, field.name),
    }
}

// Test keys, in the form that is stored.
const PRIVATE_KEY: &str =
    include_str!("../../../crates/key-file/tests/keys/files/ed25519.encrypted.openssh");
const CERTIFICATE: &[u8] =
    include_bytes!("../../../crates/key-file/tests/keys/files/p-256.aes.pfx");

/// What opens both.
pub(crate) const PASSPHRASE: &str = "correct horse";
