//! Who keeps the KEK: `[kek]` of the configuration, and where each provider's part of it lies.

use std::path::{Path, PathBuf};

use kek::local::LocalKek;
use kek::pkcs11::{TokenKek, TokenPlace};
use kek::{Kek, KekError, systemd_creds};
use serde::Deserialize;
use zeroize::Zeroizing;

use super::secret_line;
use crate::config::template::quoted;
use crate::data_folder::{self, DataFolder, FolderError};

/// Where a unit's opened credentials are (systemd.exec(5)).
const CREDENTIALS_DIRECTORY: &str = "CREDENTIALS_DIRECTORY";

/// `[kek]` of the configuration.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(
    tag = "provider",
    rename_all = "kebab-case",
    rename_all_fields = "snake_case",
    deny_unknown_fields
)]
pub enum KekSettings {
    /// `kek.key` in the data folder.
    File {},
    /// `kek.cred` in the data folder, sealed by systemd-creds for this machine; or what the unit's
    /// `LoadCredentialEncrypted=` hands over.
    SystemdCreds {
        /// What it is sealed with, for `init`: the program's `--with-key=`.
        #[serde(default = "auto")]
        with_key: String,
    },
    /// An AES key in a PKCS#11 token.
    Pkcs11 {
        /// The module: a shared library.
        module: PathBuf,
        /// The token's label.
        token: String,
        /// The key's label.
        #[serde(default = "default_key")]
        key: String,
        /// A file for the owner only with the token's PIN.
        pin_file: PathBuf,
    },
}

impl Default for KekSettings {
    fn default() -> Self {
        Self::File {}
    }
}

fn auto() -> String {
    "auto".to_owned()
}

fn default_key() -> String {
    systemd_creds::NAME.to_owned()
}

/// Why the provider gives no KEK. Each sentence says what to do.
#[derive(Debug, thiserror::Error)]
pub enum ProviderError {
    /// The file is not there. Never answered by making a new key: that would orphan everything protected.
    #[error(
        "{0} is missing; what is stored can be read only with this file, so put it back from the backup"
    )]
    Missing(PathBuf),
    /// Not a key file, or bytes of it have changed.
    #[error("{0} is damaged or not a key file; put it back from the backup")]
    Damaged(PathBuf),
    /// The provider does not do what was asked.
    #[error("the KEK of the provider {provider}: {source}; {advice}")]
    Refused {
        /// The provider's name.
        provider: &'static str,
        /// What it said.
        source: KekError,
        /// What to do.
        advice: &'static str,
    },
    /// The file with the PIN cannot be read.
    #[error(
        "the file with the PIN: {0}; put it there, for its owner only, or correct pin_file in [kek] of gateway.toml"
    )]
    Pin(FolderError),
    /// The file with the PIN is not text.
    #[error("{0} has no PIN in it")]
    NoPin(PathBuf),
    /// A file could not be read or written.
    #[error(transparent)]
    Folder(#[from] FolderError),
}

impl ProviderError {
    /// There is no KEK, as far as can be told: nothing was ever made, or it is lost.
    #[must_use]
    pub fn is_missing(&self) -> bool {
        matches!(
            self,
            Self::Missing(_)
                | Self::Refused {
                    source: KekError::Missing(_),
                    ..
                }
        )
    }
}

impl KekSettings {
    /// The provider's name, as written in the configuration and in `keyring.json`.
    #[must_use]
    pub fn provider(&self) -> &'static str {
        match self {
            Self::File {} => "file",
            Self::SystemdCreds { .. } => "systemd-creds",
            Self::Pkcs11 { .. } => "pkcs11",
        }
    }

    /// What holds it: what a person must put back when it is not the right one.
    #[must_use]
    pub fn holder(&self) -> &'static str {
        match self {
            Self::File {} => "kek.key",
            Self::SystemdCreds { .. } => "kek.cred",
            Self::Pkcs11 { .. } => "token",
        }
    }

    /// The section of the configuration that says the same.
    #[must_use]
    pub fn section(&self) -> String {
        let provider = self.provider();
        let more = match self {
            Self::File {} => String::new(),
            Self::SystemdCreds { with_key } => format!("with_key = {}\n", quoted(with_key)),
            Self::Pkcs11 {
                module,
                token,
                key,
                pin_file,
            } => format!(
                "module = {}\ntoken = {}\nkey = {}\npin_file = {}\n",
                quoted(&module.to_string_lossy()),
                quoted(token),
                quoted(key),
                quoted(&pin_file.to_string_lossy())
            ),
        };
        format!("[kek]\nprovider = \"{provider}\"\n{more}")
    }

    /// Takes relative paths from the configuration's folder.
    pub fn resolve_paths(&mut self, folder: &Path) {
        if let Self::Pkcs11 { pin_file, .. } = self {
            *pin_file = folder.join(&pin_file);
        }
    }

    /// The KEK that there is.
    ///
    /// # Errors
    /// See [`ProviderError`].
    pub fn open(&self, folder: &DataFolder) -> Result<Kek, ProviderError> {
        match self {
            Self::File {} => {
                let path = folder.kek();
                let text = existing(&path)?;
                Ok(LocalKek::parse(&text)
                    .map_err(|_| ProviderError::Damaged(path))?
                    .into())
            }
            Self::SystemdCreds { .. } => {
                if let Some(kek) = self.handed_over()? {
                    return Ok(kek.into());
                }
                let sealed = existing(&folder.kek_credential())?;
                let kek = systemd_creds::open(&sealed).map_err(|error| self.refused(error))?;
                Ok(kek.into())
            }
            Self::Pkcs11 { pin_file, .. } => {
                let kek = TokenKek::open(&self.place(), pin(pin_file)?);
                Ok(kek.map_err(|error| self.refused(error))?.into())
            }
        }
    }

    /// Whether there is what [`KekSettings::open`] begins with. Neither systemd-creds nor a token is asked for anything: that takes
    /// rights that only the service may have, and wrong tries of a PIN may be counted.
    ///
    /// # Errors
    /// See [`ProviderError`].
    pub fn check(&self, folder: &DataFolder) -> Result<(), ProviderError> {
        match self {
            Self::File {} => self.open(folder).map(drop),
            Self::SystemdCreds { .. } => match self.handed_over()? {
                Some(_) => Ok(()),
                None => existing(&folder.kek_credential()).map(drop),
            },
            Self::Pkcs11 { .. } => self.check_named(),
        }
    }

    /// As much of [`KekSettings::check`] as needs no data folder: the files that the configuration names.
    ///
    /// # Errors
    /// See [`ProviderError`].
    pub fn check_named(&self) -> Result<(), ProviderError> {
        let Self::Pkcs11 { pin_file, .. } = self else {
            return Ok(());
        };
        pin(pin_file)?;
        let module = self.place().check_module();
        module.map_err(|error| self.refused(error))
    }

    /// Makes a KEK where there is none.
    ///
    /// # Errors
    /// See [`ProviderError`]. A file that is there is not overwritten.
    pub fn make(&self, folder: &DataFolder) -> Result<Kek, ProviderError> {
        let generate = || LocalKek::generate().map_err(|error| self.refused(error));
        match self {
            Self::File {} => {
                let kek = generate()?;
                data_folder::write_new(&folder.kek(), kek.to_text().as_bytes())?;
                Ok(kek.into())
            }
            Self::SystemdCreds { with_key } => {
                let kek = generate()?;
                let sealed =
                    systemd_creds::seal(&kek, with_key).map_err(|error| self.not_made(error))?;
                data_folder::write_new(&folder.kek_credential(), &sealed)?;
                Ok(kek.into())
            }
            Self::Pkcs11 { pin_file, .. } => {
                let kek = TokenKek::open_or_make(&self.place(), pin(pin_file)?);
                Ok(kek.map_err(|error| self.refused(error))?.into())
            }
        }
    }

    /// What the unit that this process is has been given by systemd.
    fn handed_over(&self) -> Result<Option<LocalKek>, ProviderError> {
        let Some(given) = std::env::var_os(CREDENTIALS_DIRECTORY) else {
            return Ok(None);
        };
        systemd_creds::loaded(Path::new(&given)).map_err(|error| self.refused(error))
    }

    fn place(&self) -> TokenPlace {
        match self {
            Self::Pkcs11 {
                module, token, key, ..
            } => TokenPlace {
                module: module.clone(),
                token: token.clone(),
                key: key.clone(),
            },
            _ => TokenPlace {
                module: PathBuf::new(),
                token: String::new(),
                key: String::new(),
            },
        }
    }

    fn not_made(&self, source: KekError) -> ProviderError {
        ProviderError::Refused {
            provider: self.provider(),
            source,
            advice: "nothing was made; look at --kek-with-key, which is what `systemd-creds encrypt --with-key` takes",
        }
    }

    fn refused(&self, source: KekError) -> ProviderError {
        let advice = match self {
            Self::File {} => "put kek.key back from the backup",
            Self::SystemdCreds { .. } if !rustix::process::geteuid().is_root() => {
                "only root opens it, and a unit to which systemd gives it: LoadCredentialEncrypted= for the service, `systemd-run` for a command"
            }
            Self::SystemdCreds { .. } => {
                "it opens on the machine that sealed it only: start there, or restore a backup here"
            }
            Self::Pkcs11 { .. } => "look at [kek] in gateway.toml, the PIN's file and the token",
        };
        ProviderError::Refused {
            provider: self.provider(),
            source,
            advice,
        }
    }
}

fn existing(path: &Path) -> Result<Zeroizing<Vec<u8>>, ProviderError> {
    match data_folder::read_private(path) {
        Err(error) if error.is_not_found() => Err(ProviderError::Missing(path.to_owned())),
        other => Ok(other?),
    }
}

fn pin(path: &Path) -> Result<Zeroizing<String>, ProviderError> {
    let content = data_folder::read_private(path).map_err(ProviderError::Pin)?;
    secret_line(&content)
        .filter(|pin| !pin.is_empty())
        .ok_or_else(|| ProviderError::NoPin(path.to_owned()))
}
