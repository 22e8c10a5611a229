//! Whether a connection has a running request, and since when it has none.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::config::Limits;

/// Shared between a connection and its requests.
#[derive(Clone)]
pub(super) struct Activity(Arc<Mutex<State>>);

struct State {
    running: usize,
    any_yet: bool,
    quiet_since: Instant,
}

/// A running request; it ends on drop.
pub(super) struct Running(Activity);

impl Activity {
    pub(super) fn new() -> Self {
        Self(Arc::new(Mutex::new(State {
            running: 0,
            any_yet: false,
            quiet_since: Instant::now(),
        })))
    }

    /// A request's header has arrived.
    pub(super) fn begin(&self) -> Running {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.running += 1;
        state.any_yet = true;
        Running(self.clone())
    }

    /// When to look again; `Err` when the connection's time is over. The first request has the header limit, whatever the
    /// protocol (hyper's own timer knows HTTP/1.1 only); later ones, and the sending of answers, have the idle limit.
    pub(super) fn deadline(&self, limits: &Limits) -> Result<Instant, Overdue> {
        let state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        if state.running > 0 {
            return Ok(now + limits.idle);
        }
        let limit: Duration = if state.any_yet {
            limits.idle
        } else {
            limits.header
        };
        let deadline = state.quiet_since + limit;
        if deadline <= now {
            Err(Overdue)
        } else {
            Ok(deadline)
        }
    }
}

/// The connection has been quiet for too long.
pub(super) struct Overdue;

impl Drop for Running {
    fn drop(&mut self) {
        let mut state = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.running -= 1;
        state.quiet_since = Instant::now();
    }
}
