//! What SIGINT, SIGTERM and SIGHUP do: work that listens comes to its end, everything else ends at once, with the terminal as it was.

#[cfg(unix)]
mod watch;

use std::sync::atomic::{AtomicBool, Ordering};

#[cfg(unix)]
pub(crate) use watch::{Signals, watch};

use crate::failure::{Cause, Failure};
#[cfg(not(unix))]
use crate::terminal::Terminal;

/// Whether an envelope is on its way whose answer is not known.
static IN_FLIGHT: AtomicBool = AtomicBool::new(false);

/// Does this unless a signal arrives before.
///
/// # Errors
/// Those of the work, or that it was stopped.
pub(crate) async fn or<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let signals = Signals::listen();
    tokio::select! {
        // First, so that it is listened for before anything is begun.
        biased;
        () = signals.next() => Err(stopped()),
        done = work => done,
    }
}

/// It was stopped.
pub(crate) fn stopped() -> Failure {
    if IN_FLIGHT.load(Ordering::Relaxed) {
        return Failure::new(
            Cause::Interrupted,
            "interrupted_in_flight",
            "Stopped: the credential may be stored already",
        )
        .advise("Look into the portal, or run `credential-gateway show` at the gateway. To store this one, get a new ticket.");
    }
    Failure::new(Cause::Interrupted, "interrupted", "Stopped")
}

/// An envelope is being sent.
pub(crate) fn sending() {
    IN_FLIGHT.store(true, Ordering::Relaxed);
}

/// What became of the envelope is known.
pub(crate) fn answered() {
    IN_FLIGHT.store(false, Ordering::Relaxed);
}

/// Ctrl-C alone.
#[cfg(not(unix))]
pub(crate) struct Signals(());

#[cfg(not(unix))]
impl Signals {
    /// From the first waiting on.
    pub(crate) fn listen() -> Self {
        Self(())
    }

    /// Waits for one.
    pub(crate) async fn next(&self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

/// Nothing has to be watched for: what is not listened for ends the process, and the prompt sees Ctrl-C itself.
#[cfg(not(unix))]
pub(crate) fn watch(_: Terminal) -> Result<(), Failure> {
    Ok(())
}
