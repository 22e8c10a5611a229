//! Names in a path are refused by the rule that they break, and nothing beside the path is ever touched.

use axum::body::Body;
use http::{Method, header};

use crate::scratch::{ScratchGateway, request, set_request};

#[tokio::test]
async fn a_name_is_refused_by_its_rule() {
    let gateway = ScratchGateway::new().await;
    let long = "a".repeat(201);
    for (segment, rule) in [
        ("a%2Fb", "path separator"),
        ("a%5Cb", "path separator"),
        ("..%2f..%2fstore.sqlite", "path separator"),
        ("%2E%2E", ".."),
        ("a%00b", "control"),
        ("a%0Ab", "control"),
        ("a%7Fb", "control"),
        ("%20a", "space"),
        ("a%E2%80%AEb", "direction"),
        ("a%FFb", "UTF-8"),
        (long.as_str(), "200"),
    ] {
        for (path, field) in [
            (
                format!("/v1/factories/factory/linked-services/{segment}/credential"),
                "linked service",
            ),
            (
                format!("/v1/factories/{segment}/linked-services/ls/credential"),
                "data factory",
            ),
        ] {
            let answer = gateway
                .send(set_request(&path, "no-ticket-is-looked-at", "x"))
                .await;
            answer.assert_problem(400, "invalid_name");
            let detail = answer.json()["detail"].as_str().unwrap().to_owned();
            assert!(detail.contains(rule), "{segment}: {detail}");
            assert!(
                rule == "UTF-8" || detail.contains(field),
                "{segment}: {detail}"
            );
            assert!(!detail.contains(&long), "the value is not repeated");
        }
    }
}

#[tokio::test]
async fn a_name_of_200_characters_in_any_script_is_a_name() {
    let gateway = ScratchGateway::new().await;
    for name in ["a".repeat(200), "%C3%A9".repeat(200)] {
        let path = format!("/v1/factories/factory/linked-services/{name}/credential");
        gateway
            .send(set_request(&path, "x", "x"))
            .await
            .assert_problem(401, "ticket_invalid");
    }
}

#[tokio::test]
async fn an_oversized_target_or_header_is_refused() {
    let gateway = ScratchGateway::new().await;
    let path = format!("/{}", "a".repeat(2048));
    gateway.get(&path).await.assert_problem(414, "too_large");
    let path = format!("/?{}", "a".repeat(2046));
    assert_eq!(gateway.get(&path).await.status, 200);
    let fat = request(Method::GET, "/v1/keys")
        .header(header::COOKIE, "a".repeat(16 * 1024))
        .body(Body::empty())
        .unwrap();
    gateway.send(fat).await.assert_problem(431, "too_large");
}
