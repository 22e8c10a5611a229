//! Whether a connection has a running request, and since when it has none.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

use crate::config::Limits;

/// Shared between a connection and its requests.
#[derive(Clone)]
pub(super) struct Activity(Arc<Shared>);

struct Shared {
    state: Mutex<State>,
    fell_quiet: Notify,
}

struct State {
    running: usize,
    any_yet: bool,
    quiet_since: Instant,
}

/// A running request; it ends on drop.
pub(super) struct Running(Activity);

impl Activity {
    pub(super) fn new() -> Self {
        let state = State {
            running: 0,
            any_yet: false,
            quiet_since: Instant::now(),
        };
        Self(Arc::new(Shared {
            state: Mutex::new(state),
            fell_quiet: Notify::new(),
        }))
    }

    /// Returns when a request has ended: the deadline is nearer then.
    pub(super) async fn fell_quiet(&self) {
        self.0.fell_quiet.notified().await;
    }

    /// A request's header has arrived.
    pub(super) fn begin(&self) -> Running {
        let mut state = self.lock();
        state.running += 1;
        state.any_yet = true;
        Running(self.clone())
    }

    /// When to look again; `Err` when the connection's time is over. The first request has the header limit, whatever the
    /// protocol (hyper's own timer knows HTTP/1.1 only); later ones, and the sending of answers, have the idle limit.
    pub(super) fn deadline(&self, limits: &Limits) -> Result<Instant, Overdue> {
        let state = self.lock();
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

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The connection has been quiet for too long.
pub(super) struct Overdue;

impl Drop for Running {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.running -= 1;
        state.quiet_since = Instant::now();
        drop(state);
        self.0.0.fell_quiet.notify_one();
    }
}
