//! Who may issue tickets: each issuer has a name, a public key, one data factory and the linked services it may touch.

pub mod mode;
pub mod pattern;
pub mod public_key;

mod origin;

use std::fs;
use std::path::{Path, PathBuf};

use envelope::{DataFactoryName, LinkedServiceName, NameError};
use serde::{Deserialize, Serialize};

use crate::config::faults;
use crate::data_folder::{self, DataFolder, FolderError};
use crate::identity::BUILT_IN_ISSUER;
use crate::tls;
pub use mode::Mode;
pub(crate) use origin::is_protected;
use origin::{can_frame, is_origin};
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
    #[serde(default = "Mode::unless_told")]
    modes: Vec<Mode>,
    key: PublicKey,
}

/// Why an issuer cannot be registered or read. Each sentence begins with the field that is meant.
#[derive(Debug, thiserror::Error)]
pub enum IssuerError {
    /// The name is not 1 to 64 of the allowed characters, or is the built-in issuer's.
    #[error(
        "name: it has 1 to {MAX_NAME_CHARS} letters, digits, \".\", \"-\" and \"_\", begins with a letter or digit, and is not \"{BUILT_IN_ISSUER}\""
    )]
    Name,
    /// The origin is not a web origin.
    #[error(
        "origin: it is written as https://host or https://host:port, in lower case, without a path, a star or the port that goes without saying"
    )]
    Origin,
    /// No mode was given, or one twice.
    #[error("modes: name each of \"popup\" and \"frame\" at most once, and one of them")]
    Modes,
    /// Nobody's origin could be permitted to frame the page.
    #[error(
        "modes: \"frame\" needs an origin, so that browsers can be told whose pages may frame this gateway's"
    )]
    FrameWithoutOrigin,
    /// The origin cannot be written into a policy.
    #[error(
        "origin: browsers take no address in brackets in frame-ancestors; give the portal a name, or leave \"frame\" out of its modes"
    )]
    NotFrameable,
    /// The factory's name is refused.
    #[error("factory: {0}")]
    Factory(#[from] NameError),
    /// No pattern for linked services was given.
    #[error("linked-services: name at least one, or \"*\" for all of the data factory")]
    NoLinkedServices,
    /// A pattern that fits no name.
    #[error("linked-services: {0:?} fits no linked service ({1})")]
    Pattern(String, NameError),
    /// The public key is refused.
    #[error("issuer-key: {0}")]
    Key(#[from] PublicKeyError),
    /// Nobody of this name is registered.
    #[error("name: no portal {0:?} is registered; `portal list` names them")]
    Unknown(String),
    /// The file is not that of an issuer.
    #[error("{path}: {message}", path = path.display())]
    Mistake {
        /// The file.
        path: PathBuf,
        /// What is wrong.
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
        modes: &[Mode],
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
            modes: modes.to_vec(),
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

    /// How its pages may show this gateway's page.
    #[must_use]
    pub fn modes(&self) -> &[Mode] {
        &self.modes
    }

    /// The origin whose pages may frame this gateway's, if any may.
    #[must_use]
    pub fn frames_from(&self) -> Option<&str> {
        let may_frame = self.modes.contains(&Mode::Frame);
        self.origin().filter(|_| may_frame)
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
        let origin = self.origin();
        if origin.is_some_and(|origin| !is_origin(origin)) {
            return Err(IssuerError::Origin);
        }
        if self.linked_services.is_empty() {
            return Err(IssuerError::NoLinkedServices);
        }
        for pattern in &self.linked_services {
            let unfit = |reason| IssuerError::Pattern(pattern.to_string(), reason);
            pattern.check().map_err(unfit)?;
        }
        let mut modes = self.modes.clone();
        modes.sort_unstable();
        modes.dedup();
        if modes.is_empty() || modes.len() < self.modes.len() {
            return Err(IssuerError::Modes);
        }
        match origin {
            _ if !modes.contains(&Mode::Frame) => Ok(()),
            None => Err(IssuerError::FrameWithoutOrigin),
            Some(origin) if !can_frame(origin) => Err(IssuerError::NotFrameable),
            Some(_) => Ok(()),
        }
    }
}

/// Registers an issuer: writes its file, which must not exist yet. A running gateway reads it at its next start.
///
/// # Errors
/// [`IssuerError::Folder`], also when an issuer of this name is already registered.
pub fn register(folder: &DataFolder, issuer: &Issuer) -> Result<PathBuf, IssuerError> {
    let path = file_of(folder, &issuer.name);
    let text = toml::to_string(issuer).map_err(|error| IssuerError::Mistake {
        path: path.clone(),
        message: error.to_string(),
    })?;
    data_folder::write_new(&path, text.as_bytes())?;
    Ok(path)
}

/// Ends a registration: removes the issuer's file. A running gateway accepts its tickets until its next start.
///
/// # Errors
/// [`IssuerError::Unknown`], [`IssuerError::Folder`].
pub fn remove(folder: &DataFolder, name: &str) -> Result<(), IssuerError> {
    // A name that breaks the rule names no file in that folder.
    if !is_issuer_name(name) {
        return Err(IssuerError::Unknown(name.to_owned()));
    }
    match data_folder::remove(&file_of(folder, name)) {
        Err(error) if error.is_not_found() => Err(IssuerError::Unknown(name.to_owned())),
        other => Ok(other?),
    }
}

/// Reads all registered issuers, by name.
///
/// # Errors
/// See [`IssuerError`]; one bad file is an error, because leaving an issuer out would refuse its tickets silently.
pub fn load(folder: &DataFolder) -> Result<Vec<Issuer>, IssuerError> {
    let mut issuers = load_each(folder)?
        .into_iter()
        .collect::<Result<Vec<_>, IssuerError>>()?;
    issuers.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(issuers)
}

/// What the registered issuers' files are altogether: SHA-256 of the list that `LC_ALL=C sha256sum *.toml` prints in their folder,
/// hexadecimal.
///
/// # Errors
/// [`FolderError`] when the folder or a file cannot be read.
pub fn digest(folder: &DataFolder) -> Result<String, FolderError> {
    let mut files = files(folder)?;
    files.sort();
    let mut list = Vec::new();
    for file in files {
        let digest = tls::sha256(&data_folder::read(&file)?);
        let name = file.file_name().unwrap_or_default();
        list.extend_from_slice(digest.as_bytes());
        list.extend_from_slice(b"  ");
        list.extend_from_slice(name.as_encoded_bytes());
        list.push(b'\n');
    }
    Ok(tls::sha256(&list))
}

/// Reads each registered issuer by itself, in no order.
///
/// # Errors
/// [`FolderError::Io`] when the folder cannot be read.
pub fn load_each(folder: &DataFolder) -> Result<Vec<Result<Issuer, IssuerError>>, FolderError> {
    Ok(files(folder)?.iter().map(|file| read(file)).collect())
}

fn files(folder: &DataFolder) -> Result<Vec<PathBuf>, FolderError> {
    let path = folder.issuers();
    let failed = FolderError::sub_folder(&path);
    let mut files = Vec::new();
    for entry in fs::read_dir(&path).map_err(&failed)? {
        let file = entry.map_err(&failed)?.path();
        if file.extension().is_some_and(|ending| ending == FILE_ENDING) {
            files.push(file);
        }
    }
    Ok(files)
}

fn read(file: &Path) -> Result<Issuer, IssuerError> {
    let mistake = |message: String| IssuerError::Mistake {
        path: file.to_owned(),
        message,
    };
    let content = data_folder::read(file)?;
    let text = std::str::from_utf8(&content).map_err(|error| mistake(error.to_string()))?;
    let issuer: Issuer = faults::read_one(text).map_err(|fault| mistake(fault.to_string()))?;
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

fn file_of(folder: &DataFolder, name: &str) -> PathBuf {
    folder.issuers().join(format!("{name}.{FILE_ENDING}"))
}

fn is_issuer_name(name: &str) -> bool {
    (1..=MAX_NAME_CHARS).contains(&name.len())
        && name.starts_with(|first: char| first.is_ascii_alphanumeric())
        && name
            .chars()
            .all(|char| char.is_ascii_alphanumeric() || ".-_".contains(char))
        && name != BUILT_IN_ISSUER
}

#[cfg(test)]
mod tests;
