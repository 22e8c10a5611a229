//! How long the page keeps what it should not keep: secrets that nobody goes on with, and a window that has done its work.
//! Times come in as arguments, in milliseconds.

/// Secrets that were typed are wiped after so long without input.
pub const IDLE_MS: f64 = 300_000.0;

/// So long before that, the person is told, and any key keeps them (WCAG 2.2, 2.2.1 asks for 20 seconds).
pub const WARNING_MS: f64 = 60_000.0;

/// After a save the window closes by itself after so long, unless it is told to stay (at least 20 seconds, as above).
pub const CLOSING_MS: f64 = 20_000.0;

/// What becomes of secrets while nobody does anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Absence {
    /// They will be wiped soon.
    Ending,
    /// They were wiped because nothing was done for long.
    Ended,
    /// They were wiped because the page was left.
    Left,
}

/// What is due after so long without input.
pub fn absence(idle_ms: f64) -> Option<Absence> {
    if idle_ms >= IDLE_MS {
        Some(Absence::Ended)
    } else if idle_ms >= IDLE_MS - WARNING_MS {
        Some(Absence::Ending)
    } else {
        None
    }
}

/// Whole seconds until a time, 0 when it has come.
pub fn seconds_until(time_ms: f64, now_ms: f64) -> u32 {
    ((time_ms - now_ms) / 1000.0).ceil() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_stay_four_minutes_are_announced_for_one_and_go() {
        let after = |seconds: f64| absence(seconds * 1000.0);
        assert_eq!(after(-3600.0), None);
        assert_eq!(after(239.9), None);
        assert_eq!(after(240.0), Some(Absence::Ending));
        assert_eq!(after(299.9), Some(Absence::Ending));
        assert_eq!(after(300.0), Some(Absence::Ended));
        // A computer that slept.
        assert_eq!(after(1e6), Some(Absence::Ended));
    }

    #[test]
    fn people_have_twenty_seconds_to_answer() {
        const { assert!(WARNING_MS >= 20_000.0 && CLOSING_MS >= 20_000.0) };
    }

    #[test]
    fn seconds_are_rounded_up_and_end_at_nothing() {
        assert_eq!(seconds_until(20_000.0, 0.0), 20);
        assert_eq!(seconds_until(20_000.0, 19_001.0), 1);
        assert_eq!(seconds_until(20_000.0, 20_000.0), 0);
        assert_eq!(seconds_until(20_000.0, 99_000.0), 0);
    }
}
