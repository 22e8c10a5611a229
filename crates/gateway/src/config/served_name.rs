//! A host name or address under which the gateway may be called.

use std::fmt;
use std::net::IpAddr;

use http::uri::Authority;
use serde::{Deserialize, Deserializer};

/// The port that `https` means when none is written (RFC 9110 §4.2.2).
const HTTPS_PORT: u16 = 443;

/// `gateway.corp`, `127.0.0.1`, `::1`, or one of them with the port that the outside sees, such as `gateway.corp:443`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServedName {
    host: Host,
    port: Option<u16>,
}

/// What a certificate is issued for and what a `Host` header names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Host {
    /// A DNS name in lower case.
    Dns(String),
    /// An address.
    Address(IpAddr),
}

/// The text is not a host name or address, with or without a port.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "must be a host name or an address, optionally with a port, such as \"localhost\", \"[::1]\" or \"gateway.corp:443\""
)]
pub struct NotAName;

impl ServedName {
    /// # Errors
    /// [`NotAName`].
    pub fn parse(text: &str) -> Result<Self, NotAName> {
        if let Ok(address) = text.parse() {
            return Ok(Self {
                host: Host::Address(address),
                port: None,
            });
        }
        let authority: Authority = text.parse().map_err(|_| NotAName)?;
        let port = authority.port_u16();
        let host_ends_it = port.is_none() && authority.as_str().len() == authority.host().len();
        if authority.as_str().contains('@') || !(port.is_some() || host_ends_it) {
            return Err(NotAName);
        }
        Ok(Self {
            host: Host::parse(authority.host())?,
            port,
        })
    }

    /// The name that every machine has for itself.
    #[must_use]
    pub fn localhost() -> Self {
        Self {
            host: Host::Dns("localhost".to_owned()),
            port: None,
        }
    }

    /// Host without port, for the certificate.
    #[must_use]
    pub fn host(&self) -> &Host {
        &self.host
    }

    /// Whether a request's authority means this name, when the gateway listens on `listening`.
    #[must_use]
    pub fn admits(&self, authority: &Authority, listening: u16) -> bool {
        let expected = self.port.unwrap_or(listening);
        let port = authority.port_u16().unwrap_or(HTTPS_PORT);
        // `localhost:` and `localhost:99999` have no port number but are not the bare host either.
        let well_formed = !authority.as_str().contains('@')
            && (authority.port_u16().is_some()
                || authority.as_str().len() == authority.host().len());
        well_formed
            && port == expected
            && Host::parse(authority.host()).is_ok_and(|host| host == self.host)
    }

    /// `https://` with this name and the port that a browser needs.
    #[must_use]
    pub fn origin(&self, listening: u16) -> String {
        match self.port.unwrap_or(listening) {
            HTTPS_PORT => format!("https://{}", self.host),
            port => format!("https://{}:{port}", self.host),
        }
    }
}

impl Host {
    fn parse(text: &str) -> Result<Self, NotAName> {
        let unbracketed = text
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'))
            .unwrap_or(text);
        if let Ok(address) = unbracketed.parse() {
            return Ok(Self::Address(address));
        }
        let label_ok = |label: &str| {
            (1..=63).contains(&label.len())
                && label
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
                && !label.starts_with('-')
                && !label.ends_with('-')
        };
        if text.len() > 253 || !text.split('.').all(label_ok) {
            return Err(NotAName);
        }
        Ok(Self::Dns(text.to_ascii_lowercase()))
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dns(name) => f.write_str(name),
            Self::Address(IpAddr::V4(address)) => address.fmt(f),
            Self::Address(IpAddr::V6(address)) => write!(f, "[{address}]"),
        }
    }
}

impl fmt::Display for ServedName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.port {
            Some(port) => write!(f, "{}:{port}", self.host),
            None => self.host.fmt(f),
        }
    }
}

impl<'de> Deserialize<'de> for ServedName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}
