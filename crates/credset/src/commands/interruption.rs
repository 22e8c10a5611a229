//! What SIGINT does.

use crate::failure::{Cause, Failure};

/// Does this unless the person presses Ctrl-C before.
///
/// # Errors
/// Those of the work, or that it was stopped.
pub(crate) async fn or<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    tokio::select! {
        // First, so that it is listened for before anything is begun.
        biased;
        _ = tokio::signal::ctrl_c() => Err(stopped()),
        done = work => done,
    }
}

/// It was stopped.
pub(crate) fn stopped() -> Failure {
    Failure::new(Cause::Interrupted, "interrupted", "Stopped")
}
