//! `gateway.toml`: what the administrator decides.
//!
//! Every key is documented in the file that `init` writes (see [`template`]). Unknown keys are refused, so that a misspelt limit is
//! not silently a default.

pub mod keys;
pub mod limits;
pub mod served_name;
pub mod template;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use envelope::context::GatewayId;
use serde::Deserialize;

use crate::keyring::provider::KekSettings;

pub use keys::Keys;
pub use limits::Limits;
pub use served_name::ServedName;

/// The port that the page and the API are served on unless the configuration says otherwise.
pub const DEFAULT_PORT: u16 = 8050;

/// The gateway's configuration, checked.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The gateway's id: what tickets name as their audience and envelopes are bound to.
    pub id: GatewayId,
    /// The name that people read on the page.
    pub name: String,
    /// Address and port of the page and the API. Port 0 takes any free one.
    #[serde(default = "default_listen")]
    pub listen: SocketAddr,
    /// Address of `/healthz` and `/readyz`, loopback only; none switches them off.
    #[serde(default)]
    pub health_listen: Option<SocketAddr>,
    /// Host names and addresses under which the gateway may be called; the first is used in links.
    pub names: Vec<ServedName>,
    /// Folder with the built page; none serves the API alone.
    #[serde(default)]
    pub page: Option<PathBuf>,
    /// Certificate and key to use instead of the ones that `init` made.
    #[serde(default)]
    pub tls: Option<TlsFiles>,
    /// Who keeps the key-encryption key.
    #[serde(default)]
    pub kek: KekSettings,
    /// How long envelope keys are used.
    #[serde(default)]
    pub keys: Keys,
    /// Time, size and number limits.
    #[serde(default)]
    pub limits: Limits,
}

/// PEM files that replace the self-made certificate.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TlsFiles {
    /// Certificate chain, leaf first.
    pub certificate: PathBuf,
    /// The leaf's private key (PKCS#8, PKCS#1 or SEC1).
    pub key: PathBuf,
}

/// Why the configuration cannot be used. Each sentence names the file and what to do.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error(
        "the configuration {} cannot be read ({source}); run `credential-gateway init --data-folder DIR` to make one, or name the folder that has it with --data-folder",
        path.display()
    )]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// Not TOML, an unknown key, or a value of the wrong form.
    #[error("the configuration {} has a mistake: {message}; correct it and start again", path.display())]
    Mistake {
        /// The file.
        path: PathBuf,
        /// Line, key and rule as the parser tells them.
        message: String,
    },
    /// A value that has the right form but cannot work.
    #[error("the configuration {} cannot be used: `{key}` {rule}", path.display())]
    Unusable {
        /// The file.
        path: PathBuf,
        /// The key.
        key: &'static str,
        /// What it must be.
        rule: &'static str,
    },
}

impl Config {
    /// Reads and checks the configuration file. Relative paths in it are taken from the file's folder.
    ///
    /// # Errors
    /// See [`ConfigError`].
    pub fn load(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path).map_err(|source| ConfigError::Unreadable {
            path: path.to_owned(),
            source,
        })?;
        let mut config = Self::parse(&text, path)?;
        if let Some(folder) = path.parent() {
            config.resolve_paths(folder);
        }
        Ok(config)
    }

    /// Checks a configuration text; `path` is named in errors only.
    ///
    /// # Errors
    /// [`ConfigError::Mistake`] and [`ConfigError::Unusable`].
    pub fn parse(text: &str, path: &Path) -> Result<Self, ConfigError> {
        let config: Self = toml::from_str(text).map_err(|error| ConfigError::Mistake {
            path: path.to_owned(),
            message: error.to_string().trim().replace('\n', " "),
        })?;
        match config.first_fault() {
            None => Ok(config),
            Some((key, rule)) => Err(ConfigError::Unusable {
                path: path.to_owned(),
                key,
                rule,
            }),
        }
    }

    fn first_fault(&self) -> Option<(&'static str, &'static str)> {
        if self.names.is_empty() {
            return Some((
                "names",
                "must have at least one host name, for example \"localhost\"",
            ));
        }
        if self.name.is_empty()
            || self.name.chars().count() > 200
            || self.name.chars().any(char::is_control)
        {
            return Some((
                "name",
                "must have 1 to 200 characters and no control characters",
            ));
        }
        if self
            .health_listen
            .is_some_and(|address| !address.ip().is_loopback())
        {
            return Some((
                "health_listen",
                "must be a loopback address, for example \"127.0.0.1:8052\"",
            ));
        }
        self.keys.first_fault().or(self.limits.first_fault())
    }

    fn resolve_paths(&mut self, folder: &Path) {
        if let Some(page) = &mut self.page {
            *page = folder.join(&page);
        }
        self.kek.resolve_paths(folder);
        if let Some(tls) = &mut self.tls {
            tls.certificate = folder.join(&tls.certificate);
            tls.key = folder.join(&tls.key);
        }
    }

    /// The origin that links begin with, given the port that is really listened on: `https://localhost:8050`.
    #[must_use]
    pub fn origin(&self, port: u16) -> String {
        match self.names.first() {
            Some(name) => name.origin(port),
            None => ServedName::localhost().origin(port),
        }
    }
}

fn default_listen() -> SocketAddr {
    SocketAddr::from((Ipv4Addr::LOCALHOST, DEFAULT_PORT))
}

#[cfg(test)]
mod tests;
