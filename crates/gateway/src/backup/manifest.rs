//! `manifest.json`: the first file of a backup. It says whose it is, and what must follow.

use std::collections::HashSet;

use envelope::{GatewayId, Kid};
use serde::{Deserialize, Serialize};

use super::member_name::{CONFIGURATION, IDENTITY, MemberName, STORE, TERMS};

/// The only version there is.
const VERSION: u8 = 1;

/// What is in a backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    v: u8,
    /// What the backup says of itself.
    #[serde(flatten)]
    pub facts: Facts,
    /// Every other file, in its order.
    pub files: Vec<Listed>,
}

/// What a backup says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// The gateway's id.
    pub gateway: GatewayId,
    /// The thumbprint of its identity key.
    pub identity: Kid,
    /// The version of the program that has made the backup.
    pub program: String,
    /// When it was made, as RFC 3339.
    pub made: String,
    /// How many credentials are in the store, as they were written last.
    pub credentials: u64,
    /// How many are not: they were damaged before, and are in the backup as they are.
    pub damaged: u64,
    /// What the store as a whole is like: [`crate::custody::verification::Whole::code`].
    pub store: String,
    /// How many envelope keys that still open something, or will.
    pub envelope_keys: u64,
    /// The number of the last event of the audit trail that the store knows.
    pub audit_through: u64,
}

/// One file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Listed {
    /// Its name.
    pub name: MemberName,
    /// Its length.
    pub bytes: u64,
    /// SHA-256 of its content, in hexadecimal.
    pub sha256: String,
}

/// The manifest is not one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ManifestError {
    /// Not JSON of this form, or a name or number in it is none.
    #[error("the backup's manifest is not one: {0}")]
    Form(String),
    /// Made by another version of the program.
    #[error(
        "the backup has format {0}, this version knows format {VERSION}; use the newer gateway"
    )]
    Version(u8),
    /// A file that no gateway can be without is not there.
    #[error("the backup has no {0}")]
    Incomplete(&'static str),
    /// Two files would go to one place.
    #[error("the backup names {0} twice")]
    Twice(MemberName),
}

impl Manifest {
    /// Puts it together.
    #[must_use]
    pub fn new(facts: Facts, files: Vec<Listed>) -> Self {
        Self {
            v: VERSION,
            facts,
            files,
        }
    }

    /// Reads it.
    ///
    /// # Errors
    /// See [`ManifestError`].
    pub fn parse(json: &[u8]) -> Result<Self, ManifestError> {
        let malformed = |error: serde_json::Error| ManifestError::Form(error.to_string());
        let version: Version = serde_json::from_slice(json).map_err(malformed)?;
        if version.v != VERSION {
            return Err(ManifestError::Version(version.v));
        }
        let manifest: Self = serde_json::from_slice(json).map_err(malformed)?;
        let mut names = HashSet::new();
        for listed in &manifest.files {
            if !names.insert(listed.name.as_str()) {
                return Err(ManifestError::Twice(listed.name.clone()));
            }
        }
        for needed in [CONFIGURATION, TERMS, STORE, IDENTITY] {
            if !names.contains(needed) {
                return Err(ManifestError::Incomplete(needed));
            }
        }
        Ok(manifest)
    }

    /// As it is written.
    ///
    /// # Errors
    /// Never: names and numbers can always be written.
    pub fn to_json(&self) -> serde_json::Result<Vec<u8>> {
        serde_json::to_vec_pretty(self)
    }
}

#[derive(Deserialize)]
struct Version {
    v: u8,
}
