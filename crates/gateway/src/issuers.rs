//! Who may issue tickets: each issuer has a name, a public key, one data factory and the linked services it may touch.

pub mod pattern;
pub mod public_key;

use std::fs;
use std::path::{Path, PathBuf};

use envelope::{DataFactoryName, LinkedServiceName, NameError};
use serde::{Deserialize, Serialize};

use crate::data_folder::{self, DataFolder, FolderError};
use crate::identity::BUILT_IN_ISSUER;
pub use pattern::LinkedServicePattern;
pub use public_key::{PublicKey, PublicKeyError};

const FILE_ENDING: &str = "toml";
const MAX_NAME_CHARS: usize = 64;

/// A registered issuer, and the content of its file `issuers/<name>.toml`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Issuer {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    origin: Option<String>,
    factory: DataFactoryName,
    linked_services: Vec<LinkedServicePattern>,
    key: PublicKey,
}

/// Why an issuer cannot be registered or read.
#[derive(Debug, thiserror::Error)]
pub enum IssuerError {
    /// The name is not 1 to 64 of the allowed characters, or is the built-in issuer's.
    #[error(
        "an issuer's name has 1 to {MAX_NAME_CHARS} letters, digits, \".\", \"-\" and \"_\", begins with a letter or digit, and is not \"{BUILT_IN_ISSUER}\""
    )]
    Name,
    /// The origin is not a web origin.
    #[error(
        "an origin is written as https://host or https://host:port, in lower case, without a path"
    )]
    Origin,
    /// The factory's name is refused.
    #[error(transparent)]
    Factory(#[from] NameError),
    /// No pattern for linked services was given.
    #[error("name at least one linked service, or \"*\" for all of the data factory")]
    NoLinkedServices,
    /// The public key is refused.
    #[error(transparent)]
    Key(#[from] PublicKeyError),
    /// The file is not that of an issuer.
    #[error("{path}: {message}", path = path.display())]
    Mistake {
        /// The file.
        path: PathBuf,
        /// What is wrong, in the parser's words.
        message: String,
    },
    /// The file could not be read or written.
    #[error(transparent)]
    Folder(#[from] FolderError),
}

impl Issuer {
    /// An issuer as the administrator describes it. `public_key` is a PEM public key or a JWK (Ed25519 or P-256);
    /// each of `linked_services` is a name in which `*` stands for anything.
    ///
    /// # Errors
    /// Every variant of [`IssuerError`] that is not about files.
    pub fn new(
        name: &str,
        origin: Option<&str>,
        factory: DataFactoryName,
        linked_services: &[String],
        public_key: &str,
    ) -> Result<Self, IssuerError> {
        let issuer = Self {
            name: name.to_owned(),
            origin: origin.map(str::to_owned),
            factory,
            linked_services: linked_services
                .iter()
                .map(|text| LinkedServicePattern::new(text))
                .collect(),
            key: PublicKey::parse(public_key)?,
        };
        issuer.check()?;
        Ok(issuer)
    }

    /// The issuer's name, `iss` in its tickets.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The portal's web origin, to which its receipts may be posted.
    #[must_use]
    pub fn origin(&self) -> Option<&str> {
        self.origin.as_deref()
    }

    /// The data factory it is registered for.
    #[must_use]
    pub fn factory(&self) -> &DataFactoryName {
        &self.factory
    }

    /// The linked services it may touch.
    #[must_use]
    pub fn linked_services(&self) -> &[LinkedServicePattern] {
        &self.linked_services
    }

    /// The key that its tickets are signed with.
    #[must_use]
    pub fn key(&self) -> &PublicKey {
        &self.key
    }

    /// Whether it may issue tickets for this linked service.
    #[must_use]
    pub fn may_touch(&self, df: &DataFactoryName, ls: &LinkedServiceName) -> bool {
        self.factory == *df
            && self
                .linked_services
                .iter()
                .any(|pattern| pattern.matches(ls.as_str()))
    }

    fn check(&self) -> Result<(), IssuerError> {
        if !is_issuer_name(&self.name) {
            return Err(IssuerError::Name);
        }
        if self
            .origin
            .as_deref()
            .is_some_and(|origin| !is_origin(origin))
        {
            return Err(IssuerError::Origin);
        }
        if self.linked_services.is_empty() {
            return Err(IssuerError::NoLinkedServices);
        }
        Ok(())
    }
}

/// Registers an issuer: writes its file, which must not exist yet. A running gateway reads it at its next start.
///
/// # Errors
/// [`IssuerError::Folder`], also when an issuer of this name is already registered.
pub fn register(folder: &DataFolder, issuer: &Issuer) -> Result<PathBuf, IssuerError> {
    let path = folder
        .issuers()
        .join(format!("{}.{FILE_ENDING}", issuer.name));
    let text = toml::to_string(issuer).map_err(|error| IssuerError::Mistake {
        path: path.clone(),
        message: error.to_string(),
    })?;
    data_folder::write_new(&path, text.as_bytes())?;
    Ok(path)
}

/// Reads all registered issuers, by name.
///
/// # Errors
/// See [`IssuerError`]; one bad file is an error, because leaving an issuer out would refuse its tickets silently.
pub fn load(folder: &DataFolder) -> Result<Vec<Issuer>, IssuerError> {
    let path = folder.issuers();
    let failed = |source| FolderError::Io {
        path: path.clone(),
        source,
    };
    let mut issuers = Vec::new();
    for entry in fs::read_dir(&path).map_err(failed)? {
        let file = entry.map_err(failed)?.path();
        if file.extension().is_some_and(|ending| ending == FILE_ENDING) {
            issuers.push(read(&file)?);
        }
    }
    issuers.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(issuers)
}

fn read(file: &Path) -> Result<Issuer, IssuerError> {
    let mistake = |message: String| IssuerError::Mistake {
        path: file.to_owned(),
        message,
    };
    let content = data_folder::read(file)?;
    let text = std::str::from_utf8(&content).map_err(|error| mistake(error.to_string()))?;
    let issuer: Issuer =
        toml::from_str(text).map_err(|error| mistake(error.message().to_owned()))?;
    issuer.check().map_err(|error| mistake(error.to_string()))?;
    if file
        .file_stem()
        .is_none_or(|stem| stem.to_string_lossy() != issuer.name)
    {
        return Err(mistake(
            "the file is not named after the issuer in it".to_owned(),
        ));
    }
    Ok(issuer)
}

fn is_issuer_name(name: &str) -> bool {
    (1..=MAX_NAME_CHARS).contains(&name.len())
        && name.starts_with(|first: char| first.is_ascii_alphanumeric())
        && name
            .chars()
            .all(|char| char.is_ascii_alphanumeric() || ".-_".contains(char))
        && name != BUILT_IN_ISSUER
}

/// An origin in its one spelling (RFC 6454 section 6.2), so that it can be compared as text.
fn is_origin(text: &str) -> bool {
    let Ok(uri) = text.parse::<http::Uri>() else {
        return false;
    };
    let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
        return false;
    };
    let default_port = if scheme == "https" { 443 } else { 80 };
    matches!(scheme, "https" | "http")
        && !authority.as_str().contains('@')
        && authority.port_u16() != Some(default_port)
        && text == format!("{scheme}://{authority}")
        && text == text.to_ascii_lowercase()
}

#[cfg(test)]
mod tests;
