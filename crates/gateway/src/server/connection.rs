//! One connection, from its first request to its end.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;

use axum::Router;
use hyper::body::{Body as _, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::watch;
use tower::ServiceExt;

use super::RemoteAddress;
use super::activity::Activity;
use super::lingering::{Lingering, Unread};
use crate::admission::MAX_HEADER_BYTES;
use crate::config::Limits;

/// What hyper reads of a header before it gives up with a bare 431. Above our own limit, so that whatever is not absurd gets
/// our answer, with a reason. In bytes.
const HYPER_HEADER_BYTES: usize = 2 * MAX_HEADER_BYTES;
/// How long a connection that was told to end may take to say goodbye.
const GOODBYE: Duration = Duration::from_secs(1);
/// Requests that one HTTP/2 connection may have open at the same time.
const HTTP2_STREAMS: u32 = 32;

/// Serves requests until the client closes, a limit is passed, or `stop` turns true and the running requests are done.
pub(super) async fn serve<S>(
    stream: S,
    http2: bool,
    address: SocketAddr,
    router: Router,
    limits: &Limits,
    mut stop: watch::Receiver<bool>,
) where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let activity = Activity::new();
    let unread = Unread::default();
    let service = {
        let (activity, unread) = (activity.clone(), unread.clone());
        service_fn(move |mut request: hyper::Request<Incoming>| {
            let running = activity.begin();
            let (has_body, unread) = (!request.body().is_end_stream(), unread.clone());
            request.extensions_mut().insert(RemoteAddress(address));
            let answer = router.clone().oneshot(request);
            async move {
                let answer: Result<axum::response::Response, Infallible> = answer.await;
                let refused = |answer: &axum::response::Response| !answer.status().is_success();
                unread.set(has_body && answer.as_ref().is_ok_and(refused));
                drop(running);
                answer
            }
        })
    };
    let builder = builder(http2, limits);
    let mut connection =
        pin!(builder.serve_connection(TokioIo::new(Lingering::new(stream, unread)), service));

    let mut stopping = false;
    while let Ok(deadline) = activity.deadline(limits) {
        tokio::select! {
            ended = connection.as_mut() => {
                if let Err(error) = ended {
                    tracing::debug!(remote = %address.ip(), %error, "connection ended");
                }
                return;
            }
            () = tokio::time::sleep_until(deadline) => {}
            () = activity.fell_quiet() => {}
            () = super::stopped(&mut stop), if !stopping => {
                stopping = true;
                connection.as_mut().graceful_shutdown();
            }
        }
    }
    connection.as_mut().graceful_shutdown();
    let _ = tokio::time::timeout(GOODBYE, connection).await;
}

/// ALPN has decided which protocol it is; there is no guessing by the first bytes.
fn builder(http2: bool, limits: &Limits) -> auto::Builder<TokioExecutor> {
    let builder = auto::Builder::new(TokioExecutor::new());
    let mut builder = if http2 {
        builder.http2_only()
    } else {
        builder.http1_only()
    };
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.header)
        .max_buf_size(HYPER_HEADER_BYTES);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(HTTP2_STREAMS)
        .max_header_list_size(HYPER_HEADER_BYTES as u32)
        .initial_stream_window_size(64 * 1024)
        .initial_connection_window_size(256 * 1024);
    builder
}
