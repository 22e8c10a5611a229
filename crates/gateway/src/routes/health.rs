//! `GET /healthz`, `GET /readyz` and `GET /metrics`, on the loopback listener.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header::{self, HeaderValue};

use crate::metrics;
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
    match gateway.custody.ask_store().await {
        Ok(()) => Ok("ready\n"),
        Err(error) => {
            tracing::error!(%error, "the store does not answer");
            Err(Refusal::Unavailable)
        }
    }
}

/// What is counted, for a collector such as Prometheus.
///
/// # Errors
/// [`Refusal::Internal`] when it cannot be written down.
pub async fn metrics(State(gateway): State<Gateway>) -> Result<Response, Refusal> {
    match gateway.custody.last_tests().await {
        Ok(tests) => gateway.metrics.set_last_tests(&tests),
        Err(error) => tracing::error!(%error, "the store does not answer"),
    }
    let keys = gateway.custody.keys_in_use_since();
    let text = gateway.metrics.text(&gateway.certificate.now(), &keys);
    let text = text.map_err(|_| Refusal::Internal)?;
    let media_type = [(
        header::CONTENT_TYPE,
        HeaderValue::from_static(metrics::MEDIA_TYPE),
    )];
    Ok((media_type, text).into_response())
}
