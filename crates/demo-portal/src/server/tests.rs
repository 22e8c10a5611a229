use axum::body::{Body, to_bytes};
use base64ct::{Base64UrlUnpadded, Encoding};
use envelope::ticket::Ticket;
use http::Method;
use http::header::CONTENT_TYPE;
use serde_json::{Value, json};
use tower::ServiceExt;

use super::*;
use crate::issuer::IssuerFolder;

const ORIGIN_HERE: &str = "http://localhost:8051";
const THUMBPRINT: &str = "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs";

fn portal() -> (Router, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let issuer = IssuerFolder::new(folder.path().join("portal"));
    issuer.init().unwrap();
    let state = PortalState {
        host: "localhost:8051".to_owned(),
        origin: ORIGIN_HERE.to_owned(),
        issuer: issuer.open().unwrap(),
        gateway_words: "six words".to_owned(),
        headers: PageHeaders::new(
            "https://localhost:8050",
            OpenerPolicy::SameOriginAllowPopups,
        )
        .unwrap(),
        settings: PortalSettings {
            gateway: "https://localhost:8050".to_owned(),
            gateway_id: GatewayId::parse("gateway-1").unwrap(),
            factory: DataFactoryName::parse("demo-factory").unwrap(),
            thumbprint: Kid::parse(THUMBPRINT).unwrap(),
            element: "export {}".to_owned(),
            opener_policy: OpenerPolicy::SameOriginAllowPopups,
        },
    };
    (router(Arc::new(state)), folder)
}

fn ticket_request(name: &str) -> http::request::Builder {
    http::Request::builder()
        .method(Method::POST)
        .uri("/api/tickets")
        .header(HOST, name)
        .header(CONTENT_TYPE, "application/json")
}

fn body(linked_service: &str) -> Body {
    Body::from(json!({ "linkedService": linked_service }).to_string())
}

async fn answer(router: Router, request: http::Request<Body>) -> (StatusCode, Value) {
    let response = router.oneshot(request).await.unwrap();
    assert!(response.headers().contains_key("content-security-policy"));
    let status = response.status();
    let bytes = to_bytes(response.into_body(), 64 * 1024).await.unwrap();
    (
        status,
        serde_json::from_slice(&bytes).unwrap_or(Value::Null),
    )
}

#[tokio::test]
async fn the_element_is_the_file_that_was_named() {
    let (router, _folder) = portal();
    let request = http::Request::builder()
        .uri("/credential-setter.js")
        .header(HOST, "localhost:8051")
        .body(Body::empty())
        .unwrap();
    let response = router.oneshot(request).await.unwrap();
    assert_eq!(
        response.headers()[CONTENT_TYPE],
        "text/javascript; charset=utf-8"
    );
    let text = to_bytes(response.into_body(), 1024).await.unwrap();
    assert_eq!(&text[..], b"export {}");
}

#[tokio::test]
async fn the_policy_names_the_gateway_and_nobody_else() {
    for (opener_policy, told) in [
        (
            OpenerPolicy::SameOriginAllowPopups,
            "same-origin-allow-popups",
        ),
        (OpenerPolicy::SameOrigin, "same-origin"),
    ] {
        let mut headers = HeaderMap::new();
        let gateway = "https://gateway.corp.example:8050/";
        PageHeaders::new(gateway, opener_policy)
            .unwrap()
            .set(&mut headers);
        assert_eq!(headers["cross-origin-opener-policy"], told);
        let policy = headers["content-security-policy"].to_str().unwrap();
        let rules: Vec<&str> = policy.split("; ").collect();
        assert!(rules.contains(&"connect-src 'self' https://gateway.corp.example:8050"));
        assert!(rules.contains(&"frame-src https://gateway.corp.example:8050"));
        assert_eq!(policy.matches("https://").count(), 2);
    }
    assert!(PageHeaders::new("https://a\n.example", OpenerPolicy::SameOrigin).is_err());
}

#[tokio::test]
async fn a_ticket_has_the_profile_s_header_and_names_what_was_asked_for() {
    let (router, _folder) = portal();
    let request = ticket_request("localhost:8051")
        .header(ORIGIN, ORIGIN_HERE)
        .header("sec-fetch-site", "same-origin")
        .body(body("SalesSqlServer"))
        .unwrap();
    let (status, value) = answer(router, request).await;
    assert_eq!(status, StatusCode::OK);
    let compact = value["ticket"].as_str().unwrap();
    let header = Base64UrlUnpadded::decode_vec(compact.split('.').next().unwrap()).unwrap();
    let header: Value = serde_json::from_slice(&header).unwrap();
    assert_eq!(
        header,
        json!({ "alg": "EdDSA", "typ": "credential-ticket+jwt" })
    );
    let ticket = Ticket::parse(compact).ok().unwrap();
    let claims = ticket.claims();
    assert_eq!(claims.ls.as_str(), "SalesSqlServer");
    assert_eq!(claims.df.as_str(), "demo-factory");
    assert_eq!(claims.kind.as_deref(), Some("OnPremisesSqlServer"));
    assert_eq!(claims.org.as_deref(), Some(ORIGIN_HERE));
    assert_eq!(claims.thp.as_str(), THUMBPRINT);
    assert_eq!(claims.exp.0 - claims.iat.0, 600);
    assert!(
        claims
            .check(claims.iat, &GatewayId::parse("gateway-1").unwrap())
            .is_ok()
    );
}

#[tokio::test]
async fn a_free_choice_leaves_the_kind_out() {
    let (router, _folder) = portal();
    let request = ticket_request("localhost:8051")
        .header(ORIGIN, ORIGIN_HERE)
        .body(body("AnyDataStore"))
        .unwrap();
    let (status, value) = answer(router, request).await;
    assert_eq!(status, StatusCode::OK);
    let ticket = Ticket::parse(value["ticket"].as_str().unwrap())
        .ok()
        .unwrap();
    assert_eq!(ticket.claims().kind, None);
}

#[tokio::test]
async fn no_ticket_for_another_origin() {
    for (origin, site) in [
        (None, None),
        (Some("http://evil.example"), None),
        (Some("http://localhost:8052"), Some("same-site")),
        (Some("null"), Some("cross-site")),
        (Some(ORIGIN_HERE), Some("cross-site")),
    ] {
        let (router, _folder) = portal();
        let mut request = ticket_request("localhost:8051");
        if let Some(origin) = origin {
            request = request.header(ORIGIN, origin);
        }
        if let Some(site) = site {
            request = request.header("sec-fetch-site", site);
        }
        let (status, value) = answer(router, request.body(body("SalesSqlServer")).unwrap()).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{origin:?} {site:?}");
        assert_eq!(value["status"], 403);
    }
}

#[tokio::test]
async fn no_ticket_for_a_linked_service_the_demo_does_not_have() {
    let (router, _folder) = portal();
    let request = ticket_request("localhost:8051")
        .header(ORIGIN, ORIGIN_HERE)
        .body(body("payroll"))
        .unwrap();
    assert_eq!(answer(router, request).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn nothing_under_a_foreign_name() {
    let (router, _folder) = portal();
    let request = ticket_request("rebound.example")
        .header(ORIGIN, ORIGIN_HERE)
        .body(body("SalesSqlServer"))
        .unwrap();
    assert_eq!(
        answer(router, request).await.0,
        StatusCode::MISDIRECTED_REQUEST
    );
}

#[tokio::test]
async fn a_large_body_is_refused() {
    let (router, _folder) = portal();
    let request = ticket_request("localhost:8051")
        .header(ORIGIN, ORIGIN_HERE)
        .body(body(&"x".repeat(2000)))
        .unwrap();
    assert_eq!(
        answer(router, request).await.0,
        StatusCode::PAYLOAD_TOO_LARGE
    );
}

#[test]
fn a_second_init_keeps_the_key() {
    let folder = tempfile::tempdir().unwrap();
    let issuer = IssuerFolder::new(folder.path().to_path_buf());
    issuer.init().unwrap();
    let before = std::fs::read(issuer.public_key_path()).unwrap();
    issuer.init().unwrap();
    assert_eq!(before, std::fs::read(issuer.public_key_path()).unwrap());
}
