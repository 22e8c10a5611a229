//! How long, how many and how much at most.

use std::time::Duration;

use serde::{Deserialize, Deserializer};

/// Time and number limits of the HTTP service. Sizes are fixed by the protocol: see [`crate::admission`].
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Open connections at the same time, all addresses together.
    pub connections: usize,
    /// Open connections at the same time from one address.
    pub connections_per_address: usize,
    /// From the accepted connection to the end of the TLS handshake. Seconds in the file.
    #[serde(rename = "handshake_seconds", deserialize_with = "seconds")]
    pub handshake: Duration,
    /// From an open connection to a complete request header. Seconds in the file.
    #[serde(rename = "header_seconds", deserialize_with = "seconds")]
    pub header: Duration,
    /// From the header to the answer, reading the body included. Seconds in the file.
    #[serde(rename = "request_seconds", deserialize_with = "seconds")]
    pub request: Duration,
    /// A connection without a running request. Seconds in the file.
    #[serde(rename = "idle_seconds", deserialize_with = "seconds")]
    pub idle: Duration,
    /// Envelopes that may wait for the private-key operation; one more is answered 503.
    pub opens_waiting: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 1024,
            connections_per_address: 128,
            handshake: Duration::from_secs(5),
            header: Duration::from_secs(10),
            request: Duration::from_secs(30),
            idle: Duration::from_secs(60),
            opens_waiting: 64,
        }
    }
}

impl Limits {
    /// The limits that would make the service useless, as key and rule.
    pub(super) fn faults(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        const RULE: &str = "must be at least 1";
        [
            ("limits.connections", self.connections == 0),
            (
                "limits.connections_per_address",
                self.connections_per_address == 0,
            ),
            ("limits.handshake_seconds", self.handshake.is_zero()),
            ("limits.header_seconds", self.header.is_zero()),
            ("limits.request_seconds", self.request.is_zero()),
            ("limits.idle_seconds", self.idle.is_zero()),
            ("limits.opens_waiting", self.opens_waiting == 0),
        ]
        .into_iter()
        .filter_map(|(key, faulty)| faulty.then_some((key, RULE)))
    }
}

/// Seconds as a whole number, at most an hour: a limit nobody would call one is a mistake.
pub(super) fn seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    let seconds = u64::deserialize(deserializer)?;
    if seconds > 3600 {
        return Err(serde::de::Error::custom("must be at most 3600 seconds"));
    }
    Ok(Duration::from_secs(seconds))
}
