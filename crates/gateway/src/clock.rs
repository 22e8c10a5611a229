//! The only place that asks what time it is. Everything below takes `now` as an argument.

use std::time::{SystemTime, UNIX_EPOCH};

use envelope::UnixSeconds;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// The system's time in whole seconds since the Unix epoch; a clock set before 1970 reads as 0, which makes every
/// ticket "not yet valid".
#[must_use]
pub fn now() -> UnixSeconds {
    UnixSeconds(
        SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| since.as_secs()),
    )
}

/// A moment as people and log collectors write it: RFC 3339 in UTC, e.g. `2026-11-23T21:13:00Z`.
/// A moment past the year 9999 is written as plain seconds.
#[must_use]
pub fn rfc3339(at: UnixSeconds) -> String {
    i64::try_from(at.0)
        .ok()
        .and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds).ok())
        .and_then(|moment| moment.format(&Rfc3339).ok())
        .unwrap_or_else(|| at.0.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_in_utc() {
        assert_eq!(rfc3339(UnixSeconds(0)), "1970-01-01T00:00:00Z");
        assert_eq!(rfc3339(UnixSeconds(1_795_468_380)), "2026-11-23T21:13:00Z");
    }

    #[test]
    fn a_moment_beyond_the_calendar_is_still_written() {
        assert_eq!(rfc3339(UnixSeconds(u64::MAX)), u64::MAX.to_string());
    }
}
