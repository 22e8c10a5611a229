//! What the author supplies for one linked service, and what becomes of each stored secret.

use std::collections::BTreeMap;

use crate::secret::Secret;

mod plaintext;

#[cfg(feature = "seal")]
pub(crate) use plaintext::bucket;
pub(crate) use plaintext::is_bucket;

/// What is to become of one stored secret.
pub enum SecretChange {
    /// Store this value.
    Replace(Secret),
    /// Leave the stored value as it is. Valid only while destination and account stay the same.
    Keep,
    /// Remove the stored value.
    Clear,
}

/// A credential on its way: the kind of data store, how to authenticate, what is not secret and what is.
///
/// Like [`Secret`] it cannot be printed, copied, compared or serialised. `Credential::seal` consumes it.
///
/// ```compile_fail,E0277
/// fn print(credential: envelope::Credential) {
///     format!("{credential:?}");
/// }
/// ```
///
/// ```compile_fail,E0599
/// fn copy(credential: &envelope::Credential) -> envelope::Credential {
///     credential.clone()
/// }
/// ```
pub struct Credential {
    /// JSON type of the data store, "OnPremisesSqlServer" for example.
    pub kind: String,
    /// Id of the authentication type within the kind.
    pub auth: String,
    /// Properties that are not secret, destination and account among them, by their wire names.
    pub properties: BTreeMap<String, String>,
    /// Secret properties by their wire names.
    pub secrets: BTreeMap<String, SecretChange>,
}
