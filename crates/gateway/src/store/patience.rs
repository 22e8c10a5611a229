//! How long a database server is waited for. A machine that is gone says nothing, and TCP takes a quarter of an hour to notice.

use std::future::Future;
use std::io;
use std::time::Duration;

use tokio::time::timeout;

/// For a new connection, or for one of a pool.
pub(super) const CONNECT: Duration = Duration::from_secs(5);
/// For a sign of life on a connection that is in use.
pub(super) const SIGN_OF_LIFE: Duration = Duration::from_secs(5);
/// The same on one that another can take the place of.
pub(super) const SIGN_OF_LIFE_IN_POOL: Duration = Duration::from_secs(1);
/// For a statement: longer than the server itself lets one take.
pub(super) const STATEMENT: Duration = Duration::from_secs(12);

/// What the server answers meanwhile.
pub(super) async fn within<T>(
    patience: Duration,
    asking: impl Future<Output = Result<T, sqlx::Error>>,
) -> Result<T, sqlx::Error> {
    let answer = timeout(patience, asking).await;
    answer.unwrap_or_else(|_| Err(does_not_answer()))
}

/// A server that is not heard of is one that cannot be reached.
pub(super) fn does_not_answer() -> sqlx::Error {
    let silent = io::Error::new(io::ErrorKind::TimedOut, "the server does not answer");
    sqlx::Error::Io(silent)
}
