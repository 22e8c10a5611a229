//! Structured logs: one JSON object per line on standard error. Tickets, `Authorization`, envelopes and secrets never reach a
//! log call; a path is logged as its route's pattern, because people paste tickets into the strangest places.

use std::fmt;
use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use envelope::protocol::REQUEST_URN;
use tracing_subscriber::EnvFilter;

use crate::problem::{self, Refusal};
use crate::server::RemoteAddress;

/// Names one request in the log and in problem documents: 16 random hexadecimal digits. It is not sent as a header, so that
/// the answers to rejected envelopes are the same in every byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestId(String);

impl RequestId {
    pub(crate) fn new() -> Self {
        let mut bytes = [0; 8];
        // Without randomness nothing else works either; a request must not fail for want of a name.
        let _ = aws_lc_rs::rand::fill(&mut bytes);
        Self(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// As the `instance` of a problem document (RFC 9457 §3.1.5).
    #[must_use]
    pub fn urn(&self) -> String {
        format!("{REQUEST_URN}{self}")
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Starts logging. `RUST_LOG` chooses what is logged; without it: our own `info`, `warn` of everything else.
pub fn start() {
    let filter =
        EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn,gateway=info"));
    let subscriber = tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_env_filter(filter)
        // It would print its own trouble to standard error, which panics where that is what does not work: with a log on a full disk the
        // writer's thread would end.
        .log_internal_errors(false)
        .with_writer(std::io::stderr);
    // A second start in one process (tests) keeps the first.
    let _ = subscriber.try_init();
}

/// The middleware around everything else: names the request, writes the problem document if it was refused, logs it.
pub async fn observe(request: Request, next: Next) -> Response {
    let began = Instant::now();
    let id = RequestId::new();
    let method = request.method().clone();
    let remote = request
        .extensions()
        .get::<RemoteAddress>()
        .map(|remote| remote.0.ip());
    let route = request.extensions().get::<MatchedPath>().cloned();

    let response = problem::write(next.run(request).await, &id);

    tracing::info!(
        request = %id,
        method = %method,
        route = route.as_ref().map_or("none", MatchedPath::as_str),
        remote = remote.map(tracing::field::display),
        status = response.status().as_u16(),
        code = response.extensions().get::<Refusal>().map(Refusal::code),
        milliseconds = began.elapsed().as_millis() as u64,
        "answered"
    );
    response
}
