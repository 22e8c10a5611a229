//! Refused tickets cost their sender nothing, so that a flood of them must not fill the disk: past a number per minute
//! they are counted instead of written, and the next line that is written says how many.

use std::sync::{Mutex, PoisonError};

use envelope::UnixSeconds;

const LINES_PER_MINUTE: u32 = 120;

/// How many refusals may still be written in this minute: 120 at its beginning.
#[derive(Default)]
pub struct RefusalBudget {
    window: Mutex<Window>,
}

#[derive(Default)]
struct Window {
    minute: u64,
    written: u32,
    unwritten: u64,
}

impl RefusalBudget {
    /// Takes a line from the budget: how many before this one were not written. `None` when there is none left.
    pub(super) fn take(&self, now: UnixSeconds) -> Option<u64> {
        let mut window = self.window.lock().unwrap_or_else(PoisonError::into_inner);
        let minute = now.0 / 60;
        if window.minute != minute {
            window.minute = minute;
            window.written = 0;
        }
        if window.written == LINES_PER_MINUTE {
            window.unwritten += 1;
            return None;
        }
        window.written += 1;
        Some(std::mem::take(&mut window.unwritten))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_is_counted_and_the_count_is_told() {
        let budget = RefusalBudget::default();
        for _ in 0..LINES_PER_MINUTE {
            assert_eq!(budget.take(UnixSeconds(600)), Some(0));
        }
        for _ in 0..1000 {
            assert_eq!(budget.take(UnixSeconds(659)), None);
        }
        assert_eq!(budget.take(UnixSeconds(660)), Some(1000));
        assert_eq!(budget.take(UnixSeconds(660)), Some(0));
    }
}
