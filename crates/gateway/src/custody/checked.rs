//! An opened credential after the checks of its kind: complete, in canonical spelling, and with its destination known.

use std::collections::BTreeMap;

use envelope::{Credential, Secret, SecretChange};
use linked_service::{FieldError, SecretState, Validated, validate};

use crate::vault::record::KeptCredential;

/// A credential that may be stored, apart from the secrets that it wants to keep.
pub(super) struct Checked {
    pub(super) kind: String,
    pub(super) auth: String,
    /// With defaults filled in, so that a later change of a default does not move the destination.
    pub(super) properties: BTreeMap<String, String>,
    pub(super) target: String,
    pub(super) account: Option<String>,
    pub(super) destination: String,
    pub(super) changes: BTreeMap<String, SecretChange>,
}

impl Checked {
    /// Checks what came out of an envelope.
    ///
    /// # Errors
    /// Every rule that is broken, by field.
    pub(super) fn new(mut credential: Credential) -> Result<Self, Vec<FieldError>> {
        let states: Vec<_> = credential
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
                (name.as_str(), state)
            })
            .collect();
        let validated = validate(
            &credential.kind,
            &credential.auth,
            &credential.properties,
            &states,
        )?;
        let (kind, auth) = (
            validated.kind().id.to_owned(),
            validated.auth_type().id.to_owned(),
        );
        let properties = filled_in(&validated);
        let (target, account) = (validated.target(), validated.account());
        let destination = validated.destination();
        Ok(Self {
            kind,
            auth,
            properties,
            target,
            account,
            destination,
            changes: std::mem::take(&mut credential.secrets),
        })
    }

    /// Whether a stored secret is needed.
    pub(super) fn keeps(&self) -> bool {
        self.changes
            .values()
            .any(|change| matches!(change, SecretChange::Keep))
    }

    /// The credential to keep: new secrets as they came, kept ones from the credential stored before.
    ///
    /// # Errors
    /// The names of the secrets that cannot be kept: nothing is stored under the name, or it is stored for another
    /// destination or account. Otherwise whoever may set a credential could have a secret sent to a host of theirs.
    pub(super) fn complete(
        self,
        previous: Option<KeptCredential>,
    ) -> Result<KeptCredential, Vec<String>> {
        let mut keepable =
            previous.filter(|kept| destination_of(kept).as_ref() == Some(&self.destination));
        let mut secrets = BTreeMap::new();
        let mut required = Vec::new();
        for (name, change) in self.changes {
            match change {
                SecretChange::Replace(secret) => {
                    secrets.insert(name, secret);
                }
                SecretChange::Keep => match keepable
                    .as_mut()
                    .and_then(|kept| kept.secrets.remove(&name))
                {
                    Some(secret) => {
                        secrets.insert(name, secret);
                    }
                    None => required.push(name),
                },
                SecretChange::Clear => {}
            }
        }
        if !required.is_empty() {
            return Err(required);
        }
        Ok(KeptCredential {
            kind: self.kind,
            auth: self.auth,
            properties: self.properties,
            secrets,
        })
    }
}

/// What a kept credential's secrets are stored for; none when it no longer fits its kind's rules.
fn destination_of(kept: &KeptCredential) -> Option<String> {
    revalidated(&kept.kind, &kept.auth, &kept.properties, &kept.secrets)
        .map(|validated| validated.destination())
        .ok()
}

/// A stored credential under its kind's rules.
///
/// # Errors
/// The rules that it breaks: they have changed since it was stored.
pub(super) fn revalidated<'p>(
    kind: &str,
    auth: &str,
    properties: &'p BTreeMap<String, String>,
    secrets: &BTreeMap<String, Secret>,
) -> Result<Validated<'p>, Vec<FieldError>> {
    let state = |secret: &Secret| SecretState::Replaced {
        bytes: secret.len(),
    };
    let states: Vec<_> = secrets
        .iter()
        .map(|(name, secret)| (name.as_str(), state(secret)))
        .collect();
    validate(kind, auth, properties, &states)
}

fn filled_in(validated: &Validated<'_>) -> BTreeMap<String, String> {
    validated
        .properties()
        .map(|(field, value)| (field.name.to_owned(), value.to_owned()))
        .collect()
}
