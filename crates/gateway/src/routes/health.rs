//! `GET /healthz` and `GET /readyz`, on the loopback listener.

use axum::extract::State;

use crate::problem::Refusal;
use crate::router::Gateway;

/// The process runs and answers.
pub async fn alive() -> &'static str {
    "ok\n"
}

/// The store answers as well.
///
/// # Errors
/// [`Refusal::Unavailable`] when it does not.
pub async fn ready(State(gateway): State<Gateway>) -> Result<&'static str, Refusal> {
    match gateway.custody.list(None).await {
        Ok(_) => Ok("ready\n"),
        Err(error) => {
            tracing::error!(%error, "the store does not answer");
            Err(Refusal::Unavailable)
        }
    }
}
