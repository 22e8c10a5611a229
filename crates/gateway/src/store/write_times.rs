//! How long the disk takes, for whoever watches it.

use prometheus_client::metrics::histogram::Histogram;

/// In seconds. A disk that syncs within a millisecond is as far from one that is failing as these are apart.
const BOUNDS: [f64; 12] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0,
];

/// What the writer measures; a clone is the same measurement.
#[derive(Clone)]
pub struct WriteTimes {
    /// A transaction, until it is on disk or has failed.
    pub store: Histogram,
    /// The audit lines of a transaction, until they are on disk or have failed.
    pub audit: Histogram,
}

impl Default for WriteTimes {
    fn default() -> Self {
        Self {
            store: Histogram::new(BOUNDS),
            audit: Histogram::new(BOUNDS),
        }
    }
}
