//! Who may call: our own names, our own page, and programs.

use axum::body::Body;
use http::{Method, Request, header};

use crate::scratch::{ScratchGateway, request};

#[tokio::test]
async fn a_request_for_another_host_is_misdirected() {
    let gateway = ScratchGateway::new().await;
    let get = |uri: &str, hosts: &[&str]| {
        let mut request = Request::builder().uri(uri);
        for host in hosts {
            request = request.header(header::HOST, *host);
        }
        gateway.send(request.body(Body::empty()).unwrap())
    };
    for (uri, hosts) in [
        ("/", &["evil.example:8050"] as &[&str]),
        ("/", &["evil.example"]),
        ("/v1/keys", &["localhost"]),
        ("/v1/keys", &["localhost:9999"]),
        ("/v1/keys", &["localhost.evil.example:8050"]),
        ("/v1/keys", &["user@localhost:8050"]),
        ("/v1/keys", &["[::1]:8050"]),
        ("/v1/keys", &[""]),
        ("/v1/keys", &[]),
        ("/v1/keys", &["localhost:8050", "localhost:8050"]),
        ("https://evil.example:8050/v1/keys", &["localhost:8050"]),
        ("https://localhost:8050/v1/keys", &["evil.example:8050"]),
    ] {
        let answer = get(uri, hosts).await;
        answer.assert_problem(421, "misdirected");
        assert!(answer.headers.contains_key(header::CONTENT_SECURITY_POLICY));
    }
    for (uri, hosts) in [
        ("/v1/keys", &["localhost:8050"] as &[&str]),
        ("/v1/keys", &["LOCALHOST:8050"]),
        ("/v1/keys", &["127.0.0.1:8050"]),
        // HTTP/2 has the name in the target.
        ("https://localhost:8050/v1/keys", &[]),
        ("https://localhost:8050/v1/keys", &["localhost:8050"]),
    ] {
        assert_eq!(get(uri, hosts).await.status, 200, "{uri} {hosts:?}");
    }
}

#[tokio::test]
async fn only_our_own_page_and_programs_may_write() {
    let gateway = ScratchGateway::new().await;
    let path = "/v1/factories/factory/linked-services/ls/credential";
    for method in [Method::PUT, Method::DELETE] {
        for (name, value, refused) in [
            ("sec-fetch-site", "cross-site", true),
            ("sec-fetch-site", "same-site", true),
            ("sec-fetch-site", "none", true),
            ("sec-fetch-site", "same-origin", false),
            ("origin", "https://evil.example", true),
            ("origin", "null", true),
            ("origin", "http://localhost:8050", true),
            ("origin", "https://localhost:8050", false),
            ("x-nothing", "", false),
        ] {
            let answer = gateway
                .send(
                    request(method.clone(), path)
                        .header(name, value)
                        .body(Body::empty())
                        .unwrap(),
                )
                .await;
            if refused {
                answer.assert_problem(403, "cross_site");
            } else {
                answer.assert_problem(401, "ticket_invalid");
            }
        }
    }
    let get = request(Method::GET, "/").header("sec-fetch-site", "cross-site");
    assert_eq!(
        gateway.send(get.body(Body::empty()).unwrap()).await.status,
        200,
        "a link from a portal opens the page"
    );
}
