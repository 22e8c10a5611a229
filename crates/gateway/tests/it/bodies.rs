//! Bodies: none over 16 KiB is read.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::body::{Body, Bytes};
use http::{Method, header};
use hyper::body::Frame;

use crate::scratch::{ScratchGateway, request, set_request};

const PATH: &str = "/v1/factories/factory/linked-services/ls/credential";

/// A body that counts how often it is asked for more, each time giving 1 KiB, and never ends.
struct Endless(Arc<AtomicUsize>);

impl hyper::body::Body for Endless {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        self.0.fetch_add(1, Ordering::Relaxed);
        std::task::Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(&[b'a'; 1024])))))
    }
}

#[tokio::test]
async fn an_announced_oversized_body_is_refused_unread() {
    let gateway = ScratchGateway::new().await;
    let reads = Arc::new(AtomicUsize::new(0));
    for length in ["16385", "1000000", "18446744073709551615"] {
        let claims = gateway.claims("ls");
        let mut request = set_request(
            PATH,
            &gateway.ticket(&claims),
            Body::new(Endless(reads.clone())),
        );
        request
            .headers_mut()
            .insert(header::CONTENT_LENGTH, length.parse().unwrap());
        gateway.send(request).await.assert_problem(413, "too_large");
    }
    assert_eq!(reads.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn a_body_of_unknown_length_is_stopped_at_the_limit() {
    let gateway = ScratchGateway::new().await;
    let reads = Arc::new(AtomicUsize::new(0));
    let claims = gateway.claims("ls");
    let answer = gateway
        .set(&claims, Body::new(Endless(reads.clone())))
        .await;
    answer.assert_problem(413, "too_large");
    assert!(
        reads.load(Ordering::Relaxed) <= 17,
        "read {} KiB",
        reads.load(Ordering::Relaxed)
    );
}

#[tokio::test]
async fn without_a_ticket_no_body_is_read_at_all() {
    let gateway = ScratchGateway::new().await;
    let reads = Arc::new(AtomicUsize::new(0));
    let put = request(Method::PUT, PATH).header(header::CONTENT_TYPE, "application/jose");
    let answer = gateway
        .send(put.body(Body::new(Endless(reads.clone()))).unwrap())
        .await;
    answer.assert_problem(401, "ticket_invalid");
    assert_eq!(answer.headers[header::WWW_AUTHENTICATE], "Bearer");
    assert_eq!(reads.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn an_envelope_has_its_own_media_type() {
    let gateway = ScratchGateway::new().await;
    for media_type in [
        "application/json",
        "text/plain",
        "application/x-www-form-urlencoded",
    ] {
        let claims = gateway.claims("ls");
        let mut request = set_request(PATH, &gateway.ticket(&claims), gateway.envelope(&claims));
        request
            .headers_mut()
            .insert(header::CONTENT_TYPE, media_type.parse().unwrap());
        gateway
            .send(request)
            .await
            .assert_problem(415, "unsupported_media_type");
    }
}
