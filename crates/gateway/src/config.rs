//! `gateway.toml`: what the administrator decides.
//!
//! Every key is documented in the file that `init` writes (see [`template`]). Unknown keys are refused, so that a misspelt limit is
//! not silently a default.

pub mod audit;
pub mod credential_socket;
pub mod faults;
pub mod keys;
pub mod limits;
pub mod served_name;
pub mod template;
pub mod test;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use envelope::context::GatewayId;
use serde::Deserialize;

use crate::data_folder;
use crate::keyring::provider::KekSettings;
use crate::store::postgresql::Server;
use crate::tls;

pub use audit::Audit;
pub use credential_socket::CredentialSocket;
pub use faults::Fault;
pub use keys::Keys;
pub use limits::Limits;
pub use served_name::ServedName;
pub use test::Test;

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
    /// How the audit trail is kept.
    #[serde(default)]
    pub audit: Audit,
    /// The store that is shared with other gateways; none for one in the data folder.
    #[serde(default)]
    pub store: Option<Server>,
    /// Where local processes fetch credentials; none switches it off.
    #[serde(default)]
    pub credential_socket: Option<CredentialSocket>,
    /// Where a credential may be tried, and what follows from it.
    #[serde(default)]
    pub test: Test,
    /// Time, size and number limits.
    #[serde(default)]
    pub limits: Limits,
}

/// PEM files that replace the self-made certificate.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TlsFiles {
    /// Certificate chain, leaf first.
    pub certificate: PathBuf,
    /// The leaf's private key (PKCS#8, PKCS#1 or SEC1).
    pub key: PathBuf,
    /// The root that the chain ends at, if it is neither in the chain nor among the system's authorities.
    #[serde(default)]
    pub root: Option<PathBuf>,
}

/// Why the configuration cannot be used. Each sentence names the file and what to do.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file is not there.
    #[error(
        "there is no configuration {}; run `credential-gateway init --data-folder DIR` to make one, or name the folder that has it with --data-folder",
        .0.display()
    )]
    Missing(PathBuf),
    /// The file cannot be read.
    #[error("the configuration {} cannot be read ({reason}); it is a text in UTF-8 that the user who runs the gateway may read", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        reason: String,
    },
    /// Not TOML, unknown keys, values of the wrong form or that cannot work: all of them.
    #[error("the configuration {} {}", path.display(), listed(faults))]
    Faulty {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        faults: Vec<Fault>,
    },
}

/// One fault in the sentence, several on lines of their own.
fn listed(faults: &[Fault]) -> String {
    match faults {
        [fault] => format!("has a mistake: {fault}; correct it and start again"),
        _ => {
            let lines: String = faults.iter().map(|fault| format!("\n  {fault}")).collect();
            let number = faults.len();
            format!("has {number} mistakes; correct them and start again:{lines}")
        }
    }
}

impl Config {
    /// Reads and checks the configuration file. Relative paths in it are taken from the file's folder.
    ///
    /// # Errors
    /// See [`ConfigError`].
    pub fn load(path: &Path) -> Result<Self, ConfigError> {
        Self::load_with_digest(path).map(|(config, _)| config)
    }

    /// As [`Config::load`], and the SHA-256 of the very bytes that were read, hexadecimal.
    ///
    /// # Errors
    /// As [`Config::load`].
    pub fn load_with_digest(path: &Path) -> Result<(Self, String), ConfigError> {
        let unreadable = |reason: String| ConfigError::Unreadable {
            path: path.to_owned(),
            reason,
        };
        let text = data_folder::read(path).map_err(|error| match error.is_not_found() {
            true => ConfigError::Missing(path.to_owned()),
            false => unreadable(error.reason()),
        })?;
        let digest = tls::sha256(&text);
        let text = str::from_utf8(&text).map_err(|error| unreadable(error.to_string()))?;
        let mut config = Self::parse(text, path)?;
        if let Some(folder) = path.parent() {
            config.resolve_paths(folder);
        }
        Ok((config, digest))
    }

    /// Checks a configuration text; `path` is named in errors only.
    ///
    /// # Errors
    /// [`ConfigError::Faulty`].
    pub fn parse(text: &str, path: &Path) -> Result<Self, ConfigError> {
        faults::read(text).map_err(|faults| ConfigError::Faulty {
            path: path.to_owned(),
            faults,
        })
    }

    /// Values that have the right form and cannot work, as key and rule.
    fn faults(&self) -> Vec<(&'static str, &'static str)> {
        let name_fits = (1..=200).contains(&self.name.chars().count())
            && !self.name.chars().any(char::is_control);
        let health = self.health_listen;
        let own = [
            (
                "health_listen",
                "must have another port than `listen`",
                health.is_some_and(|health| is_same(self.listen, health)),
            ),
            (
                "names",
                "must have at least one host name, for example \"localhost\"",
                self.names.is_empty(),
            ),
            (
                "name",
                "must have 1 to 200 characters and no control characters",
                !name_fits,
            ),
            (
                "health_listen",
                "must be a loopback address, for example \"127.0.0.1:8052\"",
                health.is_some_and(|address| !address.ip().is_loopback()),
            ),
        ];
        let own = own
            .into_iter()
            .filter_map(|(key, rule, faulty)| faulty.then_some((key, rule)));
        let socket = self.credential_socket.iter();
        own.chain(self.keys.faults())
            .chain(self.audit.faults())
            .chain(self.limits.faults())
            .chain(socket.flat_map(CredentialSocket::faults))
            .chain(self.store.iter().flat_map(Server::faults))
            .collect()
    }

    fn resolve_paths(&mut self, folder: &Path) {
        if let Some(page) = &mut self.page {
            *page = folder.join(&page);
        }
        self.kek.resolve_paths(folder);
        if let Some(tls) = &mut self.tls {
            tls.certificate = folder.join(&tls.certificate);
            tls.key = folder.join(&tls.key);
            if let Some(root) = &mut tls.root {
                *root = folder.join(&root);
            }
        }
        self.audit.resolve_paths(folder);
        if let Some(store) = &mut self.store {
            store.resolve_paths(folder);
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

/// Whether what listens at one of them is in the way of the other.
fn is_same(listen: SocketAddr, health: SocketAddr) -> bool {
    let (one, other) = (listen.ip(), health.ip());
    let covers = one == other
        || match one {
            IpAddr::V4(one) => one.is_unspecified() && other.is_ipv4(),
            // IPv4 as well, unless the system says otherwise.
            IpAddr::V6(one) => one.is_unspecified(),
        };
    listen.port() != 0 && listen.port() == health.port() && covers
}

fn default_listen() -> SocketAddr {
    SocketAddr::from((Ipv4Addr::LOCALHOST, DEFAULT_PORT))
}

#[cfg(test)]
mod tests;
