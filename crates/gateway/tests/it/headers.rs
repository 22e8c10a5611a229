//! Every answer carries its security headers, whoever wrote it.

use axum::body::Body;
use gateway::headers::{API_CSP, PAGE_CSP};
use http::{Method, header};

use crate::scratch::{Answer, ScratchGateway, request};

/// Checked word for word against what the page was tried with.
const EXPECTED_PAGE_CSP: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'";

#[track_caller]
fn assert_common(path: &str, answer: &Answer) {
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-resource-policy", "same-origin"),
        ("x-frame-options", "DENY"),
    ] {
        assert_eq!(
            answer
                .headers
                .get(name)
                .map(|value| value.to_str().unwrap()),
            Some(value),
            "{name} of {path}"
        );
    }
    assert!(
        answer.headers["permissions-policy"]
            .to_str()
            .unwrap()
            .contains("camera=()"),
        "{path}"
    );
    assert!(!answer.headers.contains_key(header::SET_COOKIE), "{path}");
    assert!(
        !answer
            .headers
            .contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN),
        "{path}"
    );
    assert!(!answer.headers.contains_key(header::SERVER), "{path}");
}

#[tokio::test]
async fn answers_of_the_api_are_never_stored() {
    let gateway = ScratchGateway::new().await;
    let claims = gateway.claims("ls");
    let mut answers = vec![
        (
            "set",
            gateway.set(&claims, gateway.envelope(&claims)).await,
            201,
        ),
        (
            "rejected",
            gateway.set(&gateway.claims("ls"), "x").await,
            400,
        ),
    ];
    for (path, status) in [
        ("/.well-known/credential-gateway", 200),
        ("/v1/keys", 200),
        ("/v1/factories/factory/linked-services", 401),
        ("/v1/factories/factory/linked-services/ls", 401),
        ("/v1/factories/factory/linked-services/ls/credential", 405),
        ("/nowhere", 404),
        ("/index.html", 404),
    ] {
        answers.push((path, gateway.get(path).await, status));
    }
    for (path, answer, status) in answers {
        assert_eq!(answer.status, status, "{path}");
        assert_common(path, &answer);
        assert_eq!(answer.headers[header::CACHE_CONTROL], "no-store", "{path}");
        assert_eq!(
            answer.headers[header::CONTENT_SECURITY_POLICY],
            API_CSP,
            "{path}"
        );
    }
}

#[tokio::test]
async fn the_page_may_run_its_own_webassembly_and_nothing_else() {
    let gateway = ScratchGateway::new().await;
    assert_eq!(PAGE_CSP, EXPECTED_PAGE_CSP);
    for (path, media_type, cache, coop) in [
        (
            "/",
            "text/html; charset=utf-8",
            "no-cache",
            Some("same-origin"),
        ),
        ("/set", "text/html; charset=utf-8", "no-cache", None),
        (
            "/boot-0123456789abcdef.js",
            "text/javascript; charset=utf-8",
            "public, max-age=31536000, immutable",
            None,
        ),
        (
            "/setter-0123456789abcdef_bg.wasm",
            "application/wasm",
            "public, max-age=31536000, immutable",
            None,
        ),
    ] {
        let answer = gateway.get(path).await;
        assert_eq!(answer.status, 200, "{path}");
        assert_common(path, &answer);
        assert_eq!(
            answer.headers[header::CONTENT_SECURITY_POLICY],
            EXPECTED_PAGE_CSP,
            "{path}"
        );
        assert_eq!(answer.headers[header::CONTENT_TYPE], media_type, "{path}");
        assert_eq!(answer.headers[header::CACHE_CONTROL], cache, "{path}");
        assert_eq!(
            answer
                .headers
                .get("cross-origin-opener-policy")
                .map(|value| value.to_str().unwrap()),
            coop,
            "{path}"
        );
    }
}

#[tokio::test]
async fn the_precompressed_file_is_negotiated() {
    let gateway = ScratchGateway::new().await;
    for (accept, encoding, body) in [
        ("gzip, br", Some("br"), "brotli"),
        ("gzip", Some("gzip"), "gzip"),
        ("identity", None, "start()"),
    ] {
        let get = request(Method::GET, "/boot-0123456789abcdef.js")
            .header(header::ACCEPT_ENCODING, accept);
        let answer = gateway.send(get.body(Body::empty()).unwrap()).await;
        assert_eq!(
            answer
                .headers
                .get(header::CONTENT_ENCODING)
                .map(|value| value.to_str().unwrap()),
            encoding
        );
        assert_eq!(answer.body, body);
        assert_eq!(answer.headers[header::VARY], "accept-encoding");
    }
}

#[tokio::test]
async fn wrong_methods_name_the_right_ones() {
    let gateway = ScratchGateway::new().await;
    for (method, path, allowed) in [
        (Method::POST, "/v1/keys", Some("GET,HEAD")),
        (
            Method::GET,
            "/v1/factories/f/linked-services/l/credential",
            Some("PUT,DELETE"),
        ),
        (Method::DELETE, "/", Some("GET,HEAD")),
        (Method::POST, "/boot-0123456789abcdef.js", None),
    ] {
        let answer = gateway
            .send(request(method, path).body(Body::empty()).unwrap())
            .await;
        answer.assert_problem(405, "method_not_allowed");
        assert_eq!(
            answer
                .headers
                .get(header::ALLOW)
                .map(|value| value.to_str().unwrap()),
            allowed,
            "{path}"
        );
    }
}

#[tokio::test]
async fn the_key_document_is_what_envelopes_are_sealed_for() {
    let gateway = ScratchGateway::new().await;
    let keys = gateway.get("/v1/keys").await;
    assert_eq!(
        keys.headers[header::CONTENT_TYPE],
        "application/jwk-set+json"
    );
    let keys = envelope::JwkSet::parse(&keys.body).unwrap();
    assert!(keys.select(&gateway.custody.active_kid()).is_ok());

    let description: envelope::protocol::GatewayDescription =
        serde_json::from_slice(&gateway.get("/.well-known/credential-gateway").await.body).unwrap();
    assert_eq!(description.id, *gateway.custody.gateway_id());
    assert_eq!(
        description.identity.thumbprint(),
        *gateway.custody.identity().kid()
    );
    assert_eq!(
        description.fingerprint,
        gateway.custody.identity().kid().to_string()
    );
    let words = envelope::fingerprint::words(
        gateway.custody.identity().kid(),
        envelope::fingerprint::WORD_LIST,
    );
    assert_eq!(Some(description.fingerprint_words), words);
    assert_eq!(
        description.certificate_sha256,
        gateway
            .state
            .certificate
            .now()
            .fingerprint()
            .certificate_sha256
    );
    assert_eq!(description.name, "Test gateway");
    assert!(
        description
            .kinds
            .iter()
            .any(|kind| kind == "OnPremisesSqlServer")
    );
}

#[tokio::test]
async fn health_is_told_on_a_listener_of_its_own() {
    use tower::ServiceExt;
    let gateway = ScratchGateway::new().await;
    let router = gateway::router::health_router(gateway.state.clone());
    for (path, status) in [
        ("/healthz", 200),
        ("/readyz", 200),
        ("/v1/keys", 404),
        ("/", 404),
    ] {
        // Probes call by address: no name is asked for.
        let probe = http::Request::get(path).body(Body::empty()).unwrap();
        let response = router.clone().oneshot(probe).await.unwrap();
        assert_eq!(response.status(), status, "{path}");
        assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store");
    }
    for path in ["/healthz", "/readyz", "/metrics"] {
        gateway.get(path).await.assert_problem(404, "not_found");
    }
}

#[tokio::test]
async fn whether_it_is_ready_costs_no_look_at_each_row() {
    use tower::ServiceExt;
    let gateway = ScratchGateway::new().await;
    let mut sql = gateway.sql().await;
    sqlx::raw_sql("DROP TABLE credential")
        .execute(&mut sql)
        .await
        .unwrap();
    let router = gateway::router::health_router(gateway.state.clone());
    let probe = http::Request::get("/readyz").body(Body::empty()).unwrap();
    assert_eq!(router.oneshot(probe).await.unwrap().status(), 200);
}
