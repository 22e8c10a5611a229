//! How long envelope keys are used.

use std::time::Duration;

use serde::Deserialize;

use crate::custody::KeyTimes;

/// `[keys]` of the configuration.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Keys {
    active_days: u64,
    retiring_hours: u64,
}

impl Default for Keys {
    fn default() -> Self {
        Self {
            active_days: 30,
            retiring_hours: 24,
        }
    }
}

impl Keys {
    /// The same as custody takes it.
    #[must_use]
    pub fn times(&self) -> KeyTimes {
        let hours = |hours: u64| Duration::from_secs(hours.saturating_mul(60 * 60));
        KeyTimes {
            active: hours(self.active_days.saturating_mul(24)),
            retiring: hours(self.retiring_hours),
        }
    }

    /// The times that cannot work, as key and rule. An hour is more than the longest life of a ticket.
    pub(super) fn faults(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        [
            (
                "keys.active_days",
                "must be 1 to 3650",
                1..=3650,
                self.active_days,
            ),
            (
                "keys.retiring_hours",
                "must be 1 to 8760",
                1..=8760,
                self.retiring_hours,
            ),
        ]
        .into_iter()
        .filter_map(|(key, rule, range, value)| (!range.contains(&value)).then_some((key, rule)))
    }
}
