//! What is counted for a collector: the OpenMetrics text format, which Prometheus reads. No name, address or id is among the labels.

use std::fmt;

use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};

use crate::tls::ServerCertificate;

/// The format's media type.
pub const MEDIA_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Everything that is counted.
pub struct Metrics {
    registry: Registry,
    certificate_expiry: Gauge,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("credential_gateway");
        registry.register(
            "build",
            "Which version this is",
            Info::new([("version", env!("CARGO_PKG_VERSION"))]),
        );
        let certificate_expiry = Gauge::default();
        registry.register_with_unit(
            "certificate_expiry_timestamp",
            "When the first certificate of the served chain expires, since the Unix epoch",
            Unit::Seconds,
            certificate_expiry.clone(),
        );
        Self {
            registry,
            certificate_expiry,
        }
    }
}

impl Metrics {
    /// All of it as text, with this certificate served.
    ///
    /// # Errors
    /// [`fmt::Error`] if a metric cannot be written.
    pub fn text(&self, certificate: &ServerCertificate) -> Result<String, fmt::Error> {
        let expiry = i64::try_from(certificate.expires_at().0).unwrap_or(i64::MAX);
        self.certificate_expiry.set(expiry);
        let mut text = String::new();
        encode(&mut text, &self.registry)?;
        Ok(text)
    }
}
