//! What a collector is told.

use axum::body::{Body, to_bytes};
use gateway::router::health_router;
use http::{Request, header};
use tower::ServiceExt;

use super::forge;
use crate::scratch::{ScratchGateway, request};

async fn metrics(gateway: &ScratchGateway) -> String {
    let router = health_router(gateway.state.clone());
    let request = Request::get("/metrics").body(Body::empty()).unwrap();
    let answer = router.oneshot(request).await.unwrap();
    assert_eq!(answer.status(), 200);
    let media_type = answer.headers()[header::CONTENT_TYPE].to_str().unwrap();
    assert!(media_type.starts_with("application/openmetrics-text"));
    let body = to_bytes(answer.into_body(), 1 << 16).await.unwrap();
    String::from_utf8(body.to_vec()).unwrap()
}

#[tokio::test]
async fn the_expiry_that_is_told_is_that_of_the_certificate_that_is_shown() {
    let gateway = ScratchGateway::new().await;
    let told = |text: &str| {
        let line = text.lines().find_map(|line| {
            line.strip_prefix("credential_gateway_certificate_expiry_timestamp_seconds ")
        });
        line.unwrap().parse::<u64>().unwrap()
    };
    let text = metrics(&gateway).await;
    assert!(text.ends_with("# EOF\n"), "{text}");
    assert!(text.contains(concat!(
        "credential_gateway_build_info{version=\"",
        env!("CARGO_PKG_VERSION"),
        "\"} 1\n"
    )));
    assert!(!text.contains("gw-test"), "a label identifies the gateway");
    let before = gateway.state.certificate.now().expires_at().0;
    assert_eq!(told(&text), before);

    let (chain, key) = forge::sound();
    let other = forge::pair((&chain, &key));
    let after = other.expires_at().0;
    assert_ne!(before, after);
    gateway.state.certificate.replace(other);
    assert_eq!(told(&metrics(&gateway).await), after);
}

#[tokio::test]
async fn they_are_told_on_the_loopback_listener_alone() {
    let gateway = ScratchGateway::new().await;
    let answer = gateway
        .send(
            request(http::Method::GET, "/metrics")
                .body(Body::empty())
                .unwrap(),
        )
        .await;
    assert_eq!(answer.status, 404);
}
