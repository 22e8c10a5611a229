//! What is tried: one line of JSON, from the parent's memory to the child's through a pipe.

mod destination;
mod fingerprint;

use std::collections::BTreeMap;

use envelope::Secret;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::policy::Policy;

#[cfg(feature = "s3")]
pub(crate) use destination::AMAZON_S3;
pub(crate) use destination::MICROSOFT_LOGIN;
pub use fingerprint::{BadFingerprint, Fingerprint};

/// As large as a request may be, in bytes: the largest credential, key files included, leaves room.
pub const MAX_BYTES: usize = 1024 * 1024;

/// Where the data store is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Destination {
    /// A name or an address.
    pub host: String,
    /// The port.
    pub port: u16,
}

/// Whether the connection is encrypted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Encryption {
    /// With TLS, or not at all.
    #[default]
    Required,
    /// Without, as chosen.
    Off,
}

/// How long the child tries, in milliseconds. The parent has limits of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// For all of it.
    pub total_ms: u64,
    /// For the connection.
    pub connect_ms: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            total_ms: 12_000,
            connect_ms: 5_000,
        }
    }
}

/// One test.
pub struct Request {
    /// The kind of data store, as `linked-service` names it.
    pub kind: String,
    /// Where it is.
    pub destination: Destination,
    /// Where one signs in, if that is elsewhere. A test goes there under the same policy.
    pub sign_in: Option<Destination>,
    /// Its way to log in, as `linked-service` names it.
    pub auth: String,
    /// Whether the connection is encrypted.
    pub encryption: Encryption,
    /// Fields that are no secrets, by name (`username`, `database`).
    pub properties: BTreeMap<String, String>,
    /// Fields that are, by name (`password`).
    pub secrets: BTreeMap<String, Secret>,
    /// Where a test may go.
    pub policy: Policy,
    /// Certificates that are trusted for this linked service, whoever signed them.
    pub trusted: Vec<Fingerprint>,
    /// Authorities, each in PEM, that are trusted beside the system's.
    pub authorities: Vec<String>,
    /// How long it may take.
    pub limits: Limits,
}

/// Why a request is none. It says nothing of what is in it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is no request for a test")]
pub struct NotARequest;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written<Text> {
    v: u8,
    kind: String,
    destination: Destination,
    #[serde(default)]
    sign_in: Option<Destination>,
    auth: String,
    #[serde(default)]
    encryption: Encryption,
    #[serde(default)]
    properties: BTreeMap<String, String>,
    secrets: BTreeMap<String, Text>,
    #[serde(default)]
    policy: Policy,
    #[serde(default)]
    trusted: Vec<Fingerprint>,
    #[serde(default)]
    authorities: Vec<String>,
    #[serde(default)]
    limits: Limits,
}

impl Request {
    /// Reads the JSON that [`Request::to_json`] writes.
    ///
    /// # Errors
    /// [`NotARequest`].
    pub fn parse(json: &[u8]) -> Result<Self, NotARequest> {
        let written: Written<Arrived> = serde_json::from_slice(json).map_err(|_| NotARequest)?;
        if written.v != crate::report::VERSION {
            return Err(NotARequest);
        }
        let secrets = written.secrets.into_iter();
        let secrets = secrets.map(|(name, arrived)| (name, arrived.0)).collect();
        let within = Destination::of_secret(&written.kind, &written.auth, &secrets);
        Ok(Self {
            secrets,
            destination: within.unwrap_or(written.destination),
            sign_in: written.sign_in,
            kind: written.kind,
            auth: written.auth,
            encryption: written.encryption,
            properties: written.properties,
            policy: written.policy,
            trusted: written.trusted,
            authorities: written.authorities,
            limits: written.limits,
        })
    }

    /// The JSON for the child's standard input, secrets included: for a pipe and nothing else.
    ///
    /// # Errors
    /// [`NotARequest`] when it is larger than a child reads.
    pub fn to_json(&self) -> Result<Zeroizing<Vec<u8>>, NotARequest> {
        let mut secrets = BTreeMap::new();
        for (name, secret) in &self.secrets {
            // EXPOSE: the child that tries it reads it from a pipe.
            secrets.insert(name.clone(), secret.expose());
        }
        let written = Written {
            v: crate::report::VERSION,
            kind: self.kind.clone(),
            destination: self.destination.clone(),
            sign_in: self.sign_in.clone(),
            auth: self.auth.clone(),
            encryption: self.encryption,
            properties: self.properties.clone(),
            secrets,
            policy: self.policy.clone(),
            trusted: self.trusted.clone(),
            authorities: self.authorities.clone(),
            limits: self.limits,
        };
        // One allocation: a growing Vec would leave unwiped copies behind.
        let mut json = Zeroizing::new(Vec::with_capacity(MAX_BYTES));
        serde_json::to_writer(Room(&mut json), &written).map_err(|_| NotARequest)?;
        Ok(json)
    }

    /// A property, if it is there and not empty.
    pub(crate) fn property(&self, name: &str) -> Option<&str> {
        let value = self.properties.get(name).map(String::as_str);
        value.filter(|value| !value.is_empty())
    }

    /// A secret, if it is there and not empty.
    pub(crate) fn secret(&self, name: &str) -> Option<&Secret> {
        let secret = self.secrets.get(name);
        secret.filter(|secret| !secret.is_empty())
    }
}

/// A secret that is wiped even if the rest turns out to be wrong.
struct Arrived(Secret);

impl<'de> Deserialize<'de> for Arrived {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self(Secret::new(text)))
    }
}

/// Writes into what is there, and never beyond.
struct Room<'a>(&'a mut Vec<u8>);

impl std::io::Write for Room<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if self.0.capacity() - self.0.len() < bytes.len() {
            return Err(std::io::ErrorKind::WriteZero.into());
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests;
