//! A kind of data store and the ways to authenticate to it.

use language::Wording;

use crate::{Constraint, Field, Keyword};

/// A kind of data store, as the `type` of a linked service names it.
#[derive(Debug, PartialEq, Eq)]
pub struct Kind {
    /// The JSON `type`, spelled as documented, for example `OnPremisesSqlServer`.
    pub id: &'static str,
    /// Other spellings of the id that are read and never written, such as the old cmdlet's names.
    pub aliases: &'static [&'static str],
    /// What people call it, for example `SQL Server`; the same in every language.
    pub name: &'static str,
    /// How the far end is shown to people: text with `{field}`, or `{one|other}` for the first that has a value. Where
    /// that comes to nothing, the kind's name is shown.
    pub target: &'static str,
    /// The ways to authenticate, the usual one first.
    pub auth_types: &'static [AuthType],
}

impl Kind {
    /// The authentication type with this id, in this spelling.
    pub fn auth_type(&self, id: &str) -> Option<&'static AuthType> {
        self.auth_types.iter().find(|auth| auth.id == id)
    }

    /// The authentication type that has this JSON `type` for itself, in any letter case.
    pub fn auth_type_of_json(&self, json_type: &str) -> Option<&'static AuthType> {
        let own = |own: &str| own.eq_ignore_ascii_case(json_type);
        self.auth_types
            .iter()
            .find(|auth| auth.json_type.is_some_and(own))
    }

    /// Whether a linked service with this `type` is of this kind: any letter case, any documented spelling.
    pub(crate) fn is_called(&self, json_type: &str) -> bool {
        let same = |name: &&str| name.eq_ignore_ascii_case(json_type);
        same(&self.id)
            || self.aliases.iter().any(same)
            || self.auth_type_of_json(json_type).is_some()
    }
}

/// Where in a linked service's JSON the reference to the credential stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placement {
    /// At the end of `typeProperties.connectionString`, as `;EncryptedCredential=…`.
    ConnectionString,
    /// In `typeProperties.encryptedCredential`.
    EncryptedCredential,
    /// Nowhere: no credential belongs to it.
    Nowhere,
}

/// One way to authenticate to a kind of data store.
#[derive(Debug, PartialEq, Eq)]
pub struct AuthType {
    /// Stable id, for example `SQL`, `Windows`, `Basic` or `SshPublicKey`.
    pub id: &'static str,
    /// What people call it.
    pub name: Wording,
    /// The JSON `type`, where it is not the kind's id.
    pub json_type: Option<&'static str>,
    /// Where the reference to the credential goes in the JSON.
    pub placement: Placement,
    /// The value of the JSON's `authenticationType`, for the kinds that have that member.
    pub authentication_type: Option<&'static str>,
    /// The fields in the order in which a form asks for them.
    pub fields: &'static [Field],
    /// What holds between fields.
    pub constraints: &'static [Constraint],
    /// The connection string's keywords in order. Empty: `authenticationType`, then every field under its own name.
    pub keywords: &'static [Keyword],
}

impl AuthType {
    /// The field with exactly this wire name.
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The field that somebody else's JSON or connection string means: any letter case, any documented spelling.
    pub fn field_spelled(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| {
            field.name.eq_ignore_ascii_case(name)
                || field
                    .aliases
                    .all()
                    .iter()
                    .any(|alias| alias.eq_ignore_ascii_case(name))
        })
    }
}
