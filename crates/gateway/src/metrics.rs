//! What is counted for a collector: the OpenMetrics text format, which Prometheus reads. The values of labels are words of this program:
//! each is a `&'static str`, so that no name, address or id of a request, a linked service, an origin or a person can be one. All series
//! are there from the start.

mod labels;

use std::fmt;

use envelope::UnixSeconds;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};

use crate::custody::candidate::Ended;
use crate::custody::census::InUseSince;
use crate::custody::last_tests::LastTests;
use crate::problem::{CODES, Refusal};
use crate::store::write_times::WriteTimes;
use crate::tls::ServerCertificate;
use labels::{ByCode, ByKey, ByListener, ByOutcome};
pub use labels::{Listener, Saved};

/// The format's media type.
pub const MEDIA_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Everything that is counted.
pub struct Metrics {
    registry: Registry,
    certificate_expiry: Gauge,
    key_in_use_since: Family<ByKey, Gauge>,
    saves: Family<ByOutcome, Counter>,
    tests: Tests,
    last_tests: Family<ByOutcome, Gauge>,
    oldest_last_test: Gauge,
    refusals: Family<ByCode, Counter>,
    connections: Family<ByListener, Gauge>,
    connections_refused: Family<ByListener, Counter>,
}

/// What is counted of tests at data stores, for callers.
#[derive(Clone, Default)]
pub struct Tests(Family<ByOutcome, Counter>);

/// What is counted of one listener's connections; none of it is told unless it comes from [`Metrics::connections`].
#[derive(Clone, Default)]
pub struct Connections {
    open: Gauge,
    refused: Counter,
}

/// An open connection; counted until it is dropped.
pub(crate) struct OpenConnection(Gauge);

impl Metrics {
    /// With what the writer measures.
    #[must_use]
    pub fn new(writing: &WriteTimes) -> Self {
        let mut registry = Registry::with_prefix("credential_gateway");
        let version = Info::new([("version", env!("CARGO_PKG_VERSION"))]);
        registry.register("build", "Which version this is", version);
        let it = Self {
            registry,
            certificate_expiry: Gauge::default(),
            key_in_use_since: Family::default(),
            saves: Family::default(),
            tests: Tests::default(),
            last_tests: Family::default(),
            oldest_last_test: Gauge::default(),
            refusals: Family::default(),
            connections: Family::default(),
            connections_refused: Family::default(),
        };
        it.with_all_series().registered(writing)
    }

    fn with_all_series(self) -> Self {
        for key in [ENVELOPE, STORE] {
            drop(self.key_in_use_since.get_or_create(&ByKey { key }));
        }
        for outcome in Saved::ALL.map(Saved::as_str) {
            drop(self.saves.get_or_create(&ByOutcome { outcome }));
        }
        for outcome in labels::ENDS {
            drop(self.tests.0.get_or_create(&ByOutcome { outcome }));
        }
        for outcome in labels::VERDICTS {
            drop(self.last_tests.get_or_create(&ByOutcome { outcome }));
        }
        for code in CODES {
            drop(self.refusals.get_or_create(&ByCode { code }));
        }
        for listener in Listener::ALL {
            drop(self.connections(listener));
        }
        self
    }

    fn registered(mut self, writing: &WriteTimes) -> Self {
        let registry = &mut self.registry;
        registry.register_with_unit(
            "certificate_expiry_timestamp",
            "When the first certificate of the served chain expires, since the Unix epoch",
            Unit::Seconds,
            self.certificate_expiry.clone(),
        );
        registry.register_with_unit(
            "key_in_use_since_timestamp",
            "Since when the key that everything new is sealed for (envelope) or protected under (store) is in use, since the Unix epoch",
            Unit::Seconds,
            self.key_in_use_since.clone(),
        );
        registry.register(
            "saves",
            "Calls that set a credential, by outcome",
            self.saves.clone(),
        );
        registry.register(
            "tests",
            "Tests of a credential at its data store for callers, by outcome",
            self.tests.0.clone(),
        );
        registry.register(
            "last_tests",
            "Stored credentials by the outcome of their last test",
            self.last_tests.clone(),
        );
        registry.register_with_unit(
            "oldest_last_test_timestamp",
            "When the one of the stored credentials' last tests ended that is the longest ago, since the Unix epoch; 0 if none was tested",
            Unit::Seconds,
            self.oldest_last_test.clone(),
        );
        registry.register(
            "refusals",
            "Calls of the page and the API that were refused, by code of the problem document",
            self.refusals.clone(),
        );
        registry.register("connections", "Open connections", self.connections.clone());
        registry.register(
            "connections_refused",
            "Connections that were closed at once, because too many were open",
            self.connections_refused.clone(),
        );
        registry.register_with_unit(
            "store_write",
            "How long a transaction of the store took until it was on disk",
            Unit::Seconds,
            writing.store.clone(),
        );
        registry.register_with_unit(
            "audit_append",
            "How long the audit lines of a transaction took until they were on disk",
            Unit::Seconds,
            writing.audit.clone(),
        );
        self
    }

    /// Counts a call that sets a credential.
    pub fn count_save(&self, saved: Saved) {
        let outcome = saved.as_str();
        self.saves.get_or_create(&ByOutcome { outcome }).inc();
    }

    /// What counts tests at data stores.
    #[must_use]
    pub fn tests(&self) -> Tests {
        self.tests.clone()
    }

    /// Counts a refused call.
    pub fn count_refusal(&self, refusal: &Refusal) {
        let code = refusal.code();
        self.refusals.get_or_create(&ByCode { code }).inc();
    }

    /// What counts the connections of a listener.
    #[must_use]
    pub fn connections(&self, listener: Listener) -> Connections {
        let by = ByListener {
            listener: listener.as_str(),
        };
        Connections {
            open: self.connections.get_or_create(&by).clone(),
            refused: self.connections_refused.get_or_create(&by).clone(),
        }
    }

    /// The last tests of what is stored. Without an answer of the store they stay as they were.
    pub fn set_last_tests(&self, tests: &LastTests) {
        self.oldest_last_test.set(seconds(tests.oldest));
        for (outcome, count) in labels::VERDICTS
            .into_iter()
            .zip([tests.passed, tests.failed])
        {
            let told = self.last_tests.get_or_create(&ByOutcome { outcome });
            told.set(i64::try_from(count).unwrap_or(i64::MAX));
        }
    }

    /// All of it as text, with this certificate served and these keys in use.
    ///
    /// # Errors
    /// [`fmt::Error`] if a metric cannot be written.
    pub fn text(
        &self,
        certificate: &ServerCertificate,
        keys: &InUseSince,
    ) -> Result<String, fmt::Error> {
        self.certificate_expiry
            .set(seconds(certificate.expires_at()));
        for (key, since) in [(ENVELOPE, keys.envelope), (STORE, keys.store)] {
            let told = self.key_in_use_since.get_or_create(&ByKey { key });
            told.set(seconds(since));
        }
        let mut text = String::new();
        encode(&mut text, &self.registry)?;
        Ok(text)
    }
}

/// The envelope key that is active.
const ENVELOPE: &str = "envelope";

/// The keyring's term that is active.
const STORE: &str = "store";

fn seconds(time: UnixSeconds) -> i64 {
    i64::try_from(time.0).unwrap_or(i64::MAX)
}

impl Tests {
    /// One has ended.
    pub(crate) fn count(&self, ended: &Ended) {
        let outcome = labels::end(ended);
        self.0.get_or_create(&ByOutcome { outcome }).inc();
    }
}

impl Connections {
    /// One more is open.
    pub(crate) fn opened(&self) -> OpenConnection {
        self.open.inc();
        OpenConnection(self.open.clone())
    }

    /// One was closed at once.
    pub(crate) fn refused(&self) {
        self.refused.inc();
    }
}

impl Drop for OpenConnection {
    fn drop(&mut self) {
        self.0.dec();
    }
}
