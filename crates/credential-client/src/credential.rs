//! A credential, and the secrets in it.

use std::collections::BTreeMap;

use zeroize::Zeroizing;

/// A credential as the gateway keeps it. Its secrets are wiped when it is dropped.
///
/// ```compile_fail,E0277
/// fn print(credential: credential_client::Credential) { format!("{credential:?}"); }
/// ```
///
/// ```compile_fail,E0599
/// fn copy(credential: credential_client::Credential) { credential.clone(); }
/// ```
pub struct Credential {
    pub(crate) version: u64,
    pub(crate) kind: String,
    pub(crate) auth: String,
    pub(crate) properties: BTreeMap<String, String>,
    pub(crate) secrets: BTreeMap<String, Secret>,
    pub(crate) connection_string: Secret,
}

impl Credential {
    /// Counts from 1 per linked service: what the reference in the linked service's JSON ends with.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.version
    }

    /// The kind of data store, such as `OnPremisesSqlServer`.
    #[must_use]
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// How one signs in there, such as `Basic`.
    #[must_use]
    pub fn auth(&self) -> &str {
        &self.auth
    }

    /// One of destination, account and options, by its field's name.
    #[must_use]
    pub fn property(&self, name: &str) -> Option<&str> {
        self.properties.get(name).map(String::as_str)
    }

    /// Destination, account and options, by field name.
    #[must_use]
    pub fn properties(&self) -> &BTreeMap<String, String> {
        &self.properties
    }

    /// One secret, by its field's name.
    #[must_use]
    pub fn secret(&self, name: &str) -> Option<&Secret> {
        self.secrets.get(name)
    }

    /// The names of the secrets.
    pub fn secret_names(&self) -> impl Iterator<Item = &str> {
        self.secrets.keys().map(String::as_str)
    }

    /// The connection string, which has the secrets in it.
    #[must_use]
    pub fn connection_string(&self) -> &Secret {
        &self.connection_string
    }
}

/// Text that must not leak. It cannot be printed, copied or compared, and is wiped when it is dropped.
///
/// ```compile_fail,E0277
/// fn print(secret: credential_client::Secret) { format!("{secret:?}"); }
/// ```
///
/// ```compile_fail,E0277
/// fn print(secret: credential_client::Secret) { format!("{secret}"); }
/// ```
///
/// ```compile_fail,E0599
/// fn copy(secret: credential_client::Secret) { secret.clone(); }
/// ```
pub struct Secret(pub(crate) Zeroizing<String>);

impl Secret {
    /// The text itself. Say in a comment why it is read, so that every reading can be found.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}
